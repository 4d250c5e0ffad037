"""Telephone and FAX numbers: read as people write them, shown as 03-1234-5678."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError

_WELL_FORMED = re.compile(r"0[0-9]{1,4}-[0-9]{1,4}-[0-9]{3,4}")
# Source: 総務省「電気通信番号計画」: ten digits, eleven for mobile, IP and 0800.
_LENGTHS = re.compile(r"0(?:[25-9]0[0-9]{8}|800[0-9]{7}|[0-9]{9})")
_HYPHENS = re.compile(r"\s*[-‐‑‒–—―−ー─⁻₋]+[\s\-‐‑‒–—―−ー─⁻₋]*")
_EXTENSION = re.compile(r"(?:内線(?:番号)?|EXT\.?|内)\s*[:.]?\s*([0-9]{1,6})")
_BRACKETS = re.compile(r"\s*[()]\s*-?\s*")
_CANDIDATE = re.compile(r"(?:\+81[\s-]?)?\(?[0-9][0-9\s()-]{7,16}[0-9]")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as dialled, its extension, and what was typed.

    ``number`` is "" where the text holds no number; the typed text is then what is shown.
    """

    number: str
    extension: str
    typed: str

    def __str__(self) -> str:
        if not self.number:
            return self.typed
        return f"{self.number}（内線{self.extension}）" if self.extension else self.number

    @property
    def digits(self) -> str:
        return self.number.replace("-", "")


def parse_phone(text: str) -> Phone:
    """Read a number in any width and with any hyphens, brackets or words around it.

    Nothing is refused: what cannot be read is kept as typed.
    """
    if _WELL_FORMED.fullmatch(text) and _LENGTHS.fullmatch(text.replace("-", "")):
        return Phone(text, "", text)
    plain = unicodedata.normalize("NFKC", text).upper()
    extension = _EXTENSION.search(plain)
    if extension:
        plain = plain[: extension.start()] + plain[extension.end() :]
    return Phone(_number_in(_HYPHENS.sub("-", plain)), extension[1] if extension else "", text)


def _number_in(plain: str) -> str:
    hyphened = re.sub(r"-{2,}", "-", _BRACKETS.sub("-", plain)).strip("- ・、。./")
    if _WELL_FORMED.fullmatch(hyphened) and _LENGTHS.fullmatch(hyphened.replace("-", "")):
        return hyphened
    candidate = _CANDIDATE.search(plain)
    if not candidate:
        return ""
    try:
        number = phonenumbers.parse(candidate[0], "JP")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def require_phone(text: str) -> str:
    """The number typed into a form, as shown; with its extension.

    Raises:
        ValidationError: no Japanese telephone number in it.
    """
    phone = parse_phone(text)
    if not phone.number:
        raise ValidationError(
            "電話番号は市外局番から「03-1234-5678」のように入力してください。", code="phone"
        )
    return str(phone)


def digits_tail(text: str) -> str:
    """The digits behind the area code (058-245-8171 → 2458171): how neighbours know a number."""
    _, _, tail = parse_phone(text).number.partition("-")
    return tail.replace("-", "")


def query_digits(query: str) -> str:
    """The digits of a query that is (part of) a telephone number, else "".

    At least four digits with nothing but hyphens, brackets and spaces around them.
    """
    plain = _HYPHENS.sub("-", unicodedata.normalize("NFKC", query))
    if not re.fullmatch(r"[0-9\s()+-]+", plain):
        return ""
    digits = re.sub(r"[^0-9]", "", plain)
    return digits if len(digits) >= len("8171") else ""
