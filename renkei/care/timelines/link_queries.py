"""Links to one document: those of a person, and what one of them still rests on."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from renkei.care.patients.models import Patient
from renkei.care.timelines.models import Entry, LinkKind, OutsideLink, Room, RoomKind
from renkei.care.timelines.queries.doors import Door, door_to, entries_through
from renkei.care.timelines.queries.people import present_memberships
from renkei.care.timelines.sheet_queries import answer_through, open_form
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.sheets.models import Answer, FormVersion


@dataclass(frozen=True)
class OpenDocument:
    """The one document behind a link, as its sender may see it at this moment."""

    link: OutsideLink
    patient: Patient
    door: Door
    entry: Entry | None = None
    answer: Answer | None = None
    version: FormVersion | None = None


def links_of(door: Door) -> QuerySet[OutsideLink]:
    """The links that left this room, the newest first."""
    return (
        OutsideLink.objects.filter(room=door.room)
        .select_related("grant", "entry", "version__form", "made_by__user", "made_by__organisation")
        .order_by("-made_at", "-pk")
    )


def link_of(door: Door, uid: UUID) -> OutsideLink:
    """One of them.

    Raises:
        OutsideLink.DoesNotExist: not of this room.
    """
    return links_of(door).get(uid=uid)


def document_behind(link: OutsideLink) -> OpenDocument | None:
    """What the link shows, if its sender may still read it and write in that room today.

    So a withdrawal, the end of care, of a place in the team, of a membership or of a consent, and a
    hidden entry close the link by themselves, whatever became of its row.
    """
    viewer = sender_of(link)
    if viewer is None:
        return None
    try:
        door = door_to(viewer, link.room.uid)
        if door.patient is None or door.room.kind != RoomKind.STAFF or not door.may_write:
            return None
        return _document(link, door, door.patient)
    except (Room.DoesNotExist, Entry.DoesNotExist, Answer.DoesNotExist, FormVersion.DoesNotExist):
        return None


def _document(link: OutsideLink, door: Door, patient: Patient) -> OpenDocument:
    if link.kind == LinkKind.ENTRY:
        entries = entries_through(door).filter(hidden_at=None)
        entry = entries.select_related("reply_to", "corrects").get(pk=link.entry_id or 0)
        return OpenDocument(link, patient, door, entry=entry)
    if link.kind == LinkKind.ANSWER:
        assert link.answer_uid is not None  # noqa: S101 - made with it
        answer = answer_through(door.viewer, door, link.answer_uid)
        return OpenDocument(link, patient, door, answer=answer)
    version = link.version
    assert version is not None  # noqa: S101 - made with it
    open_form(door.viewer, door, version.form.code)
    return OpenDocument(link, patient, door, version=version)


def sender_of(link: OutsideLink) -> Viewer | None:
    """Whoever made the link, with the rights of today."""
    membership = present_memberships().filter(pk=link.made_by_id).first()
    if membership is None:
        return None
    return Viewer(
        user_id=membership.user_id,
        membership_id=membership.pk,
        organisation_id=membership.organisation_id,
        role=Role(membership.role),
        name=membership.user.name,
        organisation_name=membership.organisation.name,
        membership_count=1,
    )
