"""The viewer's visits of the day as rows: what is written down, and where to go next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from renkei.care.patients.models import Patient
from renkei.care.timelines.models import PlannedVisit
from renkei.foundation.common import clock

# Who comes a little early writes down the same visit.
EARLY: Final = timedelta(hours=1)


@dataclass(frozen=True)
class VisitRow:
    """One visit of today."""

    visit: PlannedVisit
    patient: Patient
    is_recorded: bool
    is_next: bool
    # Its time is over and nothing is written down.
    is_missing: bool


def visit_rows(
    visits: Sequence[PlannedVisit], records: Sequence[tuple[int, datetime]]
) -> list[VisitRow]:
    """Visits in their order; a record belongs to the visit it was written in or after.

    Of two visits to one person each has its own records; without a time any of today counts.
    """
    now, recorded = clock.now(), [_is_recorded(visit, visits, records) for visit in visits]
    coming = [
        place
        for place, visit in enumerate(visits)
        if not recorded[place] and (visit.at is None or _start(visit) + EARLY * 2 > now)
    ]
    following = min(coming, default=None)
    return [
        VisitRow(
            visit=visit,
            patient=visit.patient,
            is_recorded=recorded[place],
            is_next=place == following,
            is_missing=not recorded[place] and place not in coming,
        )
        for place, visit in enumerate(visits)
    ]


def _is_recorded(
    visit: PlannedVisit,
    visits: Sequence[PlannedVisit],
    records: Sequence[tuple[int, datetime]],
) -> bool:
    first = _start(visit)
    others = [_start(one) for one in visits if one.patient_id == visit.patient_id]
    until = min((start for start in others if start > first), default=None)
    return any(
        patient == visit.patient_id and first <= at and (until is None or at < until)
        for patient, at in records
    )


def _start(visit: PlannedVisit) -> datetime:
    """From when on a record is this visit's; from midnight where no time is said."""
    if visit.at is None:
        return datetime.combine(visit.on, datetime.min.time(), clock.TOKYO)
    return datetime.combine(visit.on, visit.at, clock.TOKYO) - EARLY
