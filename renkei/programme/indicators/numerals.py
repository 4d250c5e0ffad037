"""Numbers as people write them in statistics, and as this house shows them. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from renkei.programme.indicators.models import Absence

_NUMBER: Final = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[-+]?\.\d+")
_TRAILERS: Final = re.compile(r"(?:人|件|回|施設|所|%|円|日|点|部)$")
_MINUS: Final = str.maketrans(dict.fromkeys("−‐‑–—―ー△▲", "-"))
# Signs of official statistics. Source: 総務省統計局「統計表で使用する符号等」.
SIGNS: Final = {
    "": Absence.NOT_RECORDED,
    "-": Absence.NOT_APPLICABLE,
    "…": Absence.UNKNOWN,
    "...": Absence.UNKNOWN,
    "不詳": Absence.UNKNOWN,
    "不明": Absence.UNKNOWN,
    "・": Absence.NOT_APPLICABLE,
    "X": Absence.SUPPRESSED,
    "*": Absence.SUPPRESSED,
    "**": Absence.SUPPRESSED,
    "***": Absence.SUPPRESSED,
    "秘匿": Absence.SUPPRESSED,
    "非公開": Absence.SUPPRESSED,
    "非開示": Absence.NOT_DISCLOSED,
    "無回答": Absence.NOT_ANSWERED,
    "未回答": Absence.NOT_ANSWERED,
    "記録なし": Absence.NOT_RECORDED,
    "N/A": Absence.NOT_APPLICABLE,
    "該当なし": Absence.NOT_APPLICABLE,
}


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as read, or why there is none; ``printed`` keeps the digits the source wrote."""

    value: Decimal | None
    absence: str
    printed: str


def read_numeral(text: str) -> Numeral | None:
    """The number of a cell, or the sign for its absence; None where it is neither."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).translate(_MINUS)
    if plain.upper() in SIGNS:
        return Numeral(None, SIGNS[plain.upper()].value, "")
    bare = _TRAILERS.sub("", plain)
    if not _NUMBER.fullmatch(bare):
        return None
    return Numeral(Decimal(bare.replace(",", "")), "", bare.replace(",", ""))


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half up, as statistics round: 38.25 is 38.3."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def with_commas(text: str) -> str:
    """The same digits with thousands apart: 1234.50 → 1,234.50."""
    whole, point, rest = text.partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-') or 0):,}{point}{rest}"


def spoken(figure: str, unit: str) -> str:
    """A number in a sentence: 人口10万対537回, 38.2%, 12件."""
    what, _, per = unit.partition("/")
    return f"{per}{figure}{what}" if per else f"{figure}{unit}"


def number_text(value: Decimal, decimals: int, printed: str = "") -> str:
    """As the source printed it, else rounded to the definition's digits."""
    return with_commas(printed or f"{rounded(value, decimals):f}")
