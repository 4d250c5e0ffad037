"""What a device sends: read strictly, because nobody sees an error page there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_datetime

from renkei.care.timelines.models import EntryKind
from renkei.foundation.common import clock
from renkei.foundation.common.text import require_storable

MOST_PHOTOS = 4
# Offline nobody hears an alarm, and an order needs its reader: both are given online.
OFFLINE_KINDS = frozenset({EntryKind.RECORD, EntryKind.NOTICE, EntryKind.QUESTION})
# Unsent entries wait at most a month; what claims to be older comes from a clock that is wrong.
OLDEST = timedelta(days=366)
LONGEST_ADDRESSEE = 60
_BROKEN = "書き込みの形が崩れています。本文を写して、経過の画面で書き直してください。"


@dataclass(frozen=True)
class WrittenEntry:
    """One entry as the device kept it."""

    client_uid: UUID
    written_at: datetime
    room_uid: UUID
    kind: EntryKind
    text: str
    addressees: tuple[str, ...]
    measurements: tuple[tuple[str, str], ...]


def uid_in(text: str | None) -> UUID | None:
    """A uid out of an address or a form; None for anything else."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def written_entry(post: Mapping[str, str], *, photo_count: int = 0) -> WrittenEntry:
    """What ``visit-sync.ts`` sends.

    Raises:
        ValidationError: it is no entry.
    """
    try:
        written = _parsed(post)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValidationError(_BROKEN) from error
    if written.written_at < clock.now() - OLDEST:
        raise ValidationError("端末の日時が合っていません。日時を直してください。")
    for each in written.addressees:
        if not each.strip() or len(each) > LONGEST_ADDRESSEE:
            raise ValidationError(_BROKEN)
        require_storable(each)
    if written.kind not in OFFLINE_KINDS:
        raise ValidationError("この種類は、電波のある所で経過の画面から書いてください。")
    if photo_count > MOST_PHOTOS:
        raise ValidationError(f"写真は1回に{MOST_PHOTOS}枚までです。")
    return written


def _parsed(post: Mapping[str, str]) -> WrittenEntry:
    entry: dict[str, Any] = json.loads(post.get("entry", ""))
    written_at = parse_datetime(post.get("written_at", ""))
    if written_at is None or written_at.tzinfo is None:
        raise ValueError
    return WrittenEntry(
        client_uid=UUID(post.get("client_uid", "")),
        written_at=written_at,
        room_uid=UUID(entry["room"]),
        kind=EntryKind(entry["kind"]),
        text=str(entry.get("text", "")).replace("\x00", ""),
        addressees=tuple(str(each) for each in entry.get("addressees", [])),
        measurements=tuple(
            (str(each["code"]), str(each["value"])) for each in entry.get("measurements", [])
        ),
    )
