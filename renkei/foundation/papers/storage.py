"""Where the sealed bytes lie: a private storage without addresses."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

ALIAS: Final = "papers"


def papers_storage() -> Storage:
    """The storage of this installation (``settings.STORAGES``)."""
    return storages[ALIAS]


def write_bytes(name: str, content: bytes) -> str:
    """Write, and on a disk wait until it is there: the row that names it is committed later.

    Returns: the name it got.
    """
    storage = papers_storage()
    saved = storage.save(name, ContentFile(content))
    if not isinstance(storage, FileSystemStorage):
        # An object store answers when it has the object.
        return saved
    path = storage.path(saved)
    for each in (path, str(Path(path).parent)):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return saved


def read_bytes(name: str) -> bytes:
    """The sealed bytes."""
    with papers_storage().open(name) as file:
        return bytes(file.read())
