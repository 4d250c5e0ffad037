"""協力医療機関: the list of homes, one home, what it agreed on, confirmed and notified."""

from __future__ import annotations

import io
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.transitions import presenters_homes as shown
from renkei.care.transitions.documents.homes import notice_pdf
from renkei.care.transitions.forms_homes import (
    ContactForm,
    CooperationEndForm,
    CooperationForm,
    NoticeForm,
    SubmittedForm,
)
from renkei.care.transitions.home_duties import HomeState
from renkei.care.transitions.models import Cooperation, CooperationNotice
from renkei.care.transitions.queries.homes import (
    HomeDoor,
    contacts_of,
    cooperation_for,
    former_cooperations,
    home_door,
    homes_in,
    notice_for,
    notices_of,
)
from renkei.care.transitions.rules_homes import (
    may_see_homes,
    may_write_of_homes,
    supervises_homes,
)
from renkei.care.transitions.services import homes as services
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.accounts.views.downloads import pdf_response, workbook_response
from renkei.foundation.common import clock
from renkei.foundation.common.spreadsheets.write import write_xlsx
from renkei.registry.facilities.models import Service

STATES = {state.value: state for state in HomeState}


def _door(request: ViewerRequest, service_id: int) -> HomeDoor:
    try:
        return home_door(request.viewer, service_id)
    except Service.DoesNotExist as error:
        raise Http404 from error


def _cooperation(request: ViewerRequest, uid: UUID) -> tuple[HomeDoor, Cooperation]:
    try:
        return cooperation_for(request.viewer, uid)
    except Cooperation.DoesNotExist as error:
        raise Http404 from error


def _notice(request: ViewerRequest, uid: UUID) -> tuple[HomeDoor, CooperationNotice]:
    try:
        return notice_for(request.viewer, uid)
    except CooperationNotice.DoesNotExist as error:
        raise Http404 from error


@staff_page(may_see_homes)
@require_safe
def home_list(request: ViewerRequest) -> HttpResponse:
    """Who has no institution, who has not confirmed; the worst first."""
    doors = homes_in(request.viewer)
    wanted = STATES.get(request.GET.get("state", ""))
    kept = [door for door in doors if wanted in {None, door.standing.state}]
    context = {
        "lines": [shown.home_line(door) for door in kept],
        "counts": shown.state_counts(doors),
        "wanted": wanted,
        "total": len(doors),
        "supervises": supervises_homes(request.viewer),
    }
    return render(request, "transitions/homes/home_list.html", context)


@staff_page(may_see_homes)
@require_safe
def home_table(request: ViewerRequest) -> HttpResponse:
    """The list as a workbook."""
    stream = io.BytesIO()
    write_xlsx(
        stream,
        title="協力医療機関",
        columns=shown.COLUMNS,
        rows=[shown.home_cells(door) for door in homes_in(request.viewer)],
        notes=[("作成日", clock.today().isoformat())],
    )
    return workbook_response(stream, "cooperating-institutions.xlsx")


@staff_page(may_see_homes)
@require_safe
def home_detail(request: ViewerRequest, service_id: int) -> HttpResponse:
    """One home: its conditions, its institutions, what was confirmed, the sheets."""
    door = _door(request, service_id)
    context = {
        "door": door,
        "line": shown.home_line(door),
        "needs": shown.need_lines(door),
        "duty": shown.duty_words(door),
        "held": shown.held_lines(door),
        "former": former_cooperations(door.home, clock.today()) if door.home else (),
        "contacts": contacts_of(door.home) if door.home else (),
        "notices": notices_of(door.home) if door.home else (),
    }
    return render(request, "transitions/homes/home_detail.html", context)


@staff_page(may_write_of_homes)
@require_http_methods(["GET", "POST"])
def cooperation_add(request: ViewerRequest, service_id: int) -> HttpResponse:
    """A new agreement."""
    return _edit(request, _door(request, service_id), None)


@staff_page(may_write_of_homes)
@require_http_methods(["GET", "POST"])
def cooperation_edit(request: ViewerRequest, cooperation_uid: UUID) -> HttpResponse:
    """What was agreed on, corrected."""
    return _edit(request, *_cooperation(request, cooperation_uid))


def _edit(request: ViewerRequest, door: HomeDoor, cooperation: Cooperation | None) -> HttpResponse:
    initial = CooperationForm.initial_of(cooperation) if cooperation else {}
    form = CooperationForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            services.save_cooperation(
                viewer=request.viewer, door=door, cooperation=cooperation, values=form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "協力医療機関の取り決めを書きました。")
            return redirect("transitions:home_detail", door.service.pk)
    context = {
        "form": form,
        "door": door,
        "title": "取り決めを直す" if cooperation else "協力医療機関を加える",
        "button": "直す" if cooperation else "加える",
    }
    return _form_page(request, context)


@staff_page(may_write_of_homes)
@require_http_methods(["GET", "POST"])
def cooperation_end(request: ViewerRequest, cooperation_uid: UUID) -> HttpResponse:
    """The last day of an agreement."""
    door, cooperation = _cooperation(request, cooperation_uid)
    form = CooperationEndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.end_cooperation(
                viewer=request.viewer, cooperation=cooperation, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(
                request, "取り決めの終わりを書きました。変更の届出が必要かを確かめてください。"
            )
            return redirect("transitions:home_detail", door.service.pk)
    context = {
        "form": form,
        "door": door,
        "title": f"取り決めを終える：{cooperation.institution_name}",
        "button": "終える",
    }
    return _form_page(request, context)


@staff_page(may_write_of_homes)
@require_http_methods(["GET", "POST"])
def cooperation_contact(request: ViewerRequest, cooperation_uid: UUID) -> HttpResponse:
    """A confirmation or a conference that was held."""
    door, cooperation = _cooperation(request, cooperation_uid)
    initial = {"kind": request.GET.get("kind", "confirmation"), "held_on": clock.today()}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            services.record_contact(
                viewer=request.viewer, cooperation=cooperation, values=form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "記録しました。年1回の確認なら、届出書も作り直してください。")
            return redirect("transitions:home_detail", door.service.pk)
    context = {
        "form": form,
        "door": door,
        "title": f"確認・会議を書く：{cooperation.institution_name}",
        "button": "記録する",
    }
    return _form_page(request, context)


@staff_page(may_write_of_homes)
@require_POST
def contact_take_back(request: ViewerRequest, service_id: int, contact_uid: UUID) -> HttpResponse:
    """It was written down by mistake."""
    door = _door(request, service_id)
    if door.home is None:
        raise Http404
    contact = get_object_or_404(contacts_of(door.home), uid=contact_uid)
    services.take_back_contact(viewer=request.viewer, contact=contact)
    messages.success(request, "記録を取り消しました。取り消したことは残ります。")
    return redirect("transitions:home_detail", door.service.pk)


@staff_page(may_write_of_homes)
@require_http_methods(["GET", "POST"])
def notice_make(request: ViewerRequest, service_id: int) -> HttpResponse:
    """Make the sheet of notification."""
    door = _door(request, service_id)
    form = NoticeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            notice = services.make_notice(viewer=request.viewer, door=door, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(
                request, "届出書を作りました。印刷して届け出たら、届け出た日を書いてください。"
            )
            return redirect(f"/transitions/homes/{door.service.pk}/#notice-{notice.uid}")
    context = {
        "form": form,
        "door": door,
        "title": "届出書を作る",
        "button": "この内容で作る",
        "needs": shown.need_lines(door),
    }
    return _form_page(request, context)


@staff_page(may_see_homes)
@require_safe
def notice_file(request: ViewerRequest, notice_uid: UUID) -> HttpResponse:
    """The sheet as PDF."""
    _door_found, notice = _notice(request, notice_uid)
    return pdf_response(notice_pdf(notice), "cooperation-notice.pdf")


@staff_page(may_write_of_homes)
@require_http_methods(["GET", "POST"])
def notice_submit(request: ViewerRequest, notice_uid: UUID) -> HttpResponse:
    """Write down that it went to the authority."""
    door, notice = _notice(request, notice_uid)
    form = SubmittedForm(
        request.POST if request.method == "POST" else None, initial={"submitted_on": clock.today()}
    )
    if form.is_valid():
        try:
            services.submit_notice(
                viewer=request.viewer, notice=notice, on=form.cleaned_data["submitted_on"]
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "届け出た日を書きました。")
            return redirect("transitions:home_detail", door.service.pk)
    context = {"form": form, "door": door, "title": "届け出た日を書く", "button": "記録する"}
    return _form_page(request, context)


def _form_page(request: ViewerRequest, context: dict[str, object]) -> HttpResponse:
    status = 422 if getattr(context["form"], "is_bound", False) else 200
    return render(request, "transitions/homes/home_form.html", context, status=status)
