"""Entries with everything a page shows of them, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from renkei.care.timelines.models import Entry, ReadAdvance, ReadPosition, Room
from renkei.care.timelines.queries.completing import completed
from renkei.care.timelines.queries.doors import Door, Reach, entries_through, entries_within
from renkei.care.timelines.queries.people import Team, team_of
from renkei.foundation.common import clock
from renkei.foundation.common.kept_queries import kept, kept_with_plan

PAGE_SIZE = 20
# How far back a member's "new" goes: what nobody opened for longer is no news.
NEWS_DAYS = 30


@dataclass(frozen=True)
class EntryPage:
    """Some entries of a room, newest first. ``older_than``: where the next page starts, if any."""

    entries: Sequence[Entry]
    older_than: int | None

    @property
    def newest(self) -> int:
        """The highest number shown; 0 for none."""
        return max((entry.number for entry in self.entries), default=0)


def page_of(door: Door, *, before: int | None = None) -> EntryPage:
    """One page of a room, newest first, or what lies before a number."""
    found = _newest(door.reach, before)
    shown = completed(found[:PAGE_SIZE])
    return EntryPage(shown, shown[-1].number if len(found) > PAGE_SIZE else None)


@kept
def _newest(reach: Reach, before: int | None) -> QuerySet[Entry]:
    """One more than a page holds: whether there is another."""
    entries = entries_within(reach).select_related("room", "author")
    if before is not None:
        entries = entries.filter(number__lt=before)
    return entries[: PAGE_SIZE + 1]


def is_written(door: Door, client_uid: UUID) -> bool:
    """Whether this very entry of the viewer is in the room: it is being sent a second time."""
    return Entry.objects.filter(
        client_uid=client_uid, room=door.room, author_user_id=door.viewer.user_id
    ).exists()


def entries_after(door: Door, number: int) -> EntryPage:
    """The first that came after a number, newest first; who slept long asks again for the rest."""
    return EntryPage(completed(_next(door.reach, number))[::-1], None)


@kept
def _next(reach: Reach, number: int) -> QuerySet[Entry]:
    later = entries_within(reach).filter(number__gt=number).select_related("room", "author")
    return later.order_by("number")[:PAGE_SIZE]


def entry_of(door: Door, uid: UUID) -> Entry:
    """One entry of the room, as far as this viewer may read.

    Raises:
        Entry.DoesNotExist: unknown, or from before this viewer's time.
    """
    entry = entries_through(door).select_related("room", "author").get(uid=uid)
    return completed([entry])[0]


def thread_of(door: Door, entry: Entry) -> list[Entry]:
    """The answers to an entry, oldest first."""
    answers = entries_through(door).filter(reply_to=entry).select_related("room", "author")
    return completed(answers.order_by("number"))


# Who has seen it --------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """How far each member of the team has read one room."""

    team: Team
    positions: dict[int, int]

    @property
    def total(self) -> int:
        """How many members there are to see an entry."""
        return len(self.team.members)

    def count(self, entry: Entry) -> int:
        """How many members have seen an entry; an office has when one of its people did."""
        return sum(self._has_seen(entry, member.pk) for member in self.team.members)

    def _has_seen(self, entry: Entry, member_id: int) -> bool:
        return any(
            reader.user_id == entry.author_user_id
            or self.positions.get(reader.user_id, 0) >= entry.number
            for reader in self.team.of_member(member_id)
        )


def seen_in(door: Door) -> Seen | None:
    """The reading of a person's room by the team; nothing of it for family (and in groups)."""
    if door.patient is None or not door.room.belongs_to_a_person or door.as_family:
        return None
    return Seen(team_of(door.patient), dict(_positions_in(door.room.pk)))


@kept
def _positions_in(room_id: int) -> QuerySet[ReadPosition, tuple[int, int]]:
    return ReadPosition.objects.filter(room_id=room_id).values_list("user_id", "number")


def first_seen(door: Door, entry: Entry) -> list[ReadAdvance]:
    """Who has seen an entry and when first; professionals only, in the order of seeing it."""
    steps = ReadAdvance.objects.filter(
        room=door.room,
        is_family=False,
        after_number__lt=entry.number,
        up_to_number__gte=entry.number,
    )
    return list(steps.order_by("at", "pk"))


def unread_in(doors: Sequence[Door]) -> dict[int, int]:
    """New entries of others per room since this viewer last looked; one query."""
    if not doors:
        return {}
    viewer = doors[0].viewer
    since = clock.now() - timedelta(days=NEWS_DAYS)
    floor = max(since, doors[0].since) if doors[0].since else since
    rooms = tuple(door.room.pk for door in doors)
    positions = dict(_positions_of(viewer.user_id, rooms))
    seen = tuple((room, positions.get(room, 0)) for room in rooms)
    return dict(_news_in(viewer.user_id, floor, seen))


@kept_with_plan
def _positions_of(
    user_id: int | None, rooms: tuple[int, ...]
) -> QuerySet[ReadPosition, tuple[int, int]]:
    positions = ReadPosition.objects.filter(Q(user_id=user_id), room_id__in=rooms)
    return positions.values_list("room_id", "number")


@kept
def _news_in(
    user_id: int | None, since: datetime, seen: tuple[tuple[int, int], ...]
) -> QuerySet[Entry, tuple[int, int]]:
    news = Q()
    for room, number in seen:
        news |= Q(room_id=room, number__gt=number)
    return (
        Entry.objects.filter(news, posted_at__gte=since, hidden_at=None)
        .exclude(author_user_id=user_id)
        .values("room")
        .annotate(count=Count("pk"))
        .values_list("room", "count")
    )


def rooms_by_uid(rooms: QuerySet[Room], uids: Sequence[UUID]) -> list[Room]:
    """These of the rooms, as far as they are among them."""
    return list(rooms.filter(uid__in=uids))
