"""Which doctors and offices of these persons are away in a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from renkei.care.patients.models import Patient
from renkei.care.transitions.models import (
    DoctorAbsence,
    DoctorPair,
    FirstContact,
    OfficeAbsence,
)
from renkei.care.transitions.pair_states import PairState


@dataclass(frozen=True)
class Away:
    """One absence: who, of which office (alone where the whole office is closed), from when."""

    starts_at: datetime
    ends_at: datetime
    office: str
    doctor: str = ""


def away_between(patients: Sequence[Patient], *, since: datetime, until: datetime) -> list[Away]:
    """The absences that change whom one calls for these persons, the earliest first."""
    pairs = DoctorPair.objects.filter(patient__in=patients, state=PairState.ACTIVE)
    held = Q(starts_at__lt=until, ends_at__gt=since, cancelled_at=None)
    doctors = DoctorAbsence.objects.filter(
        Q(doctor__in=pairs.values("main")) | Q(doctor__in=pairs.values("deputy")), held
    ).select_related("doctor__organisation")
    rosters = FirstContact.objects.filter(patient__in=patients, roster__ended_at=None)
    offices = OfficeAbsence.objects.filter(
        Q(organisation__in=pairs.values("main__organisation"))
        | Q(organisation__in=pairs.values("deputy__organisation"))
        | Q(organisation__in=rosters.values("roster__organisation")),
        held,
    ).select_related("organisation")
    found = [
        Away(row.starts_at, row.ends_at, row.doctor.organisation.name, row.doctor.name)
        for row in doctors
    ]
    found += [Away(row.starts_at, row.ends_at, row.organisation.name) for row in offices]
    return sorted(found, key=lambda one: (one.starts_at, one.office, one.doctor))
