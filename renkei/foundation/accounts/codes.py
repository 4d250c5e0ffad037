"""The codes of invitations: read off paper, typed by hand, kept only as a hash."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

# Without 0, O, 1, I: the code is read off paper and typed. 16 of 32 signs are 80 bits.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 16
GROUP = 4


def new_code() -> str:
    """A fresh code in groups of four: ``7KQM-2XWP-…``."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(signs[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def code_hash_of(code: str) -> str:
    """Hash of a typed code: width, case, spaces and hyphens do not matter."""
    plain = unicodedata.normalize("NFKC", code).upper()
    signs = "".join(sign for sign in plain if sign.isalnum())
    return hashlib.sha256(signs.encode()).hexdigest()
