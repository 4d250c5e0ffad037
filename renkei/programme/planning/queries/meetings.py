"""Meetings, as far as the viewer reads them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, Prefetch, Q, QuerySet

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.programme.planning.models import (
    Action,
    AgendaItem,
    Audience,
    Council,
    Material,
    Meeting,
    MeetingState,
    MinutesLine,
    Outcome,
    Seat,
)
from renkei.programme.planning.queries.councils import (
    CouncilDoor,
    councils_seen_by,
    door_of,
)

# What has happened once the invitation is out.
BEFORE_CALL = (MeetingState.PLANNED,)
WITH_MINUTES = (
    MeetingState.MINUTES_DRAFT,
    MeetingState.MINUTES_CONFIRMED,
    MeetingState.PUBLISHED,
    MeetingState.CLOSED,
)
OPEN_TO_ALL = (MeetingState.PUBLISHED, MeetingState.CLOSED)


@dataclass(frozen=True)
class MeetingDoor:
    """One meeting as one viewer may use it."""

    meeting: Meeting
    council: CouncilDoor

    @property
    def viewer(self) -> Viewer:
        return self.council.viewer

    @property
    def inside(self) -> bool:
        return self.council.inside

    @property
    def reads_minutes(self) -> bool:
        """Clerks always; members once there is a draft to check; others once it is published."""
        if self.council.clerks:
            return True
        state = self.meeting.state
        if self.council.sits:
            return state in WITH_MINUTES
        return state in OPEN_TO_ALL and self.meeting.audience == Audience.PUBLIC


def meetings_of(door: CouncilDoor) -> QuerySet[Meeting]:
    """A council's meetings, newest first; plans are the clerks' own."""
    found = Meeting.objects.filter(council=door.council).order_by("-begins_at", "-pk")
    return found if door.clerks else found.exclude(state__in=BEFORE_CALL)


def meeting_door(viewer: Viewer, uid: UUID) -> MeetingDoor:
    """One meeting, and what the viewer may do there.

    Raises:
        Meeting.DoesNotExist: not there, or not theirs to see.
    """
    meeting = (
        Meeting.objects.select_related("council__area", "council__owner", "council__office")
        .filter(council__in=councils_seen_by(viewer))
        .get(uid=uid)
    )
    door = door_of(viewer, meeting.council)
    if meeting.state in BEFORE_CALL and not door.clerks:
        raise Meeting.DoesNotExist
    return MeetingDoor(meeting=meeting, council=door)


def next_number(council: Council, year: int) -> int:
    """The number the next meeting of a fiscal year gets."""
    last = Meeting.objects.filter(council=council, fiscal_year=year).aggregate(Max("number"))
    return (last["number__max"] or 0) + 1


def items_of(meeting: Meeting, *, public: bool = False) -> list[AgendaItem]:
    """The 次第 in its order; ``public``: only what may stand in a public file."""
    if public and meeting.audience != Audience.PUBLIC:
        return []
    materials = Material.objects.order_by("number", "pk")
    found = AgendaItem.objects.filter(meeting=meeting)
    if public:
        found = found.filter(audience=Audience.PUBLIC)
        materials = materials.filter(audience=Audience.PUBLIC)
    return list(
        found.select_related("continues__meeting").prefetch_related(
            Prefetch("materials", queryset=materials)
        )
    )


def materials_of(meeting: Meeting, *, public: bool = False) -> list[Material]:
    """The papers; a paper of a closed item is closed, whatever it says itself."""
    found = Material.objects.filter(meeting=meeting).select_related("item", "file")
    if public:
        if meeting.audience != Audience.PUBLIC:
            return []
        found = found.filter(Q(item=None) | Q(item__audience=Audience.PUBLIC)).filter(
            audience=Audience.PUBLIC
        )
    return list(found)


def lines_of(meeting: Meeting, *, public: bool = False) -> list[MinutesLine]:
    """The minutes; ``public``: the lines of the 要旨, none of a closed item."""
    found = MinutesLine.objects.filter(meeting=meeting).select_related("item", "action")
    if public:
        if meeting.audience != Audience.PUBLIC:
            return []
        found = found.filter(audience=Audience.PUBLIC).filter(
            Q(item=None) | Q(item__audience=Audience.PUBLIC)
        )
        found = found.filter(Q(in_summary=True) | ~Q(outcome=""))
    return list(found)


def seats_of(meeting: Meeting) -> list[Seat]:
    """Who was asked, in the order of the roster."""
    return list(
        Seat.objects.filter(meeting=meeting)
        .select_related("member", "ticket", "reply_file")
        .order_by("pk")
    )


def own_seat(door: MeetingDoor) -> Seat | None:
    """The viewer's own seat."""
    return (
        Seat.objects.filter(meeting=door.meeting, member__user_id=door.viewer.user_id or 0)
        .select_related("member")
        .first()
    )


def seat_of(door: MeetingDoor, uid: UUID) -> Seat:
    """One seat: any for a clerk, the own one for a member.

    Raises:
        Seat.DoesNotExist: of another meeting, or not theirs.
    """
    seats = Seat.objects.filter(meeting=door.meeting).select_related("member", "reply_file")
    if not door.council.clerks:
        seats = seats.filter(member__user_id=door.viewer.user_id or 0)
    return seats.get(uid=uid)


def item_of(door: MeetingDoor, uid: UUID) -> AgendaItem:
    """One item of the agenda.

    Raises:
        AgendaItem.DoesNotExist: of another meeting.
    """
    return AgendaItem.objects.get(uid=uid, meeting=door.meeting)


def line_of(door: MeetingDoor, uid: UUID) -> MinutesLine:
    """One line of the minutes.

    Raises:
        MinutesLine.DoesNotExist: of another meeting.
    """
    return MinutesLine.objects.select_related("item").get(uid=uid, meeting=door.meeting)


def material_of(door: MeetingDoor, uid: UUID) -> Material:
    """One paper the viewer may read.

    Raises:
        Material.DoesNotExist: of another meeting, or closed.
    """
    found = next(
        (
            one
            for one in materials_of(door.meeting, public=not door.inside)
            if one.uid == uid and (door.inside or door.meeting.state in OPEN_TO_ALL)
        ),
        None,
    )
    if found is None:
        raise Material.DoesNotExist
    return found


def agenda_of(meeting: Meeting) -> QuerySet[AgendaItem]:
    """The items a paper or a line of the minutes can hang on."""
    return AgendaItem.objects.filter(meeting=meeting)


def left_open(
    council: Council, before: Meeting, *, keep: AgendaItem | None = None
) -> QuerySet[MinutesLine]:
    """What earlier meetings continued and no later agenda took up: proposed for the next 次第.

    ``keep``: the item that is being changed keeps the line it took up.
    """
    free = Q(taken_up=None)
    if keep is not None:
        free |= Q(taken_up=keep)
    return (
        MinutesLine.objects.filter(
            free,
            meeting__council=council,
            meeting__begins_at__lt=before.begins_at,
            outcome=Outcome.CONTINUED,
        )
        .select_related("meeting", "item")
        .order_by("meeting__begins_at", "pk")
    )


def actions_of(meeting: Meeting) -> QuerySet[Action]:
    """What the decisions of a meeting ask for."""
    return Action.objects.filter(line__meeting=meeting).order_by("due_on", "pk")


def meetings_waiting_for(viewer: Viewer) -> QuerySet[Seat]:
    """Meetings to come that this person was asked to, soonest first."""
    return (
        Seat.objects.filter(
            member__user_id=viewer.user_id or 0,
            meeting__begins_at__gte=clock.now(),
            meeting__state__in=(MeetingState.CALLED, MeetingState.MATERIALS_SENT),
        )
        .select_related("meeting__council", "member")
        .order_by("meeting__begins_at")
    )
