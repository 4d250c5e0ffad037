"""Which room a viewer may open, and as what. Not allowed costs and looks like not found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from renkei.care.patients.models import AccessGrant, ContentClass, GrantKind, Patient
from renkei.care.patients.visibility import (
    access_through,
    grants_for_content,
    room_access,
    room_grants,
)
from renkei.care.timelines.models import Entry, Room, RoomKind, RoomMember
from renkei.care.timelines.models.rooms import ROOMS_OF_A_PERSON
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common.kept_queries import kept_with_plan


@dataclass(frozen=True)
class Reach:
    """Which entries of a room a viewer may read."""

    room_id: int
    from_number: int
    since: datetime | None


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
    def reach(self) -> Reach:
        """Which of the room's entries the viewer may read."""
        return Reach(self.room.pk, self.from_number, self.since)

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
    # Refused and unknown take the same two queries.
    grants = _grants_on_room(viewer, room_uid)
    if not grants:
        return _door_among_members(viewer, room_uid)
    room = Room.objects.get(uid=room_uid)
    opened = _doors_of_a_person(viewer, grants, [room])
    if not opened:
        raise Room.DoesNotExist
    return opened[0]


def doors_of(viewer: Viewer, patient_uid: UUID) -> dict[str, Door]:
    """The rooms of one person this viewer may open, by kind.

    Raises:
        Room.DoesNotExist: none, or no such person: the same in every respect.
    """
    grants = _grants_on_person(viewer, patient_uid)
    doors = _doors_of_a_person(viewer, grants, _rooms_of(patient_uid)) if grants else []
    if not doors:
        raise Room.DoesNotExist
    return {door.room.kind: door for door in doors}


def entries_through(door: Door) -> QuerySet[Entry]:
    """The entries of the room from where this viewer may read, newest first."""
    return entries_within(door.reach)


def entries_within(reach: Reach) -> QuerySet[Entry]:
    """The same, for a query that is kept."""
    entries = Entry.objects.filter(room_id=reach.room_id, number__gte=reach.from_number)
    if reach.since is not None:
        entries = entries.filter(posted_at__gte=reach.since)
    return entries.order_by("-number")


def _takes_part_in_groups(viewer: Viewer) -> bool:
    return (
        viewer.membership_id is not None
        and not viewer.second_factor_missing
        and viewer.role not in {Role.RESIDENT, Role.PERSON_OR_FAMILY}
    )


@kept_with_plan
def _grants_on_room(viewer: Viewer, room_uid: UUID) -> QuerySet[AccessGrant]:
    of_a_person = Q(patient__rooms__uid=room_uid, patient__rooms__kind__in=ROOMS_OF_A_PERSON)
    return _with_person(room_grants(viewer).filter(of_a_person))


@kept_with_plan
def _grants_on_person(viewer: Viewer, patient_uid: UUID) -> QuerySet[AccessGrant]:
    return _with_person(room_grants(viewer).filter(patient__uid=patient_uid))


def _with_person(grants: QuerySet[AccessGrant]) -> QuerySet[AccessGrant]:
    return grants.select_related("member", "patient__host", "patient__municipality")


@kept_with_plan
def _rooms_of(patient_uid: UUID) -> QuerySet[Room]:
    return Room.objects.filter(patient__uid=patient_uid, kind__in=ROOMS_OF_A_PERSON)


def _doors_of_a_person(
    viewer: Viewer, grants: Sequence[AccessGrant], rooms: Iterable[Room]
) -> list[Door]:
    """Those of the person's rooms that these grants open."""
    patient = grants[0].patient
    access = access_through(grants, patient)
    opened = {RoomKind.STAFF: access.staff, RoomKind.FAMILY: access.family}
    doors = []
    for room in rooms:
        if opened.get(RoomKind(room.kind)):
            room.patient = patient
            may_write = not access.read_only and room.closed_at is None
            doors.append(Door(room, viewer, patient, access.since, 0, may_write))
    return doors


def _door_among_members(viewer: Viewer, room_uid: UUID) -> Door:
    """A group, or a conversation of two: open to who was let in."""
    room = (
        rooms_open_to(viewer)
        .select_related("patient", "patient__host", "patient__municipality")
        .get(uid=room_uid)
    )
    member = RoomMember.objects.get(Q(membership_id=viewer.membership_id), room=room, left_at=None)
    # About a person nobody writes here who may not write in the team's room: closed, or looking on.
    only_read = room.patient is not None and room_access(viewer, room.patient).read_only
    return Door(
        room=room,
        viewer=viewer,
        patient=room.patient,
        since=None,
        from_number=member.from_number,
        may_write=room.closed_at is None and not only_read,
    )
