"""The forms of a stay: write them, hand them over, print them again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from renkei.care.patients.presenters import person_head
from renkei.care.timelines.models import Room
from renkei.care.timelines.sheet_services import tell_of_answer
from renkei.care.transitions import details
from renkei.care.transitions.caseforms_papers import sending_pdf
from renkei.care.transitions.caseforms_prefill import FRESH, anew_in, known_for
from renkei.care.transitions.forms_caseforms import HandingForm
from renkei.care.transitions.models import FactKind, FormSending, Side
from renkei.care.transitions.presenters_caseforms import sending_page_of
from renkei.care.transitions.presenters_sides import contacts_of
from renkei.care.transitions.queries.caseforms import (
    FormDoor,
    answer_known,
    answer_of_case,
    form_door,
    form_version,
    forms_used,
    sending_of,
)
from renkei.care.transitions.queries.cases import CaseDoor
from renkei.care.transitions.queries.contacts import contact_of
from renkei.care.transitions.services.caseforms import (
    fact_kind_of,
    other_side_has_account,
    send_form,
)
from renkei.care.transitions.services.refreshing import content_of
from renkei.care.transitions.views._shared import case_page, writing
from renkei.care.transitions.views.cases import TAB
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.media_types import PDF
from renkei.foundation.sheets.models import Answer, FormVersion
from renkei.foundation.sheets.pages import Filling, answer_context, fill
from renkei.foundation.sheets.queries import latest_answer, office_workbooks_of


@require_http_methods(["GET", "POST"])
@case_page("入退院の様式を書く")
def case_form_write(request: ViewerRequest, door: CaseDoor, code: str) -> HttpResponse:
    """The form with what the stay, the record and the other sheets know; changes are marked."""
    writing(door)
    way = _way(door)
    version = _version(way, code)
    case, patient = door.case, door.patient
    filling = Filling(
        version=version,
        subject_uid=patient.uid,
        viewer=request.viewer,
        action_url=request.path,
        done_url=lambda answer: reverse("transitions:case_form_hand", args=[case.uid, answer.uid]),
        cancel_url=reverse("transitions:case_detail", args=[case.uid]),
        prefill=known_for(way.room, case, version),
        anew=anew_in(case, version, latest_answer(version.form, patient.uid)),
        fresh=FRESH,
        when_sent=lambda answer: tell_of_answer(door=way.room, answer=answer),
        context={"head": person_head(request.viewer, patient, current=TAB), "case": case},
        template="transitions/caseforms/write.html",
        check_template="transitions/caseforms/check.html",
    )
    return fill(request, filling)


@require_http_methods(["GET", "POST"])
@case_page("入退院の様式を渡す")
def case_form_hand(request: ViewerRequest, door: CaseDoor, answer_uid: UUID) -> HttpResponse:
    """Record the handing over and make its sheets, in one act."""
    writing(door)
    way = _way(door)
    answer = _answer(way, answer_uid)
    kind = _kind(door, answer.version.form.code)
    form = HandingForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        side=door.side,
        content=True,
        rule=content_of(door.case),
        has_account=other_side_has_account(door),
        initial=_proposed(door),
    )
    if form.is_valid():
        try:
            sending = send_form(door=door, answer=answer, fact=form.fact(), letter=form.letter())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(
                request, f"{sending.form_name}を渡したことを「{kind.label}」として記録しました。"
            )
            return redirect("transitions:sending_detail", door.case.uid, sending.uid)
    context: dict[str, Any] = {
        **answer_context(answer),
        "form": form,
        "case": door.case,
        "head": person_head(request.viewer, door.patient, current=TAB),
        "kind": kind.label,
        "is_receipt": details.USUAL_SIDE.get(kind) == Side.CARE,
    }
    status = 422 if form.is_bound else 200
    return render(request, "transitions/caseforms/hand.html", context, status=status)


@require_safe
@case_page("入退院の様式を渡した記録")
def sending_detail(request: ViewerRequest, door: CaseDoor, sending_uid: UUID) -> HttpResponse:
    """What was handed over, its files, and the answer that came back."""
    way = _way(door)
    sending = _sending(door, sending_uid)
    answer = _answer(way, sending.answer_uid)
    own = office_workbooks_of(request.viewer.organisation_id, version=answer.version)
    context = {
        "head": person_head(request.viewer, door.patient, current=TAB),
        "case": door.case,
        "shown": sending_page_of(way, sending, answer, has_own_workbook=own.exists()),
    }
    return render(request, "transitions/caseforms/sending.html", context)


@require_safe
@case_page("入退院の様式（PDF）")
def sending_file(request: ViewerRequest, door: CaseDoor, sending_uid: UUID) -> HttpResponse:  # noqa: ARG001 - the shape of a view
    """The very sheets that left, with their number."""
    way = _way(door)
    sending = _sending(door, sending_uid)
    answer = _answer(way, sending.answer_uid)
    content = sending_pdf(door, sending, answer, answer_known(way, sending.before_uid))
    response = HttpResponse(content, content_type=PDF)
    name = f"form-{sending.fact.at:%Y%m%d}-{sending.pk}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _way(door: CaseDoor) -> FormDoor:
    try:
        return form_door(door)
    except Room.DoesNotExist:
        raise Http404 from None


def _version(way: FormDoor, code: str) -> FormVersion:
    try:
        return form_version(way, code)
    except FormVersion.DoesNotExist:
        raise Http404 from None


def _answer(way: FormDoor, uid: UUID) -> Answer:
    try:
        return answer_of_case(way, uid)
    except Answer.DoesNotExist:
        raise Http404 from None


def _sending(door: CaseDoor, uid: UUID) -> FormSending:
    try:
        return sending_of(door, uid)
    except FormSending.DoesNotExist:
        raise Http404 from None


def _kind(door: CaseDoor, code: str) -> FactKind:
    """What handing this form over is recorded as; a form the rule does not name is a contact."""
    rule = content_of(door.case)
    named = next((one.fact for one in forms_used(rule) if one.code == code), FactKind.CONTACT)
    return fact_kind_of(named, door.side)


def _proposed(door: CaseDoor) -> dict[str, str]:
    """The other side as the stay knows it."""
    hospital, care = contacts_of(door.case)
    to, own = (care, hospital) if door.side == Side.HOSPITAL else (hospital, care)
    point = contact_of(door.viewer.organisation_id)
    return {
        "organisation": to.name,
        "recipient": to.person,
        "fax": to.fax,
        "own_fax": (point.fax if point else "") or own.fax,
    }
