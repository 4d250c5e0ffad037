"""Which doctors and offices are away in a window, of those whom one would call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from renkei.care.transitions.duty_rosters import DutyRoster
from renkei.care.transitions.models import DoctorAbsence, OfficeAbsence
from renkei.care.transitions.queries.doctors import doctor_ids_of, roster_ids_of


@dataclass(frozen=True)
class Away:
    """One absence: who, of which office (alone where the whole office is closed), from when."""

    starts_at: datetime
    ends_at: datetime
    office: str
    doctor: str = ""


def away_of(rosters: Iterable[DutyRoster], *, since: datetime, until: datetime) -> list[Away]:
    """The absences that change whom one calls, the earliest first; two queries."""
    called = set(rosters)
    doctors = doctor_ids_of(called)
    held = Q(starts_at__lt=until, ends_at__gt=since, cancelled_at=None)
    found = [
        Away(row.starts_at, row.ends_at, row.doctor.organisation.name, row.doctor.name)
        for row in DoctorAbsence.objects.filter(held, doctor__in=doctors).select_related(
            "doctor__organisation"
        )
    ]
    offices = OfficeAbsence.objects.filter(
        Q(organisation__doctors__in=doctors) | Q(organisation__rosters__in=roster_ids_of(called)),
        held,
    )
    found += [
        Away(row.starts_at, row.ends_at, row.organisation.name)
        for row in offices.select_related("organisation").distinct()
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.office, one.doctor))
