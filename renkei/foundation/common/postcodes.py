"""Postcodes: one field, seven digits stored, 123-4567 shown."""

from __future__ import annotations

import re
import unicodedata

from django.core.exceptions import ValidationError

_POSTCODE = re.compile(r"〒?\s*([0-9]{3})\s*[-‐‑‒–—―−ー─]?\s*([0-9]{4})")


def read_postcode(text: str) -> str:
    """The seven digits of 1234567, 123-4567 or 〒１２３－４５６７; "" where there are none."""
    match = _POSTCODE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return match[1] + match[2] if match else ""


def repair_postcode(text: str) -> str:
    """As ``read_postcode``, and with the zero a spreadsheet took (600042 → 0600042).

    For imports, which report the repair; a person is asked instead.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix(".0")
    return read_postcode(f"0{plain}" if re.fullmatch(r"[0-9]{6}", plain) else plain)


def require_postcode(text: str) -> str:
    """The seven digits of a postcode typed into a form.

    Raises:
        ValidationError: not a postcode.
    """
    digits = read_postcode(text)
    if not digits:
        raise ValidationError(
            "郵便番号は7桁の数字で「123-4567」のように入力してください。", code="postcode"
        )
    return digits


def format_postcode(digits: str) -> str:
    """123-4567; what is not seven digits stays as it is."""
    return f"{digits[:3]}-{digits[3:]}" if re.fullmatch(r"[0-9]{7}", digits) else digits
