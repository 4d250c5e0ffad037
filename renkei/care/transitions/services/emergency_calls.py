"""Calls to hospitals at a sudden turn. The caller has checked that the viewer may."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.fax_covers import refuse_names
from renkei.care.patients.models import Patient
from renkei.care.patients.people_to_tell import team_user_ids
from renkei.care.patients.visibility import TEAM_ROLES
from renkei.care.timelines.queries.people import present_memberships
from renkei.care.transitions.acting import membership_of
from renkei.care.transitions.emergency_states import (
    OPEN,
    CallState,
    CallStep,
    CancelReason,
    RefusalReason,
    Vehicle,
    next_state,
)
from renkei.care.transitions.models import (
    Channel,
    EmergencyAgreement,
    EmergencyCall,
    EmergencyCallRecord,
)
from renkei.care.transitions.notices import EMERGENCY_CALLED, EMERGENCY_NEWS
from renkei.care.transitions.services.emergencies import HospitalChoice
from renkei.care.transitions.services.told import Answer, require_name
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.text import require_storable
from renkei.foundation.notifications.services import notify


@dataclass(frozen=True)
class Why:
    """What belongs to a step: the reason of a refusal or an end, and how the person travels."""

    refusal: RefusalReason | None = None
    note: str = ""
    cancel_reason: CancelReason | None = None
    vehicle: Vehicle | None = None

    def require_for(self, step: CallStep) -> None:
        """Refuse a refusal or a cancellation without its reason.

        Raises:
            ValidationError: it is missing.
        """
        if step == CallStep.REFUSE and self.refusal is None:
            raise ValidationError({"refusal": "受けられない理由を選んでください。"})
        if step == CallStep.CANCEL and self.cancel_reason is None:
            raise ValidationError({"cancel_reason": "取りやめた理由を選んでください。"})


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
        ValidationError: the same hospital is being asked already, no reason is given, or one that
            names the person: the whole hospital reads it.
    """
    _refuse_names(patient, reason)
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
    if hospital.organisation:
        _tell_hospital(call)
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
    why: Why | None = None,
) -> EmergencyCall:
    """Let a call go one step on; being admitted cancels what else was asked.

    An answer here is the hospital's own; one by telephone carries the name of who gave it.

    Raises:
        ValidationError: the step is not possible now, an answer has no name, or a refusal or
            cancellation has no reason.
    """
    why = why or Why()
    Patient.objects.select_for_update().get(pk=call.patient_id)
    locked = EmergencyCall.objects.select_for_update().get(pk=call.pk)
    state = next_state(locked.state, step, disaster=locked.is_disaster)
    if state is None:
        raise ValidationError("この依頼は先に進んでいます。画面を開き直してください。")
    why.require_for(step)
    if step in {CallStep.ACCEPT, CallStep.REFUSE}:
        answer = _of_the_hospital(viewer, locked, answer)
    _write_step(viewer, locked, step, answer)
    locked.state = state
    locked.refusal = why.refusal or ""
    locked.refusal_note = require_storable(why.note.strip())
    locked.cancel_reason = why.cancel_reason or ""
    locked.vehicle = why.vehicle or locked.vehicle
    locked.full_clean()
    locked.save()
    if state == CallState.ADMITTED:
        _cancel_others(viewer, locked, CancelReason.ADMITTED_ELSEWHERE)
    elif why.cancel_reason == CancelReason.DIED:
        _cancel_others(viewer, locked, CancelReason.DIED)
    _tell(locked, step)
    record_event(
        actor=viewer.actor,
        action="emergency_call.stepped",
        target=locked,
        detail={"step": step.value, "channel": answer.channel.value},
    )
    return locked


def _refuse_names(patient: Patient, reason: str) -> None:
    try:
        refuse_names(patient, [reason])
    except ValidationError:
        raise ValidationError(
            {"reason": "療養者や家族の氏名を書かないでください。氏名は電話で伝えてください。"}
        ) from None


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


def _of_the_hospital(viewer: Viewer, call: EmergencyCall, answer: Answer) -> Answer:
    if answer.channel != Channel.SYSTEM:
        require_name(answer)
        return answer
    if call.hospital_id is None or viewer.organisation_id != call.hospital_id:
        raise ValidationError(
            {"channel": "電話などで聞いた返事は、その手段と、答えた人の名前を入力してください。"}
        )
    return Answer(Channel.SYSTEM, viewer.name, answer.at)


def _tell_hospital(call: EmergencyCall) -> None:
    people = present_memberships().filter(
        organisation_id=call.hospital_id or 0, role__in=TEAM_ROLES
    )
    notify(
        user_ids=people.values_list("user_id", flat=True),
        kind=EMERGENCY_CALLED,
        path="/transitions/emergency-calls/",
        dedupe_key=f"{EMERGENCY_CALLED}:{call.uid}",
    )


def _tell(call: EmergencyCall, step: CallStep) -> None:
    notify(
        user_ids=team_user_ids(call.patient),
        kind=EMERGENCY_NEWS,
        path=f"/transitions/patients/{call.patient.uid}/emergency/calls/{call.uid}/",
        dedupe_key=f"{EMERGENCY_NEWS}:{call.uid}:{step}",
    )
