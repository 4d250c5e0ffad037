"""Entries with everything a page shows of them, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from renkei.care.timelines.models import (
    Acknowledgement,
    Addressee,
    Entry,
    EntryFile,
    Escalation,
    Observation,
    Reaction,
    ReadAdvance,
    ReadPosition,
    Room,
)
from renkei.care.timelines.queries.doors import Door, entries_through
from renkei.care.timelines.queries.people import Team, team_of
from renkei.foundation.common import clock

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
    entries = entries_through(door)
    if before is not None:
        entries = entries.filter(number__lt=before)
    found = list(complete(entries)[: PAGE_SIZE + 1])
    more = len(found) > PAGE_SIZE
    shown = found[:PAGE_SIZE]
    return EntryPage(shown, shown[-1].number if more else None)


def is_written(door: Door, client_uid: UUID) -> bool:
    """Whether this very entry of the viewer is in the room: it is being sent a second time."""
    return Entry.objects.filter(
        client_uid=client_uid, room=door.room, author_user_id=door.viewer.user_id
    ).exists()


def entries_after(door: Door, number: int) -> EntryPage:
    """The first that came after a number, newest first; who slept long asks again for the rest."""
    later = complete(entries_through(door).filter(number__gt=number)).order_by("number")
    return EntryPage(list(later[:PAGE_SIZE])[::-1], None)


def entry_of(door: Door, uid: UUID) -> Entry:
    """One entry of the room, as far as this viewer may read.

    Raises:
        Entry.DoesNotExist: unknown, or from before this viewer's time.
    """
    return complete(entries_through(door)).get(uid=uid)


def thread_of(door: Door, entry: Entry) -> list[Entry]:
    """The answers to an entry, oldest first."""
    return list(complete(entries_through(door).filter(reply_to=entry)).order_by("number"))


def complete(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """The entries with all that hangs on them."""
    replies = Entry.objects.filter(hidden_at=None).order_by("number")
    return entries.select_related("room", "author").prefetch_related(
        # Few entries have one of these: joined, they cost each page more than the rest of it.
        "reply_to",
        "corrects",
        "moved_from",
        "hidden_by__user",
        Prefetch("addressees", Addressee.objects.order_by("pk")),
        "addressees__member__organisation",
        "addressees__member__membership__user",
        "addressees__membership__user",
        "addressees__done_by__user",
        "addressees__stands_in_for",
        Prefetch("acknowledgements", Acknowledgement.objects.order_by("at", "pk")),
        Prefetch("reactions", Reaction.objects.order_by("at", "pk")),
        Prefetch("files", EntryFile.objects.order_by("position", "pk")),
        "files__stored_file",
        Prefetch("observations", Observation.objects.order_by("measured_at", "pk")),
        Prefetch("escalations", Escalation.objects.order_by("due_at", "pk")),
        Prefetch("replies", replies, to_attr="shown_replies"),
        Prefetch("corrections", replies, to_attr="shown_corrections"),
    )


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
    positions = dict(ReadPosition.objects.filter(room=door.room).values_list("user_id", "number"))
    return Seen(team_of(door.patient), positions)


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
    positions = dict(
        ReadPosition.objects.filter(
            Q(user_id=viewer.user_id), room__in=[door.room for door in doors]
        ).values_list("room_id", "number")
    )
    news = Q()
    for door in doors:
        news |= Q(room=door.room, number__gt=positions.get(door.room.pk, 0))
    rows = (
        Entry.objects.filter(news, posted_at__gte=floor, hidden_at=None)
        .exclude(author_user_id=viewer.user_id)
        .values("room")
        .annotate(count=Count("pk"))
    )
    return {row["room"]: row["count"] for row in rows}


def rooms_by_uid(rooms: QuerySet[Room], uids: Sequence[UUID]) -> list[Room]:
    """These of the rooms, as far as they are among them."""
    return list(rooms.filter(uid__in=uids))
