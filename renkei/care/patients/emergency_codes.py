"""The card's code and PIN: random, kept as hashes, compared in constant time."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache
from typing import Final

from django.contrib.auth.hashers import check_password, make_password

from renkei.foundation.accounts.codes import code_hash_of, new_code

PIN_LENGTH: Final = 6
_NOT_DIGITS = re.compile(r"[^0-9]")

__all__ = ["code_hash_of", "new_code", "new_pin", "pin_hash_of", "pin_is_right"]


def new_pin() -> str:
    """Six digits."""
    return "".join(secrets.choice("0123456789") for _ in range(PIN_LENGTH))


def pin_hash_of(pin: str) -> str:
    """A salted hash (argon2id in production)."""
    return make_password(_digits(pin))


def pin_is_right(pin: str, pin_hash: str | None) -> bool:
    """Compare; without a card as slow as with one, so that time tells nothing about codes."""
    right = check_password(_digits(pin), pin_hash or _nobodys_hash())
    return right and pin_hash is not None


@cache
def _nobodys_hash() -> str:
    return make_password(secrets.token_hex(16))


def _digits(pin: str) -> str:
    return _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", pin))
