"""Uploaded files on disk, for as long as an import needs them and not longer."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

LONGEST_NAME = 200


def upload_folder() -> Path:
    """Where uploads wait. Not served by anything."""
    return Path(settings.VAR) / "uploads"


def keep_uploads(files: Sequence[UploadedFile]) -> list[tuple[str, str]]:
    """Write files to a folder of their own: (path, name as the user knows it) of each.

    The names on disk are numbers: a name from outside never becomes a path.
    """
    folder = upload_folder() / uuid.uuid4().hex
    folder.mkdir(parents=True, mode=0o700)
    kept = []
    for number, file in enumerate(files):
        path = folder / str(number)
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        kept.append((str(path), (file.name or "ファイル")[-LONGEST_NAME:]))
    return kept


def forget_upload(path: str) -> None:
    """Delete the folder of an upload; anything that is no upload is left alone."""
    folder = Path(path).parent
    if folder.parent == upload_folder():
        shutil.rmtree(folder, ignore_errors=True)
