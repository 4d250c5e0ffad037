"""When persons had nobody to call: as counts, and cut to the time at which they were at home."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from renkei.care.patients.models import Patient
from renkei.care.transitions.duty_times import instant_of
from renkei.care.transitions.first_contacts import Step, Stretch, common
from renkei.care.transitions.models import CoordinationCase
from renkei.care.transitions.queries.arrangements import arrangements
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import descendants_on


@dataclass(frozen=True)
class HoleCount:
    """Minutes without a first contact, of how many minutes at home, over how many persons."""

    minutes: int
    minutes_at_home: int
    persons: int


def hole_minutes(area: Area | None, first: date, last: date) -> HoleCount:
    """From the first day's midnight to the end of the last, over the persons who live in an area.

    None: everywhere. Nobody counts while in hospital, before the record or after its end. Orders,
    doctors, rosters and absences are those in force at each minute. Never through a viewer.
    """
    since, until = instant_of(first, 0), instant_of(last + timedelta(days=1), 0)
    persons = _persons(area, first, until=until)
    home = home_of(persons, since=since, until=until)
    found = arrangements(persons, since=since, until=until)
    holes: dict[tuple[Step, ...], Sequence[Stretch]] = {}
    minutes = at_home = count = 0
    for one in found.persons:
        stretches = home[one.patient_id]
        if not stretches:
            continue
        if one.steps not in holes:
            holes[one.steps] = found.cover.silence(one.steps)
        count += 1
        at_home += _minutes(stretches)
        minutes += _minutes(common(holes[one.steps], stretches))
    return HoleCount(minutes, at_home, count)


def home_of(
    persons: QuerySet[Patient], *, since: datetime, until: datetime
) -> Mapping[int, Sequence[Stretch]]:
    """When each of these was at home and known in a window; two queries."""
    rows = list(persons.values_list("pk", "registered_at", "closed_on"))
    stays = _stays([pk for pk, *_ in rows], since=since, until=until)
    found = {}
    for pk, registered_at, closed_on in rows:
        begins = max(since, registered_at)
        ends = until if closed_on is None else min(until, instant_of(closed_on, 0))
        found[pk] = _home(begins, ends, stays.get(pk, ()))
    return found


def _persons(area: Area | None, first: date, *, until: datetime) -> QuerySet[Patient]:
    rows = Patient.objects.filter(
        Q(closed_on=None) | Q(closed_on__gte=first),
        merged_into=None,
        disposed_at=None,
        registered_at__lt=until,
    )
    if area is not None:
        rows = rows.filter(municipality__in=descendants_on(area, first))
    return rows.order_by("pk")


def _stays(keys: Iterable[int], *, since: datetime, until: datetime) -> dict[int, list[Stretch]]:
    found: dict[int, list[Stretch]] = defaultdict(list)
    rows = CoordinationCase.objects.filter(
        Q(discharged_at=None) | Q(discharged_at__gt=since),
        patient__in=list(keys),
        admitted_at__lt=until,
    ).order_by("admitted_at")
    for patient_id, begins, ends in rows.values_list("patient", "admitted_at", "discharged_at"):
        if begins is not None:
            found[patient_id].append((begins, ends or until))
    return found


def _home(begins: datetime, ends: datetime, stays: Iterable[Stretch]) -> list[Stretch]:
    home = []
    for admitted, discharged in stays:
        if admitted > begins:
            home.append((begins, min(admitted, ends)))
        begins = max(begins, discharged)
    home.append((begins, ends))
    return [(start, stop) for start, stop in home if start < stop]


def _minutes(stretches: Iterable[Stretch]) -> int:
    whole = sum((stop - start for start, stop in stretches), start=timedelta())
    return whole // timedelta(minutes=1)
