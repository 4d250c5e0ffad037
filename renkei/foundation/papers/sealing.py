"""Envelope encryption: each file has a data key of its own, sealed by the installation's key.

The bytes are cut into chunks, each sealed with AES-256-GCM; its nonce says what is sealed, which
chunk it is and whether it is the last, so no chunk can be moved, dropped or added.
Source: Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption (STREAM), 2015.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

MAGIC: Final = b"RNKF1"
CHUNK: Final = 1024 * 1024
TAG: Final = 16
KEY: Final = 32
NONCE: Final = 12
# What is sealed, seven bytes each: one key seals three things, never with the same nonce.
CONTENT: Final = b"content"
THUMBNAIL: Final = b"picture"
NAME: Final = b"display"


class SealBroken(Exception):  # noqa: N818 - what happened, as the reader of the log says it
    """The bytes are not what was sealed, or no key of the installation fits."""


@dataclass(frozen=True)
class SealedKey:
    """A data key under the installation's key ``key_id``."""

    sealed: bytes
    key_id: str


def new_key() -> bytes:
    """A data key for one file."""
    return secrets.token_bytes(KEY)


def seal_key(data_key: bytes, *, file_uid: bytes) -> SealedKey:
    """Seal a data key for one file; it fits no other."""
    key_id, key = _ring()[0]
    nonce = secrets.token_bytes(NONCE)
    return SealedKey(nonce + AESGCM(key).encrypt(nonce, data_key, file_uid), key_id)


def open_key(sealed: SealedKey, *, file_uid: bytes) -> bytes:
    """The data key.

    Raises:
        SealBroken: another key or another file.
    """
    key = dict(_ring()).get(sealed.key_id)
    if key is None:
        raise SealBroken(f"no FILE_KEY with the id {sealed.key_id}")
    try:
        return AESGCM(key).decrypt(sealed.sealed[:NONCE], sealed.sealed[NONCE:], file_uid)
    except InvalidTag as error:
        raise SealBroken("the data key does not open") from error


def current_key_id() -> str:
    """The id of the key that seals new files."""
    return _ring()[0][0]


def seal(content: bytes, data_key: bytes, *, what: bytes) -> bytes:
    """Sealed bytes, chunk by chunk."""
    cipher = AESGCM(data_key)
    chunks = range(0, max(1, len(content)), CHUNK)
    view = memoryview(content)
    parts = [MAGIC]
    for number, start in enumerate(chunks):
        nonce = _nonce(what, number, last=number == len(chunks) - 1)
        parts.append(cipher.encrypt(nonce, view[start : start + CHUNK], MAGIC))
    return b"".join(parts)


def unseal(sealed: bytes, data_key: bytes, *, what: bytes) -> bytes:
    """What was sealed.

    Raises:
        SealBroken: changed, cut off, lengthened, or sealed with another key.
    """
    return b"".join(_chunks(sealed, AESGCM(data_key), what))


def _chunks(sealed: bytes, cipher: AESGCM, what: bytes) -> Iterator[bytes]:
    if not sealed.startswith(MAGIC):
        raise SealBroken("not one of our files")
    view = memoryview(sealed)[len(MAGIC) :]
    starts = range(0, max(1, len(view)), CHUNK + TAG)
    for number, start in enumerate(starts):
        nonce = _nonce(what, number, last=number == len(starts) - 1)
        try:
            yield cipher.decrypt(nonce, view[start : start + CHUNK + TAG], MAGIC)
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"chunk {number} does not open") from error


def _nonce(what: bytes, number: int, *, last: bool) -> bytes:
    return what + number.to_bytes(4, "big") + (b"\x01" if last else b"\x00")


def _ring() -> tuple[tuple[str, bytes], ...]:
    """(key id, key), the present one first."""
    return _derived((settings.FILE_KEY, *settings.FILE_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _derived(secret_texts: tuple[str, ...]) -> tuple[tuple[str, bytes], ...]:
    return tuple(
        (_hkdf(text, b"renkei file key id", 8).hex(), _hkdf(text, b"renkei file key", KEY))
        for text in secret_texts
    )


def _hkdf(secret: str, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(secret.encode())
