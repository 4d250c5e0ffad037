"""Agreements with hospitals, and calls to them. The caller has checked that the viewer may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.queries import may_read
from renkei.care.transitions.acting import membership_of
from renkei.care.transitions.emergency_states import (
    OPEN,
    CallState,
    CallStep,
    CancelReason,
    RefusalReason,
    next_state,
)
from renkei.care.transitions.models import (
    AgreementNotice,
    Channel,
    EmergencyAgreement,
    EmergencyCall,
    EmergencyCallRecord,
)
from renkei.care.transitions.pair_states import Audience
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.kana import fold
from renkei.foundation.common.phones import require_phone
from renkei.foundation.common.text import require_storable


@dataclass(frozen=True)
class HospitalChoice:
    """A party here, or a hospital outside by its name."""

    organisation: Organisation | None = None
    name: str = ""
    phone: str = ""

    @property
    def key(self) -> str:
        return f"org:{self.organisation.pk}" if self.organisation else f"name:{fold(self.name)}"

    def values(self) -> dict[str, object]:
        """The columns of ``HospitalFields``.

        Raises:
            ValidationError: no name, or no telephone number in ``phone``.
        """
        name = self.organisation.name if self.organisation else require_storable(self.name.strip())
        if not name:
            raise ValidationError({"hospital_name": "病院の名称を入力してください。"})
        return {
            "hospital": self.organisation,
            "hospital_name": name,
            "hospital_key": self.key,
            "hospital_phone": require_phone(self.phone) if self.phone.strip() else "",
        }


@dataclass(frozen=True)
class Terms:
    """On what terms a hospital takes a person in."""

    beds: str = ""
    hours: str = ""
    not_accepted: str = ""
    transport: str = ""
    information: str = ""


@dataclass(frozen=True)
class Answer:
    """Who said something, by what means, when. A telephone call is recorded as one."""

    channel: Channel
    person_name: str = ""
    at: datetime | None = None


@transaction.atomic
def agree(
    *,
    viewer: Viewer,
    patient: Patient,
    hospital: HospitalChoice,
    terms: Terms,
    confirmed_on: date,
    answer: Answer,
) -> EmergencyAgreement:
    """Register the hospital that agreed to take this person in.

    Raises:
        ValidationError: there is one already (T-C2a: named only to whoever may read the person's
            emergency information), nobody is named who agreed, or the day lies ahead.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    there = EmergencyAgreement.objects.filter(patient=patient, ended_at=None).first()
    if there is not None:
        raise ValidationError(_there_already(viewer, patient, there))
    _require_name(answer)
    _require_past(confirmed_on)
    now = clock.now()
    agreement = EmergencyAgreement(
        patient=patient,
        agreed_at=now,
        agreed_by_id=membership_of(viewer),
        confirmed_on=confirmed_on,
        confirmed_name=answer.person_name.strip(),
        confirmed_channel=answer.channel,
        **hospital.values(),
        **{name: require_storable(text.strip()) for name, text in vars(terms).items()},
    )
    agreement.full_clean()
    agreement.save()
    AgreementNotice.objects.bulk_create(
        AgreementNotice(agreement=agreement, audience=audience, told_at=now)
        for audience in Audience
    )
    record_event(actor=viewer.actor, action="emergency_agreement.made", target=agreement)
    return agreement


@transaction.atomic
def confirm_agreement(
    *, viewer: Viewer, agreement: EmergencyAgreement, confirmed_on: date, answer: Answer
) -> None:
    """Note that the hospital said that the agreement still holds.

    Raises:
        ValidationError: it is over, nobody is named, or the day lies ahead or before the last one.
    """
    locked = EmergencyAgreement.objects.select_for_update().get(pk=agreement.pk)
    if locked.ended_at is not None:
        raise ValidationError("この取り決めは終わっています。画面を開き直してください。")
    _require_name(answer)
    _require_past(confirmed_on)
    if confirmed_on < locked.confirmed_on:
        raise ValidationError({"confirmed_on": "前の確認日以降の日付を入力してください。"})
    locked.confirmed_on = confirmed_on
    locked.confirmed_name = require_storable(answer.person_name.strip())
    locked.confirmed_channel = answer.channel
    locked.save(update_fields=["confirmed_on", "confirmed_name", "confirmed_channel"])
    record_event(actor=viewer.actor, action="emergency_agreement.confirmed", target=locked)


@transaction.atomic
def end_agreement(*, viewer: Viewer, agreement: EmergencyAgreement) -> None:
    """The hospital no longer stands ready; another one can be registered."""
    EmergencyAgreement.objects.filter(pk=agreement.pk, ended_at=None).update(ended_at=clock.now())
    record_event(actor=viewer.actor, action="emergency_agreement.ended", target=agreement)


@transaction.atomic
def confirm_agreement_notice(
    *, viewer: Viewer, agreement: EmergencyAgreement, audience: Audience, answer: Answer
) -> None:
    """Note that somebody who has to know the agreement said that they do.

    Raises:
        ValidationError: nobody is named, or it is confirmed already.
    """
    _require_name(answer)
    notice = AgreementNotice.objects.select_for_update().get(agreement=agreement, audience=audience)
    if notice.confirmed_at is not None:
        raise ValidationError("すでに確かめられています。")
    notice.confirmed_at = clock.now()
    notice.confirmed_name = require_storable(answer.person_name.strip())
    notice.channel = answer.channel
    notice.recorded_by_id = membership_of(viewer)
    notice.save()
    record_event(
        actor=viewer.actor,
        action="emergency_agreement.notice_confirmed",
        target=agreement,
        detail={"audience": audience.value},
    )


@transaction.atomic
def call_hospital(
    *,
    viewer: Viewer,
    patient: Patient,
    hospital: HospitalChoice,
    reason: str,
    agreement: EmergencyAgreement | None = None,
    disaster: bool = False,
) -> EmergencyCall:
    """Ask a hospital to take a person in; others may be asked at the same time.

    Raises:
        ValidationError: the same hospital is being asked already, or no reason is given.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    call = EmergencyCall(
        patient=patient,
        agreement=agreement,
        called_at=clock.now(),
        called_by_id=membership_of(viewer),
        reason=require_storable(reason.strip()),
        is_disaster=disaster,
        **hospital.values(),
    )
    call.full_clean()
    call.save()
    record_event(
        actor=viewer.actor,
        action="emergency_call.made",
        target=call,
        detail={"outside": call.hospital_id is None, "disaster": disaster},
    )
    return call


@transaction.atomic
def take_call_step(
    *,
    viewer: Viewer,
    call: EmergencyCall,
    step: CallStep,
    answer: Answer,
    refusal: RefusalReason | None = None,
    cancel_reason: CancelReason | None = None,
) -> EmergencyCall:
    """Let a call go one step on; being admitted cancels what else was asked.

    Raises:
        ValidationError: the step is not possible now, an answer by telephone has no name, or a
            refusal or cancellation has no reason.
    """
    Patient.objects.select_for_update().get(pk=call.patient_id)
    locked = EmergencyCall.objects.select_for_update().get(pk=call.pk)
    state = next_state(locked.state, step, disaster=locked.is_disaster)
    if state is None:
        raise ValidationError("この依頼は先に進んでいます。画面を開き直してください。")
    _require_reason(step, refusal, cancel_reason)
    answers = step in {CallStep.ACCEPT, CallStep.REFUSE}
    if answers and answer.channel != Channel.SYSTEM:
        _require_name(answer)
    _write_step(viewer, locked, step, answer)
    locked.state = state
    locked.refusal = refusal or ""
    locked.cancel_reason = cancel_reason or ""
    locked.save(update_fields=["state", "refusal", "cancel_reason"])
    if state == CallState.ADMITTED:
        _cancel_others(viewer, locked, CancelReason.ADMITTED_ELSEWHERE)
    elif cancel_reason == CancelReason.DIED:
        _cancel_others(viewer, locked, CancelReason.DIED)
    record_event(
        actor=viewer.actor,
        action="emergency_call.stepped",
        target=locked,
        detail={"step": step.value, "channel": answer.channel.value},
    )
    return locked


def _cancel_others(viewer: Viewer, call: EmergencyCall, reason: CancelReason) -> None:
    others = EmergencyCall.objects.select_for_update().filter(
        patient_id=call.patient_id, state__in=OPEN
    )
    for other in others.exclude(pk=call.pk):
        _write_step(viewer, other, CallStep.CANCEL, Answer(Channel.SYSTEM), automatic=True)
        other.state = CallState.CANCELLED
        other.cancel_reason = reason
        other.save(update_fields=["state", "cancel_reason"])


def _write_step(
    viewer: Viewer,
    call: EmergencyCall,
    step: CallStep,
    answer: Answer,
    *,
    automatic: bool = False,
) -> None:
    now = clock.now()
    at = answer.at or now
    if at > now:
        raise ValidationError({"at": "いままでの日時を入力してください。"})
    EmergencyCallRecord.objects.create(
        call=call,
        step=step,
        at=at,
        channel=answer.channel,
        person_name=require_storable(answer.person_name.strip()),
        is_automatic=automatic,
        recorded_at=now,
        recorded_by_id=membership_of(viewer),
    )


def _require_reason(
    step: CallStep, refusal: RefusalReason | None, cancel_reason: CancelReason | None
) -> None:
    if step == CallStep.REFUSE and refusal is None:
        raise ValidationError({"refusal": "受けられない理由を選んでください。"})
    if step == CallStep.CANCEL and cancel_reason is None:
        raise ValidationError({"cancel_reason": "取りやめた理由を選んでください。"})


def _require_name(answer: Answer) -> None:
    if not answer.person_name.strip():
        raise ValidationError({"person_name": "答えた人の名前を入力してください。"})


def _require_past(day: date) -> None:
    if day > clock.today():
        raise ValidationError({"confirmed_on": "確認日は今日までの日付を入力してください。"})


def _there_already(viewer: Viewer, patient: Patient, there: EmergencyAgreement) -> str:
    if may_read(viewer, patient, ContentClass.EMERGENCY):
        return (
            f"{there.hospital_name}がすでに登録されています。"
            "先にその取り決めを終えてから登録してください。"
        )
    return "別の医療機関がすでに登録されています。主催の事業所に確かめてください。"
