"""Keeping, reading and destroying files.

The bytes are written and on disk before their row is committed, so a crash leaves a file without
a row (swept up at night, ``sweeping``), never a row without its file.

The service that calls ``store_file`` records the audit event of its own act; it passes only the
rows it may see to ``read_file``, and logs the reading.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from PIL import ImageOps

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.media_types import PDF
from renkei.foundation.papers import office, pdfs, pictures, sealing, storage
from renkei.foundation.papers.kinds import (
    ENDINGS,
    LABELS,
    MIB,
    OFFICE,
    PICTURES,
    STANDARD_TYPES,
    FileRefused,
    refuse_kind,
    sniff,
)
from renkei.foundation.papers.models import ScanState, StoredFile
from renkei.foundation.papers.viruses import check_for_viruses

__all__ = [
    "STANDARD_TYPES",
    "FileGone",
    "FileRefused",
    "PreparedFile",
    "destroy_file",
    "file_name",
    "keep_file",
    "prepare_file",
    "read_file",
    "read_upload",
    "store_file",
    "thumbnail",
]

MAX_BYTES: Final = 50 * MIB
LONGEST_NAME: Final = 200
TOO_LARGE: Final = (
    f"ファイルが大きすぎます（上限 {MAX_BYTES // MIB}MB）。分けるか、小さくしてください。"
)


class FileGone(Exception):  # noqa: N818 - what happened
    """The file was destroyed."""


@dataclass(frozen=True)
class PreparedFile:
    """A checked, cleaned and sealed file whose bytes lie in the storage, still without a row."""

    uid: UUID
    media_type: str
    size: int
    digest: str
    pages: int
    scan_state: ScanState
    name_sealed: bytes
    storage_name: str
    thumbnail_name: str
    key: sealing.SealedKey


def store_file(
    *,
    actor: Actor,
    content: bytes,
    name: str,
    owner: tuple[str, UUID],
    allow: frozenset[str] = STANDARD_TYPES,
) -> StoredFile:
    """Check, clean, seal and keep a file, inside the caller's transaction if there is one.

    Raises:
        FileRefused: a sentence says why, and what to do.
    """
    return keep_file(
        actor=actor, prepared=prepare_file(content, name=name, allow=allow), owner=owner
    )


def read_upload(upload: UploadedFile) -> bytes:
    """The bytes of an upload; one that is too large is not taken into memory first.

    Raises:
        FileRefused: too large.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise FileRefused(TOO_LARGE)
    return bytes(upload.read())


def prepare_file(
    content: bytes, *, name: str, allow: frozenset[str] = STANDARD_TYPES
) -> PreparedFile:
    """The slow part, without a transaction: large pictures are best prepared before it begins.

    Raises:
        FileRefused: too large, of a wrong kind, broken, infected.
    """
    if len(content) > MAX_BYTES:
        raise FileRefused(TOO_LARGE)
    media_type = sniff(content, name=name)
    if media_type not in allow:
        raise refuse_kind(LABELS[media_type], allow)
    scan_state = check_for_viruses(content)
    content, pages = _cleaned(content, media_type)
    uid, data_key = uuid.uuid4(), sealing.new_key()
    place = f"{uid.hex[:2]}/{uid.hex}"
    small = _thumbnail_of(content, media_type)
    return PreparedFile(
        uid=uid,
        media_type=media_type,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        pages=pages,
        scan_state=scan_state,
        name_sealed=sealing.seal(
            _tidy_name(name, media_type).encode(), data_key, what=sealing.NAME
        ),
        storage_name=storage.write_bytes(
            place, sealing.seal(content, data_key, what=sealing.CONTENT)
        ),
        thumbnail_name=storage.write_bytes(
            f"{place}-small", sealing.seal(small, data_key, what=sealing.THUMBNAIL)
        )
        if small
        else "",
        key=sealing.seal_key(data_key, file_uid=uid.bytes),
    )


@transaction.atomic
def keep_file(*, actor: Actor, prepared: PreparedFile, owner: tuple[str, UUID]) -> StoredFile:
    """The row of a prepared file: from its commit on the file is kept."""
    owner_kind, owner_uid = owner
    return StoredFile.objects.create(
        uid=prepared.uid,
        owner_kind=owner_kind,
        owner_uid=owner_uid,
        media_type=prepared.media_type,
        name_sealed=prepared.name_sealed,
        size=prepared.size,
        digest=prepared.digest,
        storage_name=prepared.storage_name,
        thumbnail_name=prepared.thumbnail_name,
        sealed_key=prepared.key.sealed,
        key_id=prepared.key.key_id,
        pages=prepared.pages,
        scan_state=prepared.scan_state,
        made_at=clock.now(),
        made_by_id=actor.user_id,
    )


def read_file(stored: StoredFile) -> bytes:
    """The bytes; the caller has checked who asks.

    Raises:
        FileGone: it was destroyed.
    """
    key = _data_key(stored)
    return sealing.unseal(storage.read_bytes(stored.storage_name), key, what=sealing.CONTENT)


def thumbnail(stored: StoredFile) -> bytes | None:
    """A small JPEG of the first page; None where the kind has none.

    Raises:
        FileGone: it was destroyed.
    """
    key = _data_key(stored)
    if not stored.thumbnail_name:
        return None
    return sealing.unseal(storage.read_bytes(stored.thumbnail_name), key, what=sealing.THUMBNAIL)


def file_name(stored: StoredFile) -> str:
    """The name as it was given, for the page alone: it may be a person's."""
    if stored.destroyed_at is not None:
        return "廃棄したファイル"
    return sealing.unseal(bytes(stored.name_sealed), _data_key(stored), what=sealing.NAME).decode()


@transaction.atomic
def destroy_file(*, actor: Actor, stored: StoredFile) -> None:
    """Throw the key away, and the bytes with the next sweep; a second call changes nothing.

    Without its key nobody reads the bytes again, wherever a copy of them lies; so they are not
    deleted here, where a rollback would leave a row without its file.
    """
    stored = StoredFile.objects.select_for_update().get(pk=stored.pk)
    if stored.destroyed_at is not None:
        return
    stored.sealed_key = stored.name_sealed = b""
    stored.destroyed_at = clock.now()
    stored.save(update_fields=["sealed_key", "name_sealed", "destroyed_at"])
    # Here, because the task calls this room's services.
    from renkei.foundation.papers.tasks import remove_bytes_task

    remove_bytes_task.defer(file_uid=str(stored.uid))
    record_event(
        actor=actor,
        action="file.destroyed",
        target=stored,
        detail={"owner_kind": stored.owner_kind, "owner": str(stored.owner_uid)},
    )


def _data_key(stored: StoredFile) -> bytes:
    if stored.destroyed_at is not None:
        raise FileGone(str(stored.uid))
    sealed = sealing.SealedKey(bytes(stored.sealed_key), stored.key_id)
    return sealing.open_key(sealed, file_uid=stored.uid.bytes)


def _cleaned(content: bytes, media_type: str) -> tuple[bytes, int]:
    """What is kept of the content, and its pages (0: of none)."""
    if media_type in PICTURES:
        return pictures.cleaned(content, media_type)
    if media_type == PDF:
        count = pdfs.page_count(content)
        return pdfs.cleaned(content), count
    if media_type in OFFICE:
        return office.cleaned(content), 0
    return content, 0


def _thumbnail_of(content: bytes, media_type: str) -> bytes:
    if media_type == PDF:
        return pictures.thumbnail_of(pdfs.thumbnail_picture(content))
    if media_type in PICTURES:
        with pictures.opened(content, media_type) as picture:
            return pictures.thumbnail_of(ImageOps.exif_transpose(picture))
    return b""


def _tidy_name(name: str, media_type: str) -> str:
    """The last part of the name without what cannot be shown, with the ending of its kind."""
    last = PurePath(name.replace("\\", "/")).name
    stem = "".join(each for each in PurePath(last).stem if each.isprintable()).strip(" .")
    return f"{stem[:LONGEST_NAME] or 'ファイル'}.{ENDINGS[media_type]}"
