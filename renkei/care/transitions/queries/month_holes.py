"""The holes of a month over all persons of a viewer, each once; names only where they are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Page, Paginator

from renkei.care.patients.models import Patient
from renkei.care.transitions.first_contacts import Hole, HoleReason, Step, common
from renkei.care.transitions.queries.arrangements import arrangements
from renkei.care.transitions.queries.board import AT_ONCE
from renkei.care.transitions.queries.duties import persons_watched_by
from renkei.care.transitions.queries.hole_minutes import home_of
from renkei.foundation.accounts.viewers import Viewer

# Of a hole that many persons share, so many are named in the table; the others behind a link.
NAMED: Final = 5


@dataclass(frozen=True)
class MonthHole:
    """One hole, and whom it leaves without anybody, in the order of their names."""

    starts_at: datetime
    ends_at: datetime
    reason: HoleReason
    patient_ids: Sequence[int]

    @property
    def key(self) -> str:
        """Finds it again: its two instants and its reason."""
        seconds = f"{self.starts_at.timestamp():.6f}-{self.ends_at.timestamp():.6f}"
        return f"{seconds}-{self.reason.name}"


@dataclass(frozen=True)
class FoundHoles:
    """The holes in order of time, with those persons who are named."""

    holes: Sequence[MonthHole]
    patients: Mapping[int, Patient]
    person_count: int
    # Only where one hole is asked for.
    page: Page[int] | None = None


def month_holes(
    viewer: Viewer, *, since: datetime, until: datetime, key: str = "", page: str = "1"
) -> FoundHoles:
    """Every time at which somebody at home has nobody to call; the query count is fixed.

    ``key``: one hole only, with a page of the persons in it.
    """
    holes, count = _holes(viewer, since, until)
    if not key:
        named = {each for hole in holes for each in hole.patient_ids[:NAMED]}
        return FoundHoles(holes, Patient.objects.in_bulk(named), count)
    chosen = [hole for hole in holes if hole.key == key]
    found = chosen[0].patient_ids if chosen else ()
    shown = Paginator(found, AT_ONCE).get_page(page)
    return FoundHoles(chosen[:1], Patient.objects.in_bulk(shown.object_list), count, shown)


def _holes(viewer: Viewer, since: datetime, until: datetime) -> tuple[list[MonthHole], int]:
    persons = persons_watched_by(viewer)
    found = arrangements(persons, since=since, until=until)
    bare = [one for one in found.persons if found.cover.has_hole(one.steps)]
    home = home_of(
        Patient.objects.filter(pk__in=[one.patient_id for one in bare]), since=since, until=until
    )
    spans: dict[tuple[Step, ...], list[tuple[datetime, datetime, HoleReason]]] = {}
    by_hole: dict[tuple[datetime, datetime, HoleReason], list[int]] = {}
    for one in bare:
        if one.steps not in spans:
            spans[one.steps] = [
                (span.starts_at, span.ends_at, span.outcome.reason)
                for span in found.cover.holes(one.steps)
                if isinstance(span.outcome, Hole)
            ]
        for begins, ends, reason in spans[one.steps]:
            for start, stop in common([(begins, ends)], home[one.patient_id]):
                by_hole.setdefault((start, stop, reason), []).append(one.patient_id)
    ordered = sorted(by_hole.items(), key=lambda each: (each[0][0], each[0][1], each[0][2].name))
    lying = sum(one.in_hospital for one in found.persons)
    return [MonthHole(*key, ids) for key, ids in ordered], len(found.persons) - lying
