"""Files of entries: through the room, and as the council's table of documents allows (T-ISM2)."""

from __future__ import annotations

from collections.abc import Container
from uuid import UUID

from renkei.care.patients.queries_disclosure import visible_document_types
from renkei.care.timelines.models import EntryFile
from renkei.care.timelines.queries.doors import Door, entries_through
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
    return document_type_of(hung) in visible_types(door)


def visible_types(door: Door) -> Container[str]:
    """The document types the council's table opens to this viewer; family reads its own room."""
    if door.as_family or door.patient is None:
        return _Every()
    return visible_document_types(door.viewer, door.patient)


class _Every:
    def __contains__(self, document_type: object) -> bool:
        return True
