"""Writing down what left on paper or was looked at by an auditor."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from renkei.care.patients.models import GrantKind
from renkei.care.patients.reading import READ, record_read
from renkei.care.timelines.models import Entry
from renkei.care.timelines.queries.doors import Door
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event


@transaction.atomic
def note_call_list(*, door: Door, entry: Entry) -> None:
    """The call list of an entry was made."""
    record_event(actor=door.viewer.actor, action="call_list.printed", target=entry)


@transaction.atomic
def note_original_read(*, viewer: Viewer, entry: Entry) -> None:
    """An auditor read the words of a hidden entry: a reading of the person like any other."""
    if entry.room.patient is not None:
        record_read(
            viewer=viewer,
            patient=entry.room.patient,
            what="隠された書き込み",
            via=GrantKind.OFFICER,
        )
    record_event(actor=viewer.actor, action="entry.original_read", target=entry)


@transaction.atomic
def note_export(*, door: Door, first: date, last: date, form: str) -> None:
    """A copy of a period left the platform: it is a reading of the person and an act of its own."""
    if door.patient is not None:
        record_event(
            actor=door.viewer.actor,
            action=READ,
            target=door.patient,
            detail={"what": "経過の写し", "via": door.via.value},
        )
    record_event(
        actor=door.viewer.actor,
        action="timeline.exported",
        target=door.room,
        detail={"first": first.isoformat(), "last": last.isoformat(), "format": form},
    )


@transaction.atomic
def note_usage_export(*, viewer: Viewer) -> None:
    """The monthly figures left the platform."""
    record_event(actor=viewer.actor, action="usage.exported", target=("timelines.usage", "-"))
