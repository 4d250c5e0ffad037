"""What text may hold: no private-use or control characters; lengths as people count them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from django.core.exceptions import ValidationError

_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff"
_PRIVATE_USE = "\ue000-\uf8ff\U000f0000-\U0010ffff"
_UNSTORABLE = re.compile(f"[{_CONTROL}{_PRIVATE_USE}\ud800-\udfff]")
_UNSTORABLE_IN_A_LINE = re.compile(f"[{_CONTROL}{_PRIVATE_USE}\ud800-\udfff\t\r\n]")
_IS_PRIVATE_USE = re.compile(f"[{_PRIVATE_USE}]")


def text_problem(text: str, *, multiline: bool = False) -> str:
    """The sentence that says which character cannot be kept, where, and what to do; "" if none.

    Private-use characters (外字) look different on every machine; NUL cannot be stored at all,
    and other control characters hide what a reader should see.
    """
    match = (_UNSTORABLE if multiline else _UNSTORABLE_IN_A_LINE).search(text)
    if not match:
        return ""
    before = text[: match.start()]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    place = f"{line}行目の{column}文字目" if multiline and "\n" in text else f"{column}文字目"
    code = f"U+{ord(match[0]):04X}"
    if _IS_PRIVATE_USE.match(match[0]):
        return f"{place}に外字（{code}）があります。標準の文字に置き換えて入力してください。"
    if match[0] in "\t\r\n":
        return f"{place}に改行またはタブがあります。1行で入力してください。"
    return f"{place}に使えない文字（{code}）があります。その文字を消して入力してください。"


def require_storable(text: str, *, multiline: bool = False) -> str:
    """The text itself.

    Raises:
        ValidationError: it holds a private-use or control character.
    """
    problem = text_problem(text, multiline=multiline)
    if problem:
        raise ValidationError(problem, code="unstorable")
    return text


_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)


def grapheme_length(text: str) -> int:
    """Length as a person counts: 葛󠄀 (with a variation selector) is one, か゛ composed is one.

    Source: UAX #29 extended grapheme clusters, as far as Japanese text and emoji need it.
    """
    count, joined, flag_open = 0, False, False
    for character in text.replace("\r\n", "\n"):
        code = ord(character)
        if (
            unicodedata.category(character) in {"Mn", "Me", "Mc"}
            or character == _JOINER
            or code in _SKIN_TONES
        ):
            count = count or 1
            joined = character == _JOINER
            continue
        closes_flag = code in _FLAG_LETTERS and flag_open
        count += not (joined or closes_flag)
        flag_open = code in _FLAG_LETTERS and not closes_flag
        joined = False
    return count


def with_unit(value: Decimal | int, unit: str = "") -> str:
    """42.6 kg, 1,250 mL, 95 %, 3/10, 8割: no zeros behind, a space before letters and signs.

    Source: ui.md §4 (half-width numbers, thousands comma); units of letters stand apart as in the
    International System of Units, Japanese ones and 「/10」 do not.
    """
    text = f"{value:,}"
    if "." in text:
        text = text.rstrip("0").removesuffix(".")
    apart = bool(unit) and ((unit[0].isascii() and unit[0] != "/") or unit[0] == "℃")
    return f"{text}{' ' if apart else ''}{unit}"
