"""Conferences of a stay: plan, ask, answer, hold."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.presenters import person_head
from renkei.care.transitions.conferences_papers import conference_ics, seat_pdf
from renkei.care.transitions.forms_conferences import (
    AttendanceForm,
    ConferenceForm,
    InvitationForm,
)
from renkei.care.transitions.models import Channel, Conference, ConferenceSeat
from renkei.care.transitions.presenters_conferences import meeting_page_of
from renkei.care.transitions.queries.cases import CaseDoor
from renkei.care.transitions.queries.conferences import conference_of, people_to_ask, seat_of
from renkei.care.transitions.services.conferences import (
    answer_seat,
    cancel_conference,
    change_conference,
    hold_conference,
    plan_conference,
)
from renkei.care.transitions.views._shared import case_page, writing
from renkei.care.transitions.views.cases import TAB
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.media_types import PDF
from renkei.foundation.notifications.services import mark_read


@require_http_methods(["GET", "POST"])
@case_page("カンファレンスに招く")
def conference_plan(request: ViewerRequest, door: CaseDoor) -> HttpResponse:
    _reading(door)
    writing(door)
    form = InvitationForm(
        request.POST if request.method == "POST" else None,
        readers=people_to_ask(door),
        case=door.case,
    )
    if form.is_valid():
        try:
            made = plan_conference(door=door, plan=form.plan(), seats=form.seats())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "カンファレンスの日を記録し、招いた人に知らせました。")
            return redirect("transitions:conference_detail", door.case.uid, made.uid)
    return _form_page(request, door, form, title="カンファレンスに招く", button="招く")


@require_safe
@case_page("カンファレンス")
def conference_detail(request: ViewerRequest, door: CaseDoor, conference_uid: UUID) -> HttpResponse:
    conference = _conference(door, conference_uid)
    context = {
        "head": person_head(request.viewer, door.patient, current=TAB),
        "case": door.case,
        "shown": meeting_page_of(door, conference),
    }
    response = render(request, "transitions/caseforms/conference.html", context)
    mark_read(user_id=request.viewer.user_id or 0, path_prefix=request.path)
    return response


@require_http_methods(["GET", "POST"])
@case_page("カンファレンスの予定を変える")
def conference_change(request: ViewerRequest, door: CaseDoor, conference_uid: UUID) -> HttpResponse:
    writing(door)
    conference = _conference(door, conference_uid)
    local = conference.planned_at.astimezone(TOKYO)
    names = ("kind", "minutes", "means", "place", "agenda")
    initial = {name: getattr(conference, name) for name in names}
    form = ConferenceForm(
        request.POST if request.method == "POST" else None,
        initial={**initial, "day": local.date(), "time": local.time()},
    )
    if form.is_valid():
        try:
            change_conference(door=door, conference=conference, plan=form.plan())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "カンファレンスの予定を変えました。")
            return _back(door, conference)
    return _form_page(request, door, form, title="カンファレンスの予定を変える", button="変える")


@require_POST
@case_page("カンファレンスの中止")
def conference_cancel(request: ViewerRequest, door: CaseDoor, conference_uid: UUID) -> HttpResponse:
    writing(door)
    conference = _conference(door, conference_uid)
    try:
        cancel_conference(door=door, conference=conference)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "カンファレンスを中止にし、招いた人に知らせました。")
    return _back(door, conference)


@require_http_methods(["GET", "POST"])
@case_page("カンファレンスの出席")
def conference_hold(request: ViewerRequest, door: CaseDoor, conference_uid: UUID) -> HttpResponse:
    writing(door)
    conference = _conference(door, conference_uid)
    form = AttendanceForm(
        request.POST if request.method == "POST" else None, seats=list(conference.seats.all())
    )
    if form.is_valid():
        values = form.cleaned_data
        try:
            hold_conference(
                door=door,
                conference=conference,
                at=form.moment(),
                came={UUID(each) for each in values["came"]},
                joint_guidance=values["joint_guidance"],
                note=values["note"],
                client_uid=values["client_uid"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "カンファレンスをしたことと、出席した人を記録しました。")
            return _back(door, conference)
    return _form_page(
        request, door, form, title="カンファレンスの出席を記録する", button="記録する"
    )


@require_safe
@case_page("カンファレンスの予定（iCal）")
def conference_calendar(
    request: ViewerRequest, door: CaseDoor, conference_uid: UUID
) -> HttpResponse:
    """One entry for a calendar; it names nobody."""
    conference = _conference(door, conference_uid)
    url = request.build_absolute_uri(
        reverse("transitions:conference_detail", args=[door.case.uid, conference.uid])
    )
    content = conference_ics(conference, url=url)
    return _download(content, "text/calendar; charset=utf-8", "conference.ics")


@require_POST
@case_page("カンファレンスの出欠")
def seat_answer(
    request: ViewerRequest, door: CaseDoor, conference_uid: UUID, seat_uid: UUID
) -> HttpResponse:
    """My own answer, or somebody's that I heard."""
    conference = _conference(door, conference_uid)
    seat = _seat(conference, seat_uid)
    if seat.membership_id != door.viewer.membership_id:
        writing(door)
    channel = Channel.FAX if seat.reply_entry_uid else Channel.PHONE
    try:
        answer_seat(door=door, seat=seat, answer=request.POST.get("answer", ""), channel=channel)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "出欠を記録しました。")
    return _back(door, conference)


@require_safe
@case_page("カンファレンスの案内（紙）")
def seat_sheet(
    request: ViewerRequest,  # noqa: ARG001 - the shape of a view
    door: CaseDoor,
    conference_uid: UUID,
    seat_uid: UUID,
) -> HttpResponse:
    conference = _conference(door, conference_uid)
    seat = _seat(conference, seat_uid)
    content = seat_pdf(conference, seat, patient=door.patient)
    return _download(content, PDF, f"conference-{seat.pk}.pdf")


def _reading(door: CaseDoor) -> None:
    """A conference is content: without consent there is none to see."""
    if not door.opens_content:
        raise Http404


def _conference(door: CaseDoor, uid: UUID) -> Conference:
    _reading(door)
    try:
        return conference_of(door, uid)
    except Conference.DoesNotExist:
        raise Http404 from None


def _seat(conference: Conference, uid: UUID) -> ConferenceSeat:
    try:
        return seat_of(conference, uid)
    except ConferenceSeat.DoesNotExist:
        raise Http404 from None


def _back(door: CaseDoor, conference: Conference) -> HttpResponse:
    return redirect("transitions:conference_detail", door.case.uid, conference.uid)


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _form_page(
    request: ViewerRequest, door: CaseDoor, form: Any, *, title: str, button: str
) -> HttpResponse:
    context = {
        "form": form,
        "case": door.case,
        "head": person_head(request.viewer, door.patient, current=TAB),
        "title": title,
        "button": button,
    }
    status = 422 if form.is_bound else 200
    return render(request, "transitions/caseforms/conference_form.html", context, status=status)
