"""紹介・引き継ぎ: what was sent and received, one of them, asking and answering."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page, member_who_writes, person_page
from renkei.care.patients.models import Patient
from renkei.care.patients.presenters import person_head
from renkei.care.patients.queries import writes_about
from renkei.care.patients.reading import record_reads
from renkei.care.patients.visibility import scope_on_team
from renkei.care.transitions.forms_referrals import ActForm, FaxForm, ReferralForm
from renkei.care.transitions.models import Referral, ReferralAct
from renkei.care.transitions.presenters_referrals import (
    BUTTONS,
    referral_lines,
    referral_page,
    what_words,
)
from renkei.care.transitions.queries.contacts import contact_of
from renkei.care.transitions.queries.referrals import (
    ReferralDoor,
    document_of,
    offices_reached,
    offices_to_ask,
    paper_of,
    persons_open_to,
    referral_for,
    referrals_of,
    referrals_visible_to,
    sendable_answers,
)
from renkei.care.transitions.referral_papers import Letter, referral_fax
from renkei.care.transitions.referral_states import Party, following
from renkei.care.transitions.referral_values import NewAct
from renkei.care.transitions.services.referrals import NO_CONSENT, act_on, send_referral
from renkei.care.transitions.views._shared import DoorView, door_page
from renkei.foundation.accounts.access import View
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.media_types import PDF
from renkei.foundation.notifications.services import mark_read
from renkei.foundation.papers.responses import file_response
from renkei.foundation.sheets.answers import values_of
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.models import Answer
from renkei.foundation.sheets.presenters import read_sections

PER_PAGE = 30
TAB = "referrals"


def referral_view(what: str) -> Callable[[DoorView[ReferralDoor]], View]:
    """A page of one referral; a read of the person only where it tells of them."""
    return door_page(
        what,
        uid="referral_uid",
        find=referral_for,
        told=lambda door: door.opens_person or door.flows,
    )


@never_cache
@care_page()
@require_safe
def referral_list(request: ViewerRequest) -> HttpResponse:
    """What my office was asked, and what it sent."""
    box = "sent" if request.GET.get("box") == "sent" else "received"
    side = "sender" if box == "sent" else "receiver"
    rows = referrals_visible_to(request.viewer).filter(**{side: request.viewer.organisation_id})
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    referrals = list(page)
    opened = persons_open_to(request.viewer, referrals)
    lines = referral_lines(request.viewer, referrals, opened)
    with transaction.atomic():
        context = {"page": page, "box": box, "lines": lines}
        response = render(request, "transitions/referrals/list.html", context)
        named = {one.patient_id: one.patient for one in referrals if one.patient_id in opened}
        record_reads(viewer=request.viewer, patients=list(named.values()), what="紹介・引き継ぎ")
    return response


@never_cache
@person_page("紹介・引き継ぎ")
@require_safe
def patient_referrals(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """The referrals about one person."""
    rows = list(referrals_of(request.viewer, patient)[:PER_PAGE])
    context = {
        "head": person_head(request.viewer, patient, current=TAB),
        "lines": referral_lines(request.viewer, rows, {patient.pk}),
        "may_send": writes_about(request.viewer, patient),
    }
    return render(request, "transitions/referrals/of_person.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@person_page("紹介・引き継ぎ")
def referral_new(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """Ask another service; ``?q=`` finds offices by name."""
    member_who_writes(request, patient)
    viewer, words = request.viewer, request.GET.get("q", "")
    context: dict[str, Any] = {
        "head": person_head(viewer, patient, current=TAB),
        "q": words,
        "no_consent": NO_CONSENT,
    }
    # A form that comes back names an office found before: by its words still in the address.
    consent, offices = offices_reached(patient, offices_to_ask(viewer, words))
    if consent is None:
        status = 422 if request.method == "POST" else 200
        return render(request, "transitions/referrals/new.html", context, status=status)
    form = ReferralForm(
        request.POST if request.method == "POST" else None,
        offices=offices,
        answers=sendable_answers(viewer, patient, consent.content_classes),
        consent=consent,
        content=scope_on_team(viewer, patient),
    )
    if form.is_valid():
        try:
            referral = send_referral(viewer=viewer, patient=patient, new=form.referral())
        except ValidationError as error:
            form.add_service_error(_at_its_field(error))
        else:
            messages.success(request, _sent_words(referral))
            return redirect("transitions:referral_detail", referral.uid)
    status = 422 if form.is_bound else 200
    return render(
        request, "transitions/referrals/new.html", {**context, "form": form}, status=status
    )


def _sent_words(referral: Referral) -> str:
    if referral.is_outside:
        return "紹介を記録しました。相手に、FAXか電話で届けてください。"
    return "送りました。相手が引き受けるまで、氏名は相手に見えません。"


def _at_its_field(error: ValidationError) -> ValidationError:
    if not hasattr(error, "error_dict"):
        return error
    moved = {"expires": "days"}
    return ValidationError({moved.get(name, name): rows for name, rows in error.error_dict.items()})


@never_cache
@referral_view("紹介・引き継ぎ")
@require_safe
def referral_detail(request: ViewerRequest, door: ReferralDoor) -> HttpResponse:
    """One referral: how it stands, and what to do now."""
    mark_read(user_id=request.viewer.user_id or 0, path_prefix=request.path)
    return render(request, "transitions/referrals/detail.html", {"shown": referral_page(door)})


@require_POST
@referral_view("紹介・引き継ぎ")
def referral_accept(request: ViewerRequest, door: ReferralDoor) -> HttpResponse:
    """One tap: the viewer, or with ``whole_office`` the whole office, takes it."""
    if door.party != Party.RECEIVER:
        raise Http404
    try:
        act_on(
            door=door,
            new=NewAct(ReferralAct.ACCEPTED),
            whole_office=request.POST.get("whole_office") == "on",
        )
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, "引き受けました。この人の記録が、同意の範囲で開きます。")
    return redirect("transitions:referral_detail", door.referral.uid)


@never_cache
@require_http_methods(["GET", "POST"])
@referral_view("紹介・引き継ぎ")
def referral_act(request: ViewerRequest, door: ReferralDoor, act: str) -> HttpResponse:
    """Anything else that happens, with its reason."""
    if act not in BUTTONS or not door.may_act:
        raise Http404
    what, outside = ReferralAct(act), door.referral.is_outside
    possible = following(door.referral.state, outside=outside)
    if possible.get(what) != door.party or (what == ReferralAct.ACCEPTED and not outside):
        raise Http404
    told = outside and what not in {ReferralAct.WITHDRAWN, ReferralAct.EXTENDED}
    form = ActForm(request.POST if request.method == "POST" else None, act=what, told=told)
    if form.is_valid():
        try:
            act_on(door=door, new=form.new_act())
        except ValidationError as error:
            form.add_service_error(_at_its_field(error))
        else:
            messages.success(request, "記録しました。")
            return redirect("transitions:referral_detail", door.referral.uid)
    context = {
        "referral": door.referral,
        "form": form,
        "title": what.label,
        "what": what_words(door.referral),
    }
    status = 422 if form.is_bound else 200
    return render(request, "transitions/referrals/act.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@referral_view("紹介（FAX）")
def referral_fax_page(request: ViewerRequest, door: ReferralDoor) -> HttpResponse:
    """The FAX with room to answer and its QR code."""
    if door.party != Party.SENDER or not door.may_act or not door.flows:
        raise Http404
    point = contact_of(door.referral.sender_id)
    form = FaxForm(
        request.POST if request.method == "POST" else None,
        referral=door.referral,
        own_fax=point.fax if point else "",
    )
    if form.is_valid():
        try:
            content = referral_fax(door=door, letter=Letter(**form.cleaned_data))
        except ValidationError as error:
            form.add_service_error(error)
        else:
            response = HttpResponse(content, content_type=PDF)
            response["Content-Disposition"] = 'attachment; filename="fax.pdf"'
            response["Cache-Control"] = "private, no-store"
            return response
    context = {"referral": door.referral, "form": form, "what": what_words(door.referral)}
    status = 422 if form.is_bound else 200
    return render(request, "transitions/referrals/fax.html", context, status=status)


@never_cache
@referral_view("紹介の書類")
@require_safe
def referral_document(request: ViewerRequest, door: ReferralDoor, answer_uid: UUID) -> HttpResponse:
    """One document that was chosen to go along, while the gate opens it."""
    try:
        answer = document_of(door, answer_uid)
    except Answer.DoesNotExist:
        raise Http404 from None
    definition = parse(answer.version.questionnaire)
    context = {
        "head": person_head(request.viewer, door.patient, current=TAB),
        "referral": door.referral,
        "answer": answer,
        "title": answer.version.form.name,
        "sections": read_sections(definition, values_of(answer.content, definition)),
    }
    return render(request, "transitions/referrals/document.html", context)


@never_cache
@referral_view("紹介の紙の返事")
@require_safe
def referral_paper(request: ViewerRequest, door: ReferralDoor, file_uid: UUID) -> HttpResponse:  # noqa: ARG001 - a view
    """A paper that came back."""
    stored = paper_of(door, file_uid)
    if stored is None:
        raise Http404
    return file_response(stored, inline=True)
