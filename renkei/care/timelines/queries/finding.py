"""Finding words in one person's rooms, and the entries of a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q

from renkei.care.timelines.models import Entry
from renkei.care.timelines.queries.completing import completed
from renkei.care.timelines.queries.doors import Door, entries_through
from renkei.foundation.common import clock, kana

MOST_FOUND = 50
MOST_WORDS = 5


def entries_found(doors: Sequence[Door], words: str) -> list[Entry]:
    """Entries that hold all the words, newest first; only what these doors show, nothing hidden.

    Both sides are folded, so kana, width and old characters find each other.
    """
    folded = [each for each in (kana.fold(word) for word in words.split()[:MOST_WORDS]) if each]
    if not folded or not doors:
        return []
    where = reduce(or_, (_seen_through(door) for door in doors))
    entries = Entry.objects.filter(where, hidden_at=None)
    for word in folded:
        entries = entries.filter(text_key__contains=word)
    newest = entries.select_related("room", "author").order_by("-posted_at", "-pk")
    return completed(newest[:MOST_FOUND])


def _seen_through(door: Door) -> Q:
    seen = Q(room=door.room, number__gte=door.from_number)
    return seen & Q(posted_at__gte=door.since) if door.since else seen


def entries_between(door: Door, first: date, last: date) -> list[Entry]:
    """The entries of a period of days, both included, oldest first."""
    entries = entries_through(door).filter(
        posted_at__gte=clock.midnight(first), posted_at__lt=clock.end_of(last)
    )
    return completed(entries.select_related("room", "author").order_by("number"))
