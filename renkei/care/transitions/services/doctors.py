"""Writing about doctors and pairs. The caller has checked that the viewer may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from renkei.care.patients.models import Patient
from renkei.care.patients.people_to_tell import team_user_ids
from renkei.care.transitions.acting import membership_of, organisation_of
from renkei.care.transitions.models import (
    Channel,
    DeputyCall,
    Doctor,
    DoctorAbsence,
    DoctorPair,
    PairNotice,
    PairRecord,
)
from renkei.care.transitions.notices import DOCTOR_AWAY, DOCTORS_BOTH_AWAY, PAIR_STARTED
from renkei.care.transitions.pair_states import Audience, PairState, PairStep, next_state
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.phones import require_phone
from renkei.foundation.common.text import require_storable
from renkei.foundation.notifications.services import notify


@dataclass(frozen=True)
class NewDoctor:
    """What the register keeps of a doctor."""

    name: str
    phone: str
    may_be_deputy: bool = False
    takes_nights: bool = False
    weekly_hours: dict[str, list[list[str]]] | None = None
    area_note: str = ""
    most_patients: int | None = None


@transaction.atomic
def save_doctor(*, viewer: Viewer, doctor: Doctor | None, new: NewDoctor) -> Doctor:
    """Take a doctor of the viewer's organisation into the register, or write anew.

    Raises:
        ValidationError: no name, or no telephone number.
    """
    doctor = doctor or Doctor(organisation_id=organisation_of(viewer))
    doctor.name = require_storable(new.name.strip())
    doctor.phone = require_phone(new.phone)
    doctor.may_be_deputy = new.may_be_deputy
    doctor.takes_nights = new.takes_nights
    doctor.weekly_hours = new.weekly_hours or {}
    doctor.area_note = require_storable(new.area_note.strip())
    doctor.most_patients = new.most_patients
    doctor.updated_at = clock.now()
    doctor.full_clean()
    doctor.save()
    record_event(actor=viewer.actor, action="doctor.saved", target=doctor)
    return doctor


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
    absence.full_clean()
    if ends_at <= clock.now():
        raise ValidationError({"ends_at": "終わりは、いまより後の日時を入力してください。"})
    absence.save()
    for pair in _active_pairs_of(doctor):
        _tell_of_absence(pair, absence)
    record_event(actor=viewer.actor, action="doctor.absence_recorded", target=absence)
    return absence


@transaction.atomic
def cancel_absence(*, viewer: Viewer, absence: DoctorAbsence) -> None:
    """The doctor is there after all; the teams are told again."""
    locked = DoctorAbsence.objects.select_for_update().get(pk=absence.pk)
    if locked.cancelled_at is not None:
        raise ValidationError("この不在はすでに取り消されています。")
    locked.cancelled_at = clock.now()
    locked.save(update_fields=["cancelled_at"])
    for pair in _active_pairs_of(locked.doctor):
        notify(
            user_ids=team_user_ids(pair.patient),
            kind=DOCTOR_AWAY,
            path=_path(pair),
            dedupe_key=f"{DOCTOR_AWAY}:{locked.uid}:cancelled:{pair.uid}",
        )
    record_event(actor=viewer.actor, action="doctor.absence_cancelled", target=locked)


@transaction.atomic
def propose_pair(*, viewer: Viewer, patient: Patient, main: Doctor, deputy: Doctor) -> DoctorPair:
    """Ask for a main doctor and a deputy.

    Raises:
        ValidationError: the same doctor twice, the deputy takes no deputy's place, either is full,
            or another proposal is under way.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    if not deputy.may_be_deputy:
        raise ValidationError(
            {"deputy": "この医師は副主治医を受けていません。別の医師を選んでください。"}
        )
    waiting = (PairState.PROPOSED, PairState.MAIN_OK, PairState.DEPUTY_OK, PairState.PATIENT_OK)
    if DoctorPair.objects.filter(patient=patient, state__in=waiting).exists():
        raise ValidationError("申し込み中の組があります。先にそれを進めるか、終えてください。")
    _require_room(main)
    pair = DoctorPair(
        patient=patient,
        main=main,
        deputy=deputy,
        proposed_at=clock.now(),
        previous=DoctorPair.objects.filter(patient=patient, state=PairState.ACTIVE).first(),
    )
    pair.full_clean()
    pair.save()
    record_event(actor=viewer.actor, action="pair.proposed", target=pair)
    return pair


@transaction.atomic
def take_step(
    *,
    viewer: Viewer,
    pair: DoctorPair,
    step: PairStep,
    channel: Channel = Channel.SYSTEM,
    person_name: str = "",
) -> DoctorPair:
    """Let a pair go one step on. Starting it ends the one before and tells who has to know.

    Raises:
        ValidationError: the step is not the next one, or nobody is named who agreed.
    """
    Patient.objects.select_for_update().get(pk=pair.patient_id)
    locked = DoctorPair.objects.select_for_update().get(pk=pair.pk)
    state = next_state(locked.state, step)
    if state is None:
        raise ValidationError("この組は先に進んでいます。画面を開き直してください。")
    name = require_storable(person_name.strip())
    agrees = {PairStep.MAIN_AGREES, PairStep.DEPUTY_AGREES, PairStep.PATIENT_AGREES}
    if step in agrees and not name:
        raise ValidationError({"person_name": "答えた人の名前を入力してください。"})
    now = clock.now()
    PairRecord.objects.create(
        pair=locked,
        step=step,
        at=now,
        channel=channel,
        person_name=name,
        recorded_at=now,
        recorded_by_id=membership_of(viewer),
    )
    if state == PairState.ACTIVE:
        _start(locked, now)
    elif state in {PairState.CHANGED, PairState.ENDED}:
        locked.ended_at = now
    locked.state = state
    locked.full_clean()
    locked.save()
    record_event(
        actor=viewer.actor, action="pair.stepped", target=locked, detail={"step": step.value}
    )
    return locked


@transaction.atomic
def confirm_notice(
    *, viewer: Viewer, pair: DoctorPair, audience: Audience, channel: Channel, person_name: str
) -> PairNotice:
    """Note that somebody who has to know said that they know: by themselves, or by telephone.

    Raises:
        ValidationError: the pair is not active, nobody is named, or it is confirmed already.
    """
    notice = PairNotice.objects.select_for_update().filter(pair=pair, audience=audience).first()
    if notice is None or DoctorPair.objects.get(pk=pair.pk).state != PairState.ACTIVE:
        raise ValidationError("実施中の組ではありません。画面を開き直してください。")
    if notice.confirmed_at is not None:
        raise ValidationError("すでに確かめられています。")
    name = require_storable(person_name.strip())
    if not name:
        raise ValidationError({"person_name": "確かめた人の名前を入力してください。"})
    notice.confirmed_at = clock.now()
    notice.confirmed_name = name
    notice.channel = channel
    notice.recorded_by_id = membership_of(viewer)
    notice.save()
    record_event(
        actor=viewer.actor,
        action="pair.confirmed",
        target=pair,
        detail={"audience": audience.value, "channel": channel.value},
    )
    return notice


@transaction.atomic
def record_deputy_call(
    *,
    viewer: Viewer,
    pair: DoctorPair,
    at: datetime,
    went: Doctor,
    reason: str,
    outcome: str,
) -> DeputyCall:
    """Note that the deputy was called upon.

    Raises:
        ValidationError: it lies ahead, a word is missing, or another doctor went.
    """
    if at > clock.now():
        raise ValidationError({"at": "呼んだ日時は、いままでの日時を入力してください。"})
    if went.pk not in {pair.main_id, pair.deputy_id}:
        raise ValidationError({"went": "この組の医師を選んでください。"})
    call = DeputyCall(
        pair=pair,
        at=at,
        went=went,
        reason=require_storable(reason.strip()),
        outcome=require_storable(outcome.strip()),
        recorded_at=clock.now(),
        recorded_by_id=membership_of(viewer),
    )
    call.full_clean()
    call.save()
    record_event(actor=viewer.actor, action="pair.deputy_called", target=pair)
    return call


def _require_room(main: Doctor) -> None:
    if main.most_patients is None:
        return
    count = DoctorPair.objects.filter(main=main, state=PairState.ACTIVE).count()
    if count >= main.most_patients:
        raise ValidationError({"main": "この医師は受け持てる人数に達しています。"})


def _start(pair: DoctorPair, now: datetime) -> None:
    DoctorPair.objects.filter(patient_id=pair.patient_id, state=PairState.ACTIVE).exclude(
        pk=pair.pk
    ).update(state=PairState.CHANGED, ended_at=now)
    pair.started_at = now
    PairNotice.objects.bulk_create(
        PairNotice(pair=pair, audience=audience, told_at=now) for audience in Audience
    )
    notify(
        user_ids=team_user_ids(pair.patient),
        kind=PAIR_STARTED,
        path=_path(pair),
        dedupe_key=f"{PAIR_STARTED}:{pair.uid}",
    )


def _active_pairs_of(doctor: Doctor) -> list[DoctorPair]:
    return list(
        DoctorPair.objects.filter(
            Q(main=doctor) | Q(deputy=doctor), state=PairState.ACTIVE, patient__closed_on=None
        ).select_related("patient")
    )


def _tell_of_absence(pair: DoctorPair, absence: DoctorAbsence) -> None:
    other = pair.deputy_id if absence.doctor_id == pair.main_id else pair.main_id
    both = DoctorAbsence.objects.filter(
        doctor_id=other,
        cancelled_at=None,
        starts_at__lt=absence.ends_at,
        ends_at__gt=absence.starts_at,
    ).exists()
    kind = DOCTORS_BOTH_AWAY if both else DOCTOR_AWAY
    notify(
        user_ids=team_user_ids(pair.patient),
        kind=kind,
        path=_path(pair),
        dedupe_key=f"{kind}:{absence.uid}:{pair.uid}",
    )


def _path(pair: DoctorPair) -> str:
    return f"/transitions/patients/{pair.patient.uid}/tonight/"
