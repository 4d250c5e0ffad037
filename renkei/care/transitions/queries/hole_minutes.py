"""How many minutes persons at home had nobody to call: counts only, never through a viewer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from renkei.care.patients.models import Patient
from renkei.care.transitions.duty_times import instant_of
from renkei.care.transitions.first_contacts import Span
from renkei.care.transitions.models import CoordinationCase
from renkei.care.transitions.queries.duties import watched
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import descendants_on

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class HoleCount:
    """Minutes without a first contact, of how many minutes at home, over how many persons."""

    minutes: int
    minutes_at_home: int
    persons: int


def hole_minutes(area: Area | None, first: date, last: date) -> HoleCount:
    """From the first day's midnight to the end of the last, over the persons who live in an area.

    None: everywhere. Nobody counts while in hospital, before the record or after its end. The
    order in which offices are called is taken as it is now; rosters and absences as they were.
    """
    since, until = instant_of(first, 0), instant_of(last + timedelta(days=1), 0)
    patients = _patients(area, first, until=until)
    stays = _stays([patient.pk for patient in patients], since=since, until=until)
    minutes = at_home = persons = 0
    for one in watched(patients, since=since, until=until):
        home = _home(one.patient, stays[one.patient.pk], since=since, until=until)
        if not home:
            continue
        persons += 1
        at_home += _minutes(home)
        minutes += _minutes(_cut(_holes(one.spans), home))
    return HoleCount(minutes, at_home, persons)


def _patients(area: Area | None, first: date, *, until: datetime) -> list[Patient]:
    rows = Patient.objects.filter(
        Q(closed_on=None) | Q(closed_on__gte=first),
        merged_into=None,
        disposed_at=None,
        registered_at__lt=until,
    )
    if area is not None:
        rows = rows.filter(municipality__in=descendants_on(area, first))
    return list(rows)


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


def _home(
    patient: Patient, stays: Iterable[Stretch], *, since: datetime, until: datetime
) -> list[Stretch]:
    begin = max(since, patient.registered_at)
    end = until
    if patient.closed_on is not None:
        end = min(until, instant_of(patient.closed_on, 0))
    home = []
    for admitted, discharged in stays:
        if admitted > begin:
            home.append((begin, min(admitted, end)))
        begin = max(begin, discharged)
    home.append((begin, end))
    return [(start, stop) for start, stop in home if start < stop]


def _holes(spans: Iterable[Span]) -> list[Stretch]:
    return [(span.starts_at, span.ends_at) for span in spans if span.is_hole]


def _cut(holes: Iterable[Stretch], home: Iterable[Stretch]) -> list[Stretch]:
    both = [(max(one[0], other[0]), min(one[1], other[1])) for one in holes for other in list(home)]
    return [(start, stop) for start, stop in both if start < stop]


def _minutes(stretches: Iterable[Stretch]) -> int:
    whole = sum((stop - start for start, stop in stretches), start=timedelta())
    return whole // timedelta(minutes=1)
