"""Receipt numbers: read out on the phone, so digits in threes with a check digit."""

from __future__ import annotations

import re
import secrets
import unicodedata

from renkei.foundation.common.codes import mod10_check_digit

LENGTH = 9


def new_receipt_number() -> str:
    """Nine random digits, the last one checks the others: ``123-456-782``."""
    body = "".join(secrets.choice("0123456789") for _ in range(LENGTH - 1))
    return _grouped(body + mod10_check_digit(body))


def parse_receipt_number(text: str) -> str | None:
    """The number as it is stored; None when it cannot be one (a digit was misheard)."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    if len(digits) != LENGTH or mod10_check_digit(digits[:-1]) != digits[-1]:
        return None
    return _grouped(digits)


def _grouped(digits: str) -> str:
    return "-".join(digits[at : at + 3] for at in range(0, LENGTH, 3))
