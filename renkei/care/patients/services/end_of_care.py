"""The end of care (T-D4): freeze, keep, review, destroy, certify."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.disposal import RECORD, destroyers
from renkei.care.patients.events import team_changed
from renkei.care.patients.models import Disposal, EmergencyCard, EndOfCare, Patient, RetentionRule
from renkei.care.patients.notices import DISPOSAL_DUE
from renkei.care.patients.people_to_tell import officer_user_ids
from renkei.care.patients.queries_end_of_care import label_of_class, retention, years_after
from renkei.care.patients.services.destroying import persons_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify


@transaction.atomic
def close_patient(*, viewer: Viewer, patient: Patient, because: str, on: date) -> None:
    """Freeze the record: it stays readable, takes nothing new, and its retention begins.

    Raises:
        ValidationError: it is closed already, or the day is to come.
    """
    locked = Patient.objects.select_for_update().get(pk=patient.pk)
    if locked.is_closed:
        raise ValidationError("この方の支援はすでに終了しています。")
    if on > clock.today():
        raise ValidationError({"on": "終了日には、きょうまでの日付を入力してください。"})
    now = clock.now()
    locked.closed_on, locked.closed_because = on, EndOfCare(because)
    locked.save(update_fields=["closed_on", "closed_because"])
    EmergencyCard.objects.filter(patient=locked, revoked_at=None).update(revoked_at=now)
    Disposal.objects.bulk_create(
        Disposal(
            patient=locked,
            document_class=one.code,
            due_on=years_after(on, one.years),
            proposed_at=now,
        )
        for one in retention()
    )
    team_changed(locked)
    record_event(
        actor=viewer.actor, action="patient.closed", target=locked, detail={"because": because}
    )


@transaction.atomic
def reopen_patient(*, viewer: Viewer, patient: Patient) -> None:
    """Take a mistaken end back, while nothing was destroyed.

    Raises:
        ValidationError: part of the record is gone.
    """
    locked = Patient.objects.select_for_update().get(pk=patient.pk)
    if locked.disposals.filter(disposed_at__isnull=False).exists():
        raise ValidationError("記録の一部を廃棄したあとは、支援の終了を取り消せません。")
    locked.disposals.all().delete()
    locked.closed_on, locked.closed_because = None, ""
    locked.save(update_fields=["closed_on", "closed_because"])
    record_event(actor=viewer.actor, action="patient.reopened", target=locked)


@transaction.atomic
def change_retention(*, viewer: Viewer, years: Mapping[str, int], basis: Mapping[str, str]) -> None:
    """Set the years of each class. Records that ended before are reckoned anew."""
    for one in retention():
        RetentionRule.objects.update_or_create(
            document_class=one.code,
            defaults={
                "label": one.label,
                "years": years[one.code],
                "basis": basis.get(one.code, ""),
            },
        )
    waiting = Disposal.objects.filter(disposed_at=None).select_related("patient")
    for disposal in waiting.select_for_update(of=("self",)):
        if disposal.patient.closed_on is not None and disposal.document_class in years:
            disposal.due_on = years_after(
                disposal.patient.closed_on, years[disposal.document_class]
            )
            disposal.save(update_fields=["due_on"])
    record_event(
        actor=viewer.actor,
        action="patients.retention_changed",
        target=("patients.retentionrule", "all"),
        detail={"years": dict(years)},
    )


@transaction.atomic
def hold_disposal(*, viewer: Viewer, disposal: Disposal, because: str) -> None:
    """A legal hold: the thing stays, however old, until somebody lifts it.

    Raises:
        ValidationError: it is destroyed already.
    """
    locked = _waiting(disposal)
    locked.held_because = because
    locked.save(update_fields=["held_because"])
    record_event(actor=viewer.actor, action="disposal.held", target=locked)


@transaction.atomic
def lift_hold(*, viewer: Viewer, disposal: Disposal) -> None:
    """The reason for keeping it is over."""
    locked = _waiting(disposal)
    locked.held_because = ""
    locked.save(update_fields=["held_because"])
    record_event(actor=viewer.actor, action="disposal.hold_lifted", target=locked)


@transaction.atomic
def dispose(*, viewer: Viewer, disposal: Disposal) -> Disposal:
    """Destroy one class of one record for good, in every room, in one transaction.

    What stays is this row: class, day, counts and who decided; and the audit trail, which never
    held content.

    Raises:
        ValidationError: not due, held, or the person's identity before the rest.
    """
    locked = _waiting(disposal)
    patient = Patient.objects.select_for_update().get(pk=locked.patient_id)
    _require_disposable(locked, patient)
    counts = {
        name: sum(
            destroy(actor=viewer.actor, patient=person, document_class=locked.document_class)
            for person in persons_of(patient)
        )
        for name, destroy in destroyers().items()
    }
    locked.counts = {name: count for name, count in counts.items() if count}
    locked.disposed_at, locked.approved_by_id = clock.now(), viewer.membership_id
    locked.save()
    record_event(
        actor=viewer.actor,
        action="disposal.done",
        target=locked,
        detail={"class": locked.document_class, "counts": locked.counts},
    )
    return locked


@transaction.atomic
def remind_of_due_disposals() -> int:
    """Tell the officers what is due; run each morning.

    Returns:
        How many records have something due.
    """
    due = Patient.objects.filter(
        disposals__disposed_at=None,
        disposals__held_because="",
        disposals__due_on__lte=clock.today(),
    ).select_related("host", "municipality")
    patients = list(due.distinct())
    for patient in patients:
        notify(
            user_ids=officer_user_ids(patient),
            kind=DISPOSAL_DUE,
            path="/patients/disposals/",
            dedupe_key=DISPOSAL_DUE,
        )
    return len(patients)


def _waiting(disposal: Disposal) -> Disposal:
    locked = Disposal.objects.select_for_update(of=("self",)).get(pk=disposal.pk)
    if locked.disposed_at is not None:
        raise ValidationError("この記録はすでに廃棄されています。")
    return locked


def _require_disposable(disposal: Disposal, patient: Patient) -> None:
    if disposal.held_because:
        raise ValidationError("廃棄が保留されています。保留を解いてから廃棄してください。")
    if not patient.is_closed or disposal.due_on > clock.today():
        raise ValidationError("保存期限が過ぎていません。期限が過ぎてから廃棄してください。")
    others = patient.disposals.filter(disposed_at=None).exclude(pk=disposal.pk)
    if disposal.document_class == RECORD and others.exists():
        labels = "、".join(label_of_class(one.document_class) for one in others)
        raise ValidationError(f"先に、ほかの記録（{labels}）を廃棄してください。")
