"""急変時: which hospital stands ready for a person, and calls to hospitals at night."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page, member_who_writes, person_page
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.presenters import person_head
from renkei.care.patients.queries import may_read, writes_about
from renkei.care.patients.rules import may_work_in_teams
from renkei.care.transitions.emergency_states import CallStep
from renkei.care.transitions.forms_emergencies import (
    CallForm,
    CallStepForm,
    OwnAnswerForm,
)
from renkei.care.transitions.models import Channel, EmergencyCall
from renkei.care.transitions.presenters_emergencies import (
    QUICK_REASONS,
    AgreementCard,
    CallPage,
    call_row,
)
from renkei.care.transitions.queries.emergencies import (
    agreement_of,
    call_for,
    calls_of,
    calls_to,
    hospitals_for,
    is_in_disaster,
    open_call_to,
)
from renkei.care.transitions.services import emergency_calls as services
from renkei.care.transitions.services.told import Answer
from renkei.foundation.accounts.viewers import ViewerRequest

TAB = "emergency_call"
PAGE = "急変時の受け入れ"


@never_cache
@person_page(PAGE)
@require_safe
def person_emergency(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """Whom to call at a sudden turn: one tap asks, and the number is there to dial."""
    return _person(request, patient)


@person_page(PAGE, content=ContentClass.EMERGENCY)
@require_POST
def emergency_call_add(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """Ask a hospital. Asked twice by a nervous finger, it leads to the call that goes on."""
    member_who_writes(request, patient)
    form = CallForm(request.POST, hospitals=hospitals_for(request.viewer, patient))
    if not form.is_valid():
        return _person(request, patient, form=form)
    choice = form.choice()
    going_on = open_call_to(patient, choice.key)
    if going_on is not None:
        messages.info(request, "この病院には、すでに頼んでいます。")
        return redirect("transitions:emergency_call", patient.uid, going_on.uid)
    status = agreement_of(patient)
    ready = status.agreement if status else None
    try:
        call = services.call_hospital(
            viewer=request.viewer,
            patient=patient,
            hospital=choice,
            reason=form.cleaned_data["reason"],
            agreement=ready if ready and ready.hospital_key == choice.key else None,
            disaster=is_in_disaster(patient),
        )
    except ValidationError as error:
        # The number that the record holds of a hospital can be none.
        form.add_service_error(error)
        return _person(request, patient, form=form)
    messages.success(request, f"{call.hospital_name}に頼んだことを記録しました。")
    return redirect("transitions:emergency_call", patient.uid, call.uid)


@never_cache
@person_page(PAGE, content=ContentClass.EMERGENCY)
@require_safe
def emergency_call(request: ViewerRequest, patient: Patient, call_uid: UUID) -> HttpResponse:
    """One call: the number, what came of it, what can come next."""
    return _call(request, patient, _found(patient, call_uid))


@person_page(PAGE, content=ContentClass.EMERGENCY)
@require_POST
def emergency_call_step(
    request: ViewerRequest, patient: Patient, call_uid: UUID, step: str
) -> HttpResponse:
    """What the hospital said, or what happened then."""
    member_who_writes(request, patient)
    call = _found(patient, call_uid)
    if step not in CallStep.values:
        raise Http404
    form = CallStepForm(request.POST, step=CallStep(step))
    if form.is_valid():
        try:
            services.take_call_step(
                viewer=request.viewer,
                call=call,
                step=CallStep(step),
                answer=form.answer(),
                why=form.why(),
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"{CallStep(step).label}ことを記録しました。")
            return redirect("transitions:emergency_call", patient.uid, call.uid)
    return _call(request, patient, call, bound={step: form})


@never_cache
@care_page(may_work_in_teams)
@require_safe
def hospital_calls(request: ViewerRequest) -> HttpResponse:
    """What the own hospital is asked: by whom and why, never whom it is about."""
    return _hospital(request)


@care_page(may_work_in_teams)
@require_http_methods(["POST"])
def hospital_answer(request: ViewerRequest, call_uid: UUID, step: str) -> HttpResponse:
    """The hospital takes the person in, or says why it cannot."""
    call = get_object_or_404(calls_to(request.viewer), uid=call_uid)
    if step not in {CallStep.ACCEPT, CallStep.REFUSE}:
        raise Http404
    form = OwnAnswerForm(request.POST, prefix=str(call.uid))
    if step == CallStep.REFUSE and not form.is_valid():
        return _hospital(request, bound={call.pk: form})
    try:
        services.take_call_step(
            viewer=request.viewer,
            call=call,
            step=CallStep(step),
            answer=Answer(Channel.SYSTEM),
            why=form.why() if step == CallStep.REFUSE else None,
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, "返事を記録し、頼んだ事業所に知らせました。")
    return redirect("transitions:hospital_calls")


def _found(patient: Patient, uid: UUID) -> EmergencyCall:
    try:
        return call_for(patient, uid)
    except EmergencyCall.DoesNotExist as error:
        raise Http404 from error


def _person(
    request: ViewerRequest, patient: Patient, *, form: CallForm | None = None
) -> HttpResponse:
    viewer = request.viewer
    opens = may_read(viewer, patient, ContentClass.EMERGENCY)
    context: dict[str, Any] = {
        "head": person_head(viewer, patient, current=TAB),
        "opens": opens,
        "may_write": writes_about(viewer, patient),
    }
    if opens:
        status = agreement_of(patient)
        rows = [call_row(call) for call in calls_of(patient)]
        going_on = [row for row in rows if row.is_open]
        ready = status.agreement.hospital_key if status else ""
        context |= {
            "card": AgreementCard.of(status) if status else None,
            "is_asked": any(row.call.hospital_key == ready for row in going_on),
            "is_disaster": is_in_disaster(patient),
            "going_on": going_on,
            "past": [row for row in rows if not row.is_open],
            "reasons": QUICK_REASONS,
            "form": form or CallForm(None, hospitals=hospitals_for(viewer, patient)),
        }
    status_code = 422 if form else 200
    return render(request, "transitions/person_emergency.html", context, status=status_code)


def _call(
    request: ViewerRequest,
    patient: Patient,
    call: EmergencyCall,
    *,
    bound: dict[str, CallStepForm] | None = None,
) -> HttpResponse:
    context = {
        "head": person_head(request.viewer, patient, current=TAB),
        "page": CallPage.of(call, bound=bound or {}),
        "call": call,
        "may_write": writes_about(request.viewer, patient),
    }
    status = 422 if bound else 200
    return render(request, "transitions/emergency_call.html", context, status=status)


def _hospital(
    request: ViewerRequest, *, bound: dict[int, OwnAnswerForm] | None = None
) -> HttpResponse:
    rows = [
        (call_row(call), (bound or {}).get(call.pk) or OwnAnswerForm(None, prefix=str(call.uid)))
        for call in calls_to(request.viewer)
    ]
    status = 422 if bound else 200
    return render(request, "transitions/hospital_calls.html", {"rows": rows}, status=status)
