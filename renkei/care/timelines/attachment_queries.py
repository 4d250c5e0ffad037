"""Files of entries: through the room, and as the council's table of documents allows (T-ISM2)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Q

from renkei.care.patients.models import DisclosureRule, DisclosureTable, Patient
from renkei.care.timelines.models import EntryFile
from renkei.care.timelines.queries.doors import Door, entries_through
from renkei.care.timelines.services.authors import author_through
from renkei.foundation.common import clock
from renkei.foundation.papers.kinds import PICTURES


def file_of(door: Door, entry_uid: UUID, file_uid: UUID) -> EntryFile:
    """A file of an entry this viewer may read; a hidden entry hides its files.

    Raises:
        EntryFile.DoesNotExist: unknown, of another room, or hidden.
    """
    return EntryFile.objects.select_related("stored_file", "entry", "entry__room").get(
        entry__in=entries_through(door).filter(uid=entry_uid, hidden_at=None).order_by(),
        stored_file__uid=file_uid,
    )


def document_type_of(hung: EntryFile) -> str:
    """``photo`` or ``file``, as the table of documents calls them."""
    return "photo" if hung.stored_file.media_type in PICTURES else "file"


def may_see_file(door: Door, hung: EntryFile) -> bool:
    """Whether the viewer's profession may see documents of this type."""
    return document_type_of(hung) not in hidden_types(door)


def hidden_types(door: Door) -> frozenset[str]:
    """Document types the council's table keeps from the viewer's profession. Two queries.

    Family reads what is written to it, and everybody sees a type that no table names.
    """
    if door.as_family or door.patient is None:
        return frozenset()
    professions = {author_through(door).profession, "*"}
    return frozenset(
        rule.document_type
        for rule in rules_in_force(door.patient)
        if not professions & set(rule.professions)
    )


def rules_in_force(patient: Patient) -> list[DisclosureRule]:
    """The rules of the municipality's newest approved table, or of the installation's."""
    table = (
        DisclosureTable.objects.filter(
            Q(area=None) | Q(area=patient.municipality_id),
            in_force_since__lte=clock.now(),
            refused_at=None,
        )
        .order_by(F("area").asc(nulls_last=True), "-number")
        .first()
    )
    return list(table.rules.all()) if table else []
