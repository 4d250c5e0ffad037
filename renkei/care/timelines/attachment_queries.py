"""Files of entries: through the room, and as the council's table of documents allows (T-ISM2)."""

from __future__ import annotations

from collections.abc import Container
from typing import Final
from uuid import UUID

from django.utils.functional import cached_property

from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.queries_disclosure import visible_document_types
from renkei.care.patients.visibility import patients_visible_to
from renkei.care.timelines.models import EntryFile
from renkei.care.timelines.queries.doors import Door, entries_through
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.papers.kinds import PICTURES

# Forms about what a person wishes: their content is opened by a consent of its own (forms.md §10).
WISH_FORMS: Final = frozenset({"acp_note", "dnar_record"})


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
    """A form's code where it is that form on paper, else ``photo`` or ``file``.

    So the table of documents calls them.
    """
    if hung.form_code:
        return hung.form_code
    return "photo" if hung.stored_file.media_type in PICTURES else "file"


def may_see_file(door: Door, hung: EntryFile) -> bool:
    """Whether the viewer's profession may see documents of this type."""
    return document_type_of(hung) in visible_types(door)


def visible_types(door: Door) -> Container[str]:
    """The document types the council's table opens to this viewer; family reads its own room."""
    if door.as_family or door.patient is None:
        return _Every()
    return _Consented(visible_document_types(door.viewer, door.patient), door.viewer, door.patient)


class _Consented:
    """What a person wishes is opened by a consent of its own, on paper as well."""

    def __init__(self, visible: Container[str], viewer: Viewer, patient: Patient) -> None:
        self.visible, self.viewer, self.patient = visible, viewer, patient

    def __contains__(self, document_type: object) -> bool:
        if document_type not in self.visible:
            return False
        return document_type not in WISH_FORMS or self._wishes

    @cached_property
    def _wishes(self) -> bool:
        readable = patients_visible_to(self.viewer, ContentClass.WISHES)
        return readable.filter(pk=self.patient.pk).exists()


class _Every:
    def __contains__(self, document_type: object) -> bool:
        return True
