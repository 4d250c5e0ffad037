"""Opening and correcting a person's record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from psycopg.types.range import Range

from renkei.care.patients.duplicates import Facts, surely_alike
from renkei.care.patients.events import team_changed
from renkei.care.patients.models import (
    AccessGrant,
    Certification,
    CertificationState,
    ContentClass,
    FormerName,
    GrantKind,
    Independence,
    Patient,
    PossibleDuplicate,
    TeamMember,
)
from renkei.care.patients.services.changes import change_row
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import municipality_index
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock, kana

NAME_CORRECTED = "訂正前"


@transaction.atomic
def register_patient(
    *,
    viewer: Viewer,
    values: Mapping[str, Any],
    certification: Mapping[str, Any] | None = None,
) -> Patient:
    """Open a record: the viewer's organisation becomes the host, the viewer its first member.

    No content is open to anybody before a consent; the host reads the basics, to ask for it.

    Raises:
        ValidationError: a value is missing or wrong.
    """
    membership = Membership.objects.select_related("organisation").get(pk=viewer.membership_id or 0)
    now = clock.now()
    patient = Patient(**values, host=membership.organisation, registered_at=now)
    patient.name_key, patient.kana_key = kana.fold(patient.name), kana.fold(patient.kana)
    patient.municipality = municipality_of(patient.address)
    patient.full_clean(validate_unique=False)
    patient.save()
    grant = AccessGrant.objects.create(
        patient=patient,
        kind=GrantKind.TEAM,
        membership=membership,
        organisation=membership.organisation,
        content_classes=[each.value for each in ContentClass],
        starts_at=now,
    )
    TeamMember.objects.create(
        patient=patient,
        organisation=membership.organisation,
        membership=membership,
        profession=membership.profession or membership.get_role_display(),
        is_host=True,
        grant=grant,
        invited_at=now,
        joined_at=now,
    )
    if certification:
        _certify(patient, certification)
    note_duplicates(patient)
    team_changed(patient)
    record_event(actor=viewer.actor, action="patient.registered", target=patient)
    return patient


@transaction.atomic
def correct_patient(*, viewer: Viewer, patient: Patient, values: Mapping[str, Any]) -> list[str]:
    """Correct what the record says of the person; the values before are kept.

    Returns:
        The names of the fields that are different now.

    Raises:
        ValidationError: a value is missing or wrong.
    """
    patient = locked(patient)
    old_name, old_kana = patient.name, patient.kana
    values = dict(values)
    if values.get("address", patient.address) != patient.address:
        patient.municipality = municipality_of(values["address"])
        patient.save(update_fields=["municipality"])
    changed = change_row(patient, values, patient=patient, viewer=viewer)
    if "name" in changed:
        FormerName.objects.create(
            patient=patient,
            name=old_name,
            kana=old_kana,
            name_key=kana.fold(old_name),
            reason=NAME_CORRECTED,
        )
    if not changed:
        return []
    note_duplicates(patient)
    record_event(
        actor=viewer.actor, action="patient.corrected", target=patient, detail={"fields": changed}
    )
    return changed


@transaction.atomic
def add_certification(
    *, viewer: Viewer, patient: Patient, values: Mapping[str, Any]
) -> Certification:
    """Write down a certified care level, or an application for one.

    A certification that runs on is shortened where the new one begins (区分変更); both stay.

    Raises:
        ValidationError: level or period is missing, or the period is taken.
    """
    row = _certify(locked(patient), values)
    record_event(
        actor=viewer.actor,
        action="patient.certified",
        target=patient,
        detail={"state": row.state},
    )
    return row


@transaction.atomic
def record_independence(
    *, viewer: Viewer, patient: Patient, values: Mapping[str, Any]
) -> Independence:
    """Write down the 自立度 as somebody judged it; earlier judgements stay.

    Raises:
        ValidationError: neither of the two was judged.
    """
    row = Independence(patient=patient, **values)
    if not (row.disability or row.dementia):
        raise ValidationError("どちらかの自立度を選んでください。")
    row.full_clean()
    row.save()
    record_event(actor=viewer.actor, action="patient.independence_judged", target=patient)
    return row


def locked(patient: Patient) -> Patient:
    """The row as it is now; nobody else changes the record meanwhile."""
    return Patient.objects.select_for_update(of=("self",)).select_related("host").get(pk=patient.pk)


def municipality_of(address: str) -> Area | None:
    """The municipality an address begins with, where it is certain."""
    if not address.strip():
        return None
    found = municipality_index(clock.today()).find(address)
    return Area.objects.filter(pk=found.id).first() if found else None


def note_duplicates(patient: Patient) -> None:
    """Note, in silence, older records of the whole installation that are surely the same person."""
    facts = Facts.of(patient)
    if not (facts.birth_on or facts.insured_number):
        return
    others = Patient.objects.filter(merged_into=None, disposed_at=None).exclude(pk=patient.pk)
    same_day = others.filter(birth_on=facts.birth_on) if facts.birth_on else others.none()
    if facts.insured_number:
        same_day = same_day | others.filter(insured_number=facts.insured_number)
    for other in same_day:
        if not surely_alike(facts, Facts.of(other)):
            continue
        newer, older = sorted((patient, other), key=lambda one: -one.pk)
        PossibleDuplicate.objects.get_or_create(
            newer=newer, older=older, defaults={"found_at": clock.now()}
        )


def _certify(patient: Patient, values: Mapping[str, Any]) -> Certification:
    row = Certification(patient=patient, recorded_at=clock.now(), **values)
    if row.state == CertificationState.CERTIFIED:
        _check_period(row.period)
        _make_room(patient, row.period)
    row.full_clean()
    row.save()
    return row


def _check_period(period: Any) -> None:
    if period is None or period.lower is None or period.upper is None:
        raise ValidationError(
            {"valid_from": "認定済のときは、有効期間の始まりと終わりを入力してください。"}
        )
    if period.upper <= period.lower:
        raise ValidationError(
            {"valid_until": "有効期間の終わりは、始まり以降の日付を入力してください。"}
        )


def _make_room(patient: Patient, period: Any) -> None:
    earlier = Certification.objects.filter(
        patient=patient,
        state=CertificationState.CERTIFIED,
        period__overlap=period,
        period__startswith__lt=period.lower,
    )
    for row in earlier:
        row.period = Range(row.period.lower, period.lower)
        row.save(update_fields=["period"])


def closed_period(first: date | None, last: date | None) -> Any:
    """A period as people say it, both days included; None where neither is known."""
    if first is None and last is None:
        return None
    if first and last and last < first:
        # Left to the check of the service: an empty range could not be told from a missing one.
        return Range(first, first)
    return Range(first, last + timedelta(days=1) if last else None)
