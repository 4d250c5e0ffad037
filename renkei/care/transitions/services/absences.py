"""Doctors and offices that cannot be called for a while. The caller has checked who may say so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from renkei.care.patients.models import Patient
from renkei.care.patients.people_to_tell import team_user_ids
from renkei.care.transitions.acting import membership_of, organisation_of
from renkei.care.transitions.models import (
    Doctor,
    DoctorAbsence,
    DoctorPair,
    FirstContact,
    OfficeAbsence,
)
from renkei.care.transitions.notices import DOCTOR_AWAY, DOCTORS_BOTH_AWAY, OFFICE_AWAY
from renkei.care.transitions.pair_states import PairState
from renkei.care.transitions.services.doctors import path_of
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify

AnyAbsence = DoctorAbsence | OfficeAbsence


@transaction.atomic
def record_absence(
    *, viewer: Viewer, doctor: Doctor, starts_at: datetime, ends_at: datetime
) -> DoctorAbsence:
    """Note an absence: from its second on the other doctor of every active pair is called.

    The teams are told that something changed, never who or why; more urgently where both are away.

    Raises:
        ValidationError: it ends before it begins, or is over already.
    """
    Doctor.objects.select_for_update().get(pk=doctor.pk)
    absence = DoctorAbsence(
        doctor=doctor,
        starts_at=starts_at,
        ends_at=ends_at,
        recorded_at=clock.now(),
        recorded_by_id=membership_of(viewer),
    )
    _save(absence)
    _tell_of(absence, _pairs_with([doctor]))
    record_event(actor=viewer.actor, action="doctor.absence_recorded", target=absence)
    return absence


@transaction.atomic
def cancel_absence(*, viewer: Viewer, absence: DoctorAbsence) -> None:
    """The doctor is there after all; the teams are told again.

    Raises:
        ValidationError: it is cancelled already.
    """
    locked = DoctorAbsence.objects.select_for_update().get(pk=absence.pk)
    _cancel(locked)
    for pair in _pairs_with([locked.doctor]):
        _tell(pair.patient, DOCTOR_AWAY, f"{locked.uid}:cancelled")
    record_event(actor=viewer.actor, action="doctor.absence_cancelled", target=locked)


@transaction.atomic
def record_office_absence(
    *, viewer: Viewer, starts_at: datetime, ends_at: datetime
) -> OfficeAbsence:
    """Close the viewer's own office for a while: deputies are called, its rosters rest.

    Raises:
        ValidationError: it ends before it begins, or is over already.
    """
    office = Organisation.objects.select_for_update().get(pk=organisation_of(viewer))
    absence = OfficeAbsence(
        organisation=office,
        starts_at=starts_at,
        ends_at=ends_at,
        recorded_at=clock.now(),
        recorded_by_id=membership_of(viewer),
    )
    _save(absence)
    pairs = _pairs_with(Doctor.objects.filter(organisation=office))
    _tell_of(absence, pairs)
    for patient in _called_at(office, but={pair.patient_id for pair in pairs}):
        _tell(patient, OFFICE_AWAY, str(absence.uid))
    record_event(actor=viewer.actor, action="office.absence_recorded", target=absence)
    return absence


@transaction.atomic
def cancel_office_absence(*, viewer: Viewer, absence: OfficeAbsence) -> None:
    """The office is open after all; the teams are told again.

    Raises:
        ValidationError: it is cancelled already.
    """
    locked = OfficeAbsence.objects.select_for_update().get(pk=absence.pk)
    _cancel(locked)
    office = locked.organisation
    pairs = _pairs_with(Doctor.objects.filter(organisation=office))
    patients = {pair.patient_id: pair.patient for pair in pairs}
    for patient in (*patients.values(), *_called_at(office, but=set(patients))):
        _tell(patient, OFFICE_AWAY, f"{locked.uid}:cancelled")
    record_event(actor=viewer.actor, action="office.absence_cancelled", target=locked)


def _save(absence: AnyAbsence) -> None:
    absence.full_clean()
    if absence.ends_at <= clock.now():
        raise ValidationError({"ends_at": "終わりは、いまより後の日時を入力してください。"})
    absence.save()


def _cancel(absence: AnyAbsence) -> None:
    if absence.cancelled_at is not None:
        raise ValidationError("この不在はすでに取り消されています。")
    absence.cancelled_at = clock.now()
    absence.save(update_fields=["cancelled_at"])


def _pairs_with(doctors: Iterable[Doctor]) -> list[DoctorPair]:
    keys = [doctor.pk for doctor in doctors]
    return list(
        DoctorPair.objects.filter(
            Q(main__in=keys) | Q(deputy__in=keys),
            state=PairState.ACTIVE,
            patient__closed_on=None,
        ).select_related("patient", "main", "deputy")
    )


def _called_at(office: Organisation, *, but: set[int]) -> list[Patient]:
    contacts = FirstContact.objects.filter(
        ended_at=None,
        roster__organisation=office,
        roster__ended_at=None,
        patient__closed_on=None,
    ).exclude(patient__in=but)
    return list(Patient.objects.filter(pk__in=contacts.values("patient")).order_by("pk"))


def _tell_of(absence: AnyAbsence, pairs: Iterable[DoctorPair]) -> None:
    for pair in pairs:
        both = _is_away(pair.main, absence) and _is_away(pair.deputy, absence)
        _tell(pair.patient, DOCTORS_BOTH_AWAY if both else DOCTOR_AWAY, str(absence.uid))


def _is_away(doctor: Doctor, absence: AnyAbsence) -> bool:
    """Whether a doctor is away at some time of an absence, which is saved already."""
    same_time = {
        "cancelled_at": None,
        "starts_at__lt": absence.ends_at,
        "ends_at__gt": absence.starts_at,
    }
    offices = OfficeAbsence.objects.filter(organisation=doctor.organisation_id, **same_time)
    return DoctorAbsence.objects.filter(doctor=doctor, **same_time).exists() or offices.exists()


def _tell(patient: Patient, kind: str, key: str) -> None:
    notify(
        user_ids=team_user_ids(patient),
        kind=kind,
        path=path_of(patient),
        dedupe_key=f"{kind}:{key}:{patient.uid}",
    )
