"""Doctors, their pairs and absences; in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from renkei.care.patients.models import Patient
from renkei.care.patients.queries import patients_visible_to
from renkei.care.transitions.duty_rosters import Absence, DutyRoster, Slot, WeeklyRow, Who
from renkei.care.transitions.duty_times import DAY, parse_times
from renkei.care.transitions.first_contacts import Step
from renkei.care.transitions.models import (
    DeputyCall,
    Doctor,
    DoctorAbsence,
    DoctorPair,
    OfficeAbsence,
    PairNotice,
)
from renkei.care.transitions.pair_states import OVER, PairState, PairStep, is_arranged
from renkei.care.transitions.rules_duties import keeps_rosters_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

WEEKDAYS = 7


@dataclass(frozen=True)
class Load:
    """How much one doctor carries, for the review of a month."""

    doctor: Doctor
    main_count: int
    deputy_count: int
    call_count: int

    @property
    def is_full(self) -> bool:
        most = self.doctor.most_patients
        return most is not None and self.main_count >= most


@dataclass(frozen=True)
class PairStatus:
    """A pair and whether everybody knows it."""

    pair: DoctorPair
    notices: Sequence[PairNotice]

    @property
    def is_arranged(self) -> bool:
        confirmed = {each.audience for each in self.notices if each.confirmed_at}
        return is_arranged(self.pair.state, confirmed)


@dataclass(frozen=True)
class Asked:
    """A pair that waits for a doctor's yes; the person only where the viewer sees them."""

    pair: DoctorPair
    patient: Patient | None

    @property
    def step(self) -> PairStep:
        """What saying yes means."""
        is_main = self.pair.state == PairState.PROPOSED
        return PairStep.MAIN_AGREES if is_main else PairStep.DEPUTY_AGREES

    @property
    def doctor(self) -> Doctor:
        return self.pair.main if self.step == PairStep.MAIN_AGREES else self.pair.deputy


def doctors_kept_by(viewer: Viewer) -> QuerySet[Doctor]:
    """The doctors of the viewer's own organisation."""
    if viewer.organisation_id is None or not keeps_rosters_of(viewer, viewer.organisation_id):
        return Doctor.objects.none()
    return Doctor.objects.filter(organisation_id=viewer.organisation_id, ended_at=None).order_by(
        "name", "pk"
    )


def doctor_for(viewer: Viewer, uid: UUID) -> Doctor:
    """One doctor the viewer's organisation keeps.

    Raises:
        Doctor.DoesNotExist: unknown, or another organisation's: the same.
    """
    return doctors_kept_by(viewer).get(uid=uid)


def absences_ahead_of(viewer: Viewer) -> QuerySet[DoctorAbsence]:
    """The absences of the viewer's doctors that are not over."""
    return (
        DoctorAbsence.objects.filter(
            doctor__in=doctors_kept_by(viewer), cancelled_at=None, ends_at__gt=clock.now()
        )
        .select_related("doctor")
        .order_by("starts_at")
    )


def office_absences_ahead_of(viewer: Viewer) -> QuerySet[OfficeAbsence]:
    """When the viewer's own office is closed, as far as it is not over."""
    if viewer.organisation_id is None or not keeps_rosters_of(viewer, viewer.organisation_id):
        return OfficeAbsence.objects.none()
    return OfficeAbsence.objects.filter(
        organisation=viewer.organisation_id, cancelled_at=None, ends_at__gt=clock.now()
    ).order_by("starts_at")


def pairs_asking(viewer: Viewer) -> list[Asked]:
    """What the doctors of the viewer's organisation are asked; whose, only to who may know."""
    own = doctors_kept_by(viewer)
    pairs = (
        DoctorPair.objects.filter(
            Q(state=PairState.PROPOSED, main__in=own) | Q(state=PairState.MAIN_OK, deputy__in=own),
            patient__closed_on=None,
        )
        .select_related("patient__host", "main", "deputy")
        .order_by("proposed_at", "pk")
    )
    known = set(
        patients_visible_to(viewer)
        .filter(pk__in=[pair.patient_id for pair in pairs])
        .values_list("pk", flat=True)
    )
    return [Asked(pair, pair.patient if pair.patient_id in known else None) for pair in pairs]


def doctors_offered() -> QuerySet[Doctor]:
    """Who can be asked to be somebody's doctor."""
    return (
        Doctor.objects.filter(ended_at=None)
        .select_related("organisation")
        .order_by("organisation__name", "name")
    )


def present_pairs_of(patient: Patient) -> list[PairStatus]:
    """The active pair and the one being arranged, the active one first."""
    pairs = (
        DoctorPair.objects.filter(patient=patient)
        .exclude(state__in=OVER)
        .select_related("main__organisation", "deputy__organisation")
        .prefetch_related("notices", "records", "calls__went")
    )
    found = [PairStatus(pair, list(pair.notices.all())) for pair in pairs]
    return sorted(found, key=lambda one: one.pair.state != PairState.ACTIVE)


def loads_of(viewer: Viewer, *, since: datetime) -> list[Load]:
    """What each doctor of the viewer's organisation carries, and how often a deputy was called."""
    doctors = list(doctors_kept_by(viewer))
    active = DoctorPair.objects.filter(state=PairState.ACTIVE, patient__closed_on=None)
    main = _counted(active.filter(main__in=doctors), "main")
    deputy = _counted(active.filter(deputy__in=doctors), "deputy")
    calls = _counted(DeputyCall.objects.filter(went__in=doctors, at__gte=since), "went")
    return [
        Load(each, main.get(each.pk, 0), deputy.get(each.pk, 0), calls.get(each.pk, 0))
        for each in doctors
    ]


def _counted(rows: QuerySet, column: str) -> dict[int, int]:  # type: ignore[type-arg]  # of any model
    return dict(rows.values_list(column).annotate(count=Count("pk")).order_by(column))


def pair_of(patient: Patient, uid: UUID) -> DoctorPair | None:
    """One pair of this person."""
    return DoctorPair.objects.filter(patient=patient, uid=uid).first()


def office_key(organisation_id: int) -> str:
    """What finds the absences of a whole office."""
    return f"office:{organisation_id}"


def _doctor_key(doctor_id: int) -> str:
    return f"doctor:{doctor_id}"


def doctor_ids_of(rosters: Iterable[DutyRoster]) -> set[int]:
    """The doctors among what can be called; the others are rosters of offices."""
    keys = (roster.key.partition(":") for roster in rosters)
    return {int(key) for kind, _, key in keys if kind == "doctor"}


def roster_ids_of(rosters: Iterable[DutyRoster]) -> set[int]:
    """The rosters of offices among what can be called."""
    return {int(roster.key) for roster in rosters if roster.key.isdigit()}


def absences_in(steps: Iterable[Step], *, since: datetime, until: datetime) -> list[Absence]:
    """When the doctors and offices of these steps cannot be called; three queries."""
    doctors: set[int] = set()
    offices: set[int] = set()
    for step in set(steps):
        for who in step.roster.everybody():
            kind, _, key = who.key.partition(":")
            (doctors if kind == "doctor" else offices).add(int(key))
    held = Q(starts_at__lt=until, ends_at__gt=since, cancelled_at=None)
    found = [
        Absence(_doctor_key(row.doctor_id), row.starts_at, row.ends_at)
        for row in DoctorAbsence.objects.filter(held, doctor__in=doctors)
    ]
    closed = OfficeAbsence.objects.filter(held)
    found += [
        Absence(office_key(row.organisation_id), row.starts_at, row.ends_at)
        for row in closed.filter(organisation__in=offices)
    ]
    # An office that is closed takes its doctors along.
    of_doctors = closed.filter(organisation__doctors__in=doctors)
    rows = of_doctors.values_list("organisation__doctors__pk", "starts_at", "ends_at")
    return found + [Absence(_doctor_key(key), starts, ends) for key, starts, ends in rows]


def roster_of_doctor(doctor: Doctor) -> DutyRoster:
    """A doctor's hours as the rules read them."""
    key = _doctor_key(doctor.pk)
    who = Who(doctor.name, doctor.phone, key)
    return DutyRoster(
        key=key, label=doctor.organisation.name, phone=doctor.phone, weekly=_hours(doctor, who)
    )


def _hours(doctor: Doctor, who: Who) -> tuple[WeeklyRow, ...]:
    if doctor.takes_nights:
        return tuple(WeeklyRow(day, Slot(0, DAY, who)) for day in range(WEEKDAYS))
    return tuple(
        WeeklyRow(int(day), Slot(*parse_times(f"{begins}-{ends}"), who))
        for day, hours in doctor.weekly_hours.items()
        for begins, ends in hours
    )
