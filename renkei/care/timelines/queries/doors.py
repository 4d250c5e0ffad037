"""Which room a viewer may open, and as what. Not allowed costs and looks like not found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from renkei.care.patients.models import ContentClass, GrantKind, Patient
from renkei.care.patients.visibility import grants_for_content, room_access
from renkei.care.timelines.models import Entry, Room, RoomKind, RoomMember
from renkei.care.timelines.models.rooms import ROOMS_OF_A_PERSON
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer


@dataclass(frozen=True)
class Door:
    """One room as one viewer may use it now."""

    room: Room
    viewer: Viewer
    patient: Patient | None
    since: datetime | None
    from_number: int
    may_write: bool

    @property
    def as_family(self) -> bool:
        """Whether the viewer is the person or family."""
        return self.viewer.role == Role.PERSON_OR_FAMILY

    @property
    def via(self) -> GrantKind:
        """By which kind of grant, for the reading log."""
        return GrantKind.FAMILY_ROOM if self.as_family else GrantKind.TEAM


def rooms_open_to(viewer: Viewer) -> QuerySet[Room]:
    """Every room this viewer may open, in one query however it is used.

    A conversation about a person is open while both the conversation and the person are.
    """
    team = grants_for_content(viewer, ContentClass.TIMELINE).filter(
        patient=OuterRef("patient_id"), kind=GrantKind.TEAM
    )
    family = grants_for_content(viewer, ContentClass.TIMELINE).filter(
        patient=OuterRef("patient_id"), kind=GrantKind.FAMILY_ROOM
    )
    member = RoomMember.objects.filter(
        Q(membership_id=viewer.membership_id), room=OuterRef("pk"), left_at=None
    )
    present = Q(patient__merged_into=None, patient__disposed_at=None)
    of_a_person = Q(kind=RoomKind.STAFF) & Q(Exists(team))
    of_a_person |= Q(kind=RoomKind.FAMILY) & (Q(Exists(team)) | Q(Exists(family)))
    opened = of_a_person & present
    if _takes_part_in_groups(viewer):
        about_somebody = Q(patient=None) | (Q(Exists(team)) & present)
        opened |= Q(kind=RoomKind.GROUP) & Q(Exists(member))
        opened |= Q(kind=RoomKind.DIRECT) & Q(Exists(member)) & about_somebody
    return Room.objects.filter(opened)


def door_to(viewer: Viewer, room_uid: UUID) -> Door:
    """One room for this viewer.

    Raises:
        Room.DoesNotExist: unknown, or not for this viewer: the same in every respect.
    """
    room = (
        rooms_open_to(viewer)
        .select_related("patient", "patient__host", "patient__municipality")
        .get(uid=room_uid)
    )
    return _opened(viewer, room)


def doors_of(viewer: Viewer, patient_uid: UUID) -> dict[str, Door]:
    """The rooms of one person this viewer may open, by kind.

    Raises:
        Room.DoesNotExist: none, or no such person: the same in every respect.
    """
    rooms = list(
        rooms_open_to(viewer)
        .filter(patient__uid=patient_uid, kind__in=ROOMS_OF_A_PERSON)
        .select_related("patient", "patient__host", "patient__municipality")
    )
    if not rooms:
        raise Room.DoesNotExist
    opened = _opened(viewer, rooms[0])
    return {
        room.kind: Door(
            room=room,
            viewer=viewer,
            patient=opened.patient,
            since=opened.since,
            from_number=opened.from_number,
            may_write=opened.may_write,
        )
        for room in rooms
    }


def entries_through(door: Door) -> QuerySet[Entry]:
    """The entries of the room from where this viewer may read, newest first."""
    entries = Entry.objects.filter(room=door.room, number__gte=door.from_number)
    if door.since is not None:
        entries = entries.filter(posted_at__gte=door.since)
    return entries.order_by("-number")


def _takes_part_in_groups(viewer: Viewer) -> bool:
    return (
        viewer.membership_id is not None
        and not viewer.second_factor_missing
        and viewer.role not in {Role.RESIDENT, Role.PERSON_OR_FAMILY}
    )


def _opened(viewer: Viewer, room: Room) -> Door:
    if room.belongs_to_a_person:
        assert room.patient is not None  # noqa: S101 - the room's own constraint
        access = room_access(viewer, room.patient)
        return Door(
            room=room,
            viewer=viewer,
            patient=room.patient,
            since=access.since,
            from_number=0,
            may_write=not access.read_only and room.closed_at is None,
        )
    member = RoomMember.objects.get(Q(membership_id=viewer.membership_id), room=room, left_at=None)
    patient_closed = room.patient is not None and room.patient.is_closed
    return Door(
        room=room,
        viewer=viewer,
        patient=room.patient,
        since=None,
        from_number=member.from_number,
        may_write=room.closed_at is None and not patient_closed,
    )
