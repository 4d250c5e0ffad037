"""Identifiers of municipalities, insurers, institutions, offices and corporations.

Every check answers with a ``CodeResult``: imports warn where it is not ``valid``; what a person
types is refused through ``require``, with the likely right code in the sentence.

Source: domain/interop.md §5 (rules and test vectors verified there on 97,024 institutions).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from renkei.foundation.common.prefectures import is_prefecture_code


@dataclass(frozen=True, slots=True)
class CodeResult:
    """What was read, and whether to believe it.

    ``value`` is the code in its stored form (half-width, completed) or, where it has no such
    form, the text as typed. ``expected`` is the likely right code, "" where none can be guessed.
    ``message`` is for users; "" when valid. ``warning_only``: special numbers exist whose check
    digit fails, so a person may insist.
    """

    value: str
    valid: bool
    expected: str = ""
    message: str = ""
    warning_only: bool = False


def require(result: CodeResult) -> str:
    """The stored form of a code typed by hand.

    Raises:
        ValidationError: with the sentence that offers the likely right code.
    """
    if result.valid or result.warning_only:
        return result.value
    raise ValidationError(result.message, code="code")


_SEPARATORS = re.compile(r"[\s\-‐‑–—―ー−]+")


def _plain(text: str) -> str:
    """Half-width capitals without spaces and hyphens."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def repair_leading_zero(text: str, length: int) -> str:
    """Give back the zeros a spreadsheet took from the front of a code (92011 → 092011).

    Also drops the ".0" of a number read as a decimal. Texts that are not shorter digits stay as
    they are; the caller reports the repair when the result differs.
    """
    digits = re.fullmatch(r"([0-9]+)(?:\.0+)?", _plain(text))
    return digits[1].zfill(length) if digits and len(digits[1]) <= length else text


# Check digits -----------------------------------------------------------------------------


_PLAIN = {str(digit): digit for digit in range(10)}
_DOUBLED = {str(digit): sum(divmod(2 * digit, 10)) for digit in range(10)}


def mod10_check_digit(body: str) -> str:
    """Weights 2, 1 from the right, digit sums. Source: domain/interop.md §5 (JIS X 6301 = Luhn)."""
    doubled = sum([_DOUBLED[digit] for digit in body[::-2]])
    return str(-(doubled + sum([_PLAIN[digit] for digit in body[-2::-2]])) % 10)


def municipality_check_digit(body: str) -> str:
    """Of the five digits. Source: 総務省「全国地方公共団体コード仕様」, 検査数字."""
    total = sum(int(digit) * weight for digit, weight in zip(body, (6, 5, 4, 3, 2), strict=True))
    return str((11 - total % 11) % 10)


def corporate_check_digit(body: str) -> str:
    """Of the twelve digits behind it. Source: 法人番号の指定等に関する省令 第2条 (9 − Σ mod 9)."""
    weighted = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(body)))
    return str(9 - sum(weighted) % 9)


# Shared shape of the checks ----------------------------------------------------------------


def _wrong_shape(text: str, label: str, wanted: str) -> CodeResult:
    return CodeResult(text, valid=False, message=f"{label}は{wanted}で入力してください。")


def _wrong_digit(
    value: str, expected: str, label: str, *, warning_only: bool = False
) -> CodeResult:
    message = (
        f"{label}「{value}」は検査数字が合いません。{expected}の誤りではありませんか。"
        "番号を確かめて入力してください。"
    )
    return CodeResult(
        value, valid=False, expected=expected, message=message, warning_only=warning_only
    )


def _wrong_prefecture(value: str, label: str) -> CodeResult:
    message = f"{label}の先頭2桁は都道府県番号（01〜47）で入力してください。"
    return CodeResult(value, valid=False, message=message)


def _check_last_digit(
    value: str, label: str, check_digit: Callable[[str], str] = mod10_check_digit
) -> CodeResult:
    expected = value[:-1] + check_digit(value[:-1])
    return (
        CodeResult(value, valid=True) if value == expected else _wrong_digit(value, expected, label)
    )


# The codes ---------------------------------------------------------------------------------


def check_municipality_code(text: str, *, allow_fictional: bool = False) -> CodeResult:
    """全国地方公共団体コード: six digits; five are completed, a lost leading zero is repaired."""
    label, value = "市区町村コード", _plain(text)
    if re.fullmatch(r"[0-9]{4,5}", value):
        value = _completed_municipality_code(value, allow_fictional=allow_fictional)
    if not re.fullmatch(r"[0-9]{6}", value):
        return _wrong_shape(text, label, "6桁（検査数字を除くときは5桁）の数字")
    if not is_prefecture_code(value[:2], allow_fictional=allow_fictional):
        return _wrong_prefecture(value, label)
    return _check_last_digit(value, label, municipality_check_digit)


def _completed_municipality_code(value: str, *, allow_fictional: bool) -> str:
    # Five digits may also be six that lost their zero: only where the prefecture cannot be right.
    if len(value) == len("92011") and not is_prefecture_code(
        value[:2], allow_fictional=allow_fictional
    ):
        return f"0{value}"
    body = value.zfill(5)
    return body + municipality_check_digit(body)


def check_insurer_number(text: str, *, allow_fictional: bool = False) -> CodeResult:
    """介護保険者番号: six digits, not the municipality code (its check digit differs)."""
    label, value = "保険者番号", repair_leading_zero(_plain(text), 6)
    if not re.fullmatch(r"[0-9]{6}", value):
        return _wrong_shape(text, label, "6桁の数字")
    if not is_prefecture_code(value[:2], allow_fictional=allow_fictional):
        return _wrong_prefecture(value, label)
    return _check_last_digit(value, label)


def check_health_insurer_number(text: str) -> CodeResult:
    """医療保険者番号: eight digits, or six of a 国民健康保険."""
    label, value = "医療保険の保険者番号", _plain(text)
    if not re.fullmatch(r"[0-9]{6}|[0-9]{8}", value):
        return _wrong_shape(text, label, "8桁（国民健康保険は6桁）の数字")
    return _check_last_digit(value, label)


# 埼玉, 千葉, 東京, 神奈川 count the check digit over their own six digits, without prefecture and
# 点数表番号. Source: 厚生局「コード内容別医療機関一覧表」2025-08: all codes of the four, no others.
_OWN_DIGITS_ONLY = frozenset({"11", "12", "13", "14"})


def _institution_code_fits(value: str) -> bool:
    return value[9] == mod10_check_digit(value[:9]) or value[9] == mod10_check_digit(value[3:9])


def _likely_institution_code(value: str) -> str:
    start = 3 if value[:2] in _OWN_DIGITS_ONLY else 0
    return value[:9] + mod10_check_digit(value[start:9])


def institution_code(prefecture_code: str, fee_table: str, number: str) -> str:
    """医療機関コード of ten digits from its three parts (01, 1, 0112489 → 0110112489)."""
    return prefecture_code + fee_table + _plain(number).replace(",", "").zfill(7)


def check_institution_code(text: str, *, allow_fictional: bool = False) -> CodeResult:
    """医療機関コード: prefecture 2 + 点数表 1 + number 7, its check digit by either rule."""
    label, value = "医療機関コード", repair_leading_zero(_plain(text), 10)
    if not re.fullmatch(r"[0-9]{10}", value) or len(_plain(text)) < len("110112489"):
        return _wrong_shape(
            text, label, "10桁の数字（都道府県番号2桁、点数表番号1桁、医療機関番号7桁）"
        )
    if not is_prefecture_code(value[:2], allow_fictional=allow_fictional):
        return _wrong_prefecture(value, label)
    if _institution_code_fits(value):
        return CodeResult(value, valid=True)
    return _wrong_digit(value, _likely_institution_code(value), label)


def check_care_office_number(text: str, *, allow_fictional: bool = False) -> CodeResult:
    """介護事業所番号: ten, with a letter in the third place for 介護医療院 and what goes with it.

    A wrong check digit only warns: special numbers exist. Numbers with a letter have none that
    is published.
    """
    label, value = "事業所番号", repair_leading_zero(_plain(text), 10)
    if not re.fullmatch(r"[0-9]{2}[0-9A-Z][0-9]{7}", value) or len(_plain(text)) < len("170101950"):
        return _wrong_shape(text, label, "10桁の英数字（都道府県番号2桁から始まる番号）")
    if not is_prefecture_code(value[:2], allow_fictional=allow_fictional):
        return _wrong_prefecture(value, label)
    if value[2].isalpha() or _institution_code_fits(value):
        return CodeResult(value, valid=True)
    return _wrong_digit(value, _likely_institution_code(value), label, warning_only=True)


def check_corporate_number(text: str) -> CodeResult:
    """法人番号: thirteen digits, the first one checks the twelve behind it."""
    label, value = "法人番号", repair_leading_zero(_plain(text), 1)
    if re.fullmatch(r"[0-9]{12}", value):  # 会社法人等番号, or the check digit was left out
        return CodeResult(
            value,
            valid=False,
            expected=corporate_check_digit(value) + value,
            message=f"法人番号は13桁です。{corporate_check_digit(value) + value}ではありませんか。"
            "番号を確かめて入力してください。",
        )
    if not re.fullmatch(r"[0-9]{13}", value):
        return _wrong_shape(text, label, "13桁の数字")
    expected = corporate_check_digit(value[1:]) + value[1:]
    return (
        CodeResult(value, valid=True) if value == expected else _wrong_digit(value, expected, label)
    )


def check_insured_number(text: str) -> CodeResult:
    """介護保険の被保険者番号: ten digits, or H and nine (生活保護); no common check."""
    value = _plain(text)
    if re.fullmatch(r"[0-9]{10}|H[0-9]{9}", value):
        return CodeResult(value, valid=True)
    return _wrong_shape(text, "被保険者番号", "10桁の数字、またはHと9桁の数字")
