"""The numbers of tickets: ten digits and two that check them, easy to read out and to type.

Two check digits find every wrong digit, every swap of neighbours and 99 % of the rest: a typing
error becomes "no such number", never another person's paper.
Source: ISO/IEC 7064, MOD 97-10.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError

LENGTH: Final = 12
_BODY: Final = 10
_GROUP: Final = 4
_MODULUS: Final = 97
_QR: Final = re.compile(r"RENKEI1:([0-9]{12}):([0-9]{1,4})/([0-9]{1,4})")
_BETWEEN: Final = re.compile(r"[\s\-‐‑–—―ー−.・]+")


@dataclass(frozen=True, order=True)
class TicketPage:
    """What one sheet says of itself."""

    code: str
    page: int
    pages: int


def new_number() -> str:
    """A fresh number; ten digits of chance."""
    body = "".join(secrets.choice("0123456789") for _ in range(_BODY))
    return body + check_digits(body)


def check_digits(body: str) -> str:
    """The two digits behind a body of ten."""
    return f"{_MODULUS + 1 - int(body) * 100 % _MODULUS:02}"


def is_number(code: str) -> bool:
    """Twelve digits that fit together."""
    return bool(re.fullmatch(r"[0-9]{12}", code)) and code[_BODY:] == check_digits(code[:_BODY])


def readable(code: str) -> str:
    """In groups, as it is printed: 1234-5678-9012."""
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def typed_number(text: str) -> str:
    """The number as stored, from what a person typed.

    Raises:
        ValidationError: not twelve digits, or the check digits do not fit.
    """
    code = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"[0-9]{12}", code):
        raise ValidationError("受付番号は、紙に印刷された12桁の数字を入力してください。")
    if not is_number(code):
        raise ValidationError(
            "受付番号の数字が合いません。打ち間違いがないか、紙の番号と見比べて入力し直してください。"
        )
    return code


def qr_text(code: str, page: int, pages: int) -> str:
    """What the QR code of one sheet holds."""
    return f"RENKEI1:{code}:{page}/{pages}"


def read_qr(text: str) -> TicketPage | None:
    """The sheet a QR code names; None for every other QR code of the world."""
    found = _QR.fullmatch(text.strip())
    if found is None or not is_number(found[1]):
        return None
    sheet = TicketPage(found[1], int(found[2]), int(found[3]))
    return sheet if 1 <= sheet.page <= sheet.pages else None
