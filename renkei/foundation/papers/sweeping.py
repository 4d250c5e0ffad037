"""Files without a row go; keys are renewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.core.files.storage import Storage
from django.db import transaction

from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.papers import sealing
from renkei.foundation.papers.models import StoredFile
from renkei.foundation.papers.storage import papers_storage

log = structlog.get_logger(__name__)

# Longer than any transaction that writes a file and has not committed its row yet.
YOUNG: Final = timedelta(hours=24)
# A crash leaves a few; very many mean that the database is not the one of these files.
SUSPICIOUS: Final = 100
BATCH: Final = 200


def remove_bytes(file_uid: UUID) -> None:
    """Delete the bytes of a destroyed file; a second call finds nothing and is content."""
    stored = StoredFile.objects.filter(uid=file_uid, destroyed_at__isnull=False).first()
    if stored is None:
        return
    storage = papers_storage()
    for name in (stored.storage_name, stored.thumbnail_name):
        if name:
            storage.delete(name)


def sweep_orphans() -> int:
    """Delete files that no row names, a day after they were written; returns how many.

    More orphans than files, and many: nothing is deleted, because a restored database would lose
    its files.
    """
    storage = papers_storage()
    orphans, kept = [], 0
    for folder in _folders(storage):
        names = [f"{folder}/{name}" for name in storage.listdir(folder)[1]]
        known = _named_by_rows(names)
        kept += len(known)
        orphans += [name for name in names if name not in known and _is_old(storage, name)]
    if len(orphans) > max(SUSPICIOUS, kept):
        log.error("papers.too_many_orphans", orphans=len(orphans), kept=kept)
        return 0
    for name in orphans:
        storage.delete(name)
    if orphans:
        log.info("papers.orphans_removed", count=len(orphans))
    return len(orphans)


def _folders(storage: Storage) -> Iterator[str]:
    try:
        folders, _ = storage.listdir("")
    except FileNotFoundError:
        # Nothing was ever kept.
        return
    yield from sorted(folders)


def _named_by_rows(names: list[str]) -> set[str]:
    rows = StoredFile.objects.filter(destroyed_at=None)
    found = set(rows.filter(storage_name__in=names).values_list("storage_name", flat=True))
    return found | set(
        rows.filter(thumbnail_name__in=names).values_list("thumbnail_name", flat=True)
    )


def _is_old(storage: Storage, name: str) -> bool:
    try:
        return storage.get_modified_time(name) < clock.now() - YOUNG
    except FileNotFoundError:
        return False


def renew_keys() -> int:
    """Seal every data key with the present FILE_KEY; returns how many were renewed.

    Afterwards FILE_KEY_FALLBACKS may be emptied. The files themselves are not touched.
    """
    count = 0
    while batch := _renew_batch():
        count += batch
    return count


@transaction.atomic
def _renew_batch() -> int:
    present = sealing.current_key_id()
    rows = list(
        StoredFile.objects.select_for_update()
        .filter(destroyed_at=None)
        .exclude(key_id=present)
        .order_by("pk")[:BATCH]
    )
    for row in rows:
        old = sealing.SealedKey(bytes(row.sealed_key), row.key_id)
        new = sealing.seal_key(
            sealing.open_key(old, file_uid=row.uid.bytes), file_uid=row.uid.bytes
        )
        row.sealed_key, row.key_id = new.sealed, new.key_id
        row.save(update_fields=["sealed_key", "key_id"])
    if rows:
        record_event(
            actor=SYSTEM,
            action="file.keys_renewed",
            target=("papers.key", present),
            detail={"count": len(rows)},
        )
    return len(rows)
