"""Writing about doctors and pairs. The caller has checked that the viewer may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.models import Patient
from renkei.care.patients.people_to_tell import team_user_ids
from renkei.care.patients.visibility import TEAM_ROLES
from renkei.care.timelines.queries.people import present_memberships
from renkei.care.transitions.acting import membership_of, organisation_of
from renkei.care.transitions.models import (
    Channel,
    DeputyCall,
    Doctor,
    DoctorPair,
    PairNotice,
    PairRecord,
)
from renkei.care.transitions.notices import PAIR_ASKED, PAIR_STARTED
from renkei.care.transitions.pair_states import Audience, PairState, PairStep, next_state
from renkei.care.transitions.services.told import Answer, confirm_told, require_name, tell_family
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
    offices = {main.organisation_id, deputy.organisation_id}
    people = present_memberships().filter(organisation_id__in=offices, role__in=TEAM_ROLES)
    notify(
        user_ids=people.values_list("user_id", flat=True),
        kind=PAIR_ASKED,
        path="/transitions/doctors/",
        dedupe_key=f"{PAIR_ASKED}:{pair.uid}",
    )
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

    A doctor's office agrees here under its own name; whoever agreed elsewhere is named.

    Raises:
        ValidationError: the step is not the next one, or nobody is named who agreed.
    """
    Patient.objects.select_for_update().get(pk=pair.patient_id)
    locked = DoctorPair.objects.select_for_update().get(pk=pair.pk)
    state = next_state(locked.state, step)
    if state is None:
        raise ValidationError("この組は先に進んでいます。画面を開き直してください。")
    name = _who_agreed(viewer, locked, step, Answer(channel, person_name))
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
    *,
    viewer: Viewer,
    pair: DoctorPair,
    audience: Audience,
    answer: Answer,
    has_nobody: bool = False,
) -> PairNotice:
    """Note that somebody who has to know said that they know: by themselves, or by telephone.

    Raises:
        ValidationError: the pair is not active, nobody is named, or it is confirmed already.
    """
    notice = PairNotice.objects.select_for_update().filter(pair=pair, audience=audience).first()
    if notice is None or DoctorPair.objects.get(pk=pair.pk).state != PairState.ACTIVE:
        raise ValidationError("実施中の組ではありません。画面を開き直してください。")
    confirm_told(notice, viewer, pair.patient, answer, has_nobody=has_nobody)
    record_event(
        actor=viewer.actor,
        action="pair.confirmed",
        target=pair,
        detail={"audience": audience.value, "channel": answer.channel.value},
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


def _who_agreed(viewer: Viewer, pair: DoctorPair, step: PairStep, answer: Answer) -> str:
    doctors = {PairStep.MAIN_AGREES: pair.main, PairStep.DEPUTY_AGREES: pair.deputy}
    if step not in {*doctors, PairStep.PATIENT_AGREES}:
        return require_storable(answer.person_name.strip())
    if answer.channel != Channel.SYSTEM:
        return require_name(answer)
    doctor = doctors.get(step)
    if doctor is None or doctor.organisation_id != viewer.organisation_id:
        raise ValidationError(
            {"channel": "電話や面談で聞いた返事は、その手段と答えた人を入力してください。"}
        )
    return viewer.name


def _require_room(main: Doctor) -> None:
    if main.most_patients is None:
        return
    count = DoctorPair.objects.filter(
        main=main, state=PairState.ACTIVE, patient__closed_on=None
    ).count()
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
        path=path_of(pair.patient),
        dedupe_key=f"{PAIR_STARTED}:{pair.uid}",
    )
    tell_family(pair.patient, str(pair.uid))


def path_of(patient: Patient) -> str:
    """Where a team reads whom to call."""
    return f"/transitions/patients/{patient.uid}/tonight/"
