"""Bringing scans in: kept at once, sorted by the worker."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.papers.files import FileRefused, PreparedFile, keep_file, prepare_file
from renkei.foundation.papers.kinds import SCAN_TYPES
from renkei.foundation.papers.models import Scan, ScanFile, ScanProgress

OWNER: Final = "papers.scan"
MOST_FILES: Final = 50


@dataclass(frozen=True)
class Upload:
    """One file as it came."""

    name: str
    content: bytes


def upload_scan(*, viewer: Viewer, uploads: Sequence[Upload]) -> Scan:
    """Keep the files and have them sorted; a file that is refused does not stop the others.

    Raises:
        ValidationError: no file could be taken; one sentence for each.
    """
    bringer = _bringer(viewer)
    if bringer is None:
        raise ValidationError("組織の立場に切り替えてから、取り込んでください。")
    if len(uploads) > MOST_FILES:
        raise ValidationError(f"一度に{MOST_FILES}ファイルまでです。分けて取り込んでください。")
    prepared: list[PreparedFile | str] = [_prepared(upload) for upload in uploads]
    if not any(isinstance(each, PreparedFile) for each in prepared):
        raise ValidationError(
            [
                f"{upload.name}：{sentence}"
                for upload, sentence in zip(uploads, prepared, strict=True)
            ]
            or ["スキャンのファイルを選んでください。"]
        )
    return _kept(viewer.actor, bringer, prepared)


def _prepared(upload: Upload) -> PreparedFile | str:
    try:
        return prepare_file(upload.content, name=upload.name, allow=SCAN_TYPES)
    except FileRefused as error:
        return str(error.messages[0])


@dataclass(frozen=True)
class _Bringer:
    organisation_id: int
    user_id: int
    membership_id: int


def _bringer(viewer: Viewer) -> _Bringer | None:
    if viewer.organisation_id is None or viewer.user_id is None or viewer.membership_id is None:
        return None
    return _Bringer(viewer.organisation_id, viewer.user_id, viewer.membership_id)


@transaction.atomic
def _kept(actor: Actor, bringer: _Bringer, prepared: Sequence[PreparedFile | str]) -> Scan:
    now = clock.now()
    scan = Scan.objects.create(
        uid=uuid.uuid4(),
        organisation_id=bringer.organisation_id,
        uploaded_by_id=bringer.user_id,
        membership_id=bringer.membership_id,
        uploaded_at=now,
        touched_at=now,
        progress_text=ScanProgress.WAITING.label,
    )
    for number, each in enumerate(prepared, start=1):
        if isinstance(each, str):
            ScanFile.objects.create(scan=scan, number=number, error=each)
            continue
        file = keep_file(actor=actor, prepared=each, owner=(OWNER, scan.uid))
        ScanFile.objects.create(scan=scan, number=number, file=file)
    # Here, because the task calls this room's services.
    from renkei.foundation.papers.tasks import sort_scan_task

    sort_scan_task.defer(scan_uid=str(scan.uid))
    record_event(
        actor=actor,
        action="scan.uploaded",
        target=scan,
        detail={"files": len(prepared)},
    )
    return scan
