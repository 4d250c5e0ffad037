"""The list of stays, one stay, and opening one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from renkei.care.patients.access import care_page, member_who_writes, person_page
from renkei.care.patients.models import Patient
from renkei.care.patients.presenters import person_head
from renkei.care.patients.reading import record_reads
from renkei.care.transitions.forms import PartiesForm, StayForm, TransferForm
from renkei.care.transitions.presenters import case_lines
from renkei.care.transitions.presenters_case import case_page_of
from renkei.care.transitions.presenters_sides import manager_contact
from renkei.care.transitions.queries.cases import (
    CaseDoor,
    cases_of,
    cases_visible_to,
    opens_content,
)
from renkei.care.transitions.queries.people import hospitals_near, likely_hospital
from renkei.care.transitions.rules_office import may_see_office
from renkei.care.transitions.services.cases import arrange, open_case
from renkei.care.transitions.services.transfers import transfer
from renkei.care.transitions.views._shared import case_page, writing
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.notifications.services import mark_read

PER_PAGE = 30
TAB = "transitions"


@care_page()
@require_safe
def case_list(request: ViewerRequest) -> HttpResponse:
    """My persons' stays, the most overdue first."""
    closed = request.GET.get("state") == "closed"
    cases = cases_visible_to(request.viewer).filter(is_open=not closed)
    with transaction.atomic():
        page = Paginator(cases, PER_PAGE).get_page(request.GET.get("page"))
        shown = list(page)
        context = {
            "page": page,
            "lines": case_lines(request.viewer, shown),
            "closed": closed,
            "for_office": may_see_office(request.viewer),
        }
        response = render(request, "transitions/case_list.html", context)
        seen = list({case.patient_id: case.patient for case in shown}.values())
        record_reads(viewer=request.viewer, patients=seen, what="入退院の一覧")
    return response


@require_safe
@person_page("入退院の一覧")
def patient_cases(request: ViewerRequest, patient: Patient) -> HttpResponse:
    cases = list(cases_of(request.viewer, patient))
    context = {
        "head": person_head(request.viewer, patient, current=TAB),
        "lines": case_lines(request.viewer, cases),
        "may_open": not patient.is_closed,
        "manager": manager_contact(patient),
    }
    return render(request, "transitions/patient_cases.html", context)


@require_http_methods(["GET", "POST"])
@person_page("入院した")
def case_open(request: ViewerRequest, patient: Patient) -> HttpResponse:
    member_who_writes(request, patient)
    near = hospitals_near(request.viewer, patient)
    form = StayForm(
        request.POST if request.method == "POST" else None,
        hospitals=near,
        content=opens_content(request.viewer, patient),
        initial={"hospital": likely_hospital(request.viewer, near)},
    )
    if form.is_valid():
        try:
            case = open_case(viewer=request.viewer, patient=patient, stay=form.stay())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "入院を記録しました。チームに知らせます。")
            return redirect("transitions:case_detail", case.uid)
    context = {
        "form": form,
        "head": person_head(request.viewer, patient, current=TAB),
        "title": "入院した",
    }
    return render(request, "transitions/case_open.html", context, status=_status(form))


@require_safe
@case_page("入退院の調整")
def case_detail(request: ViewerRequest, door: CaseDoor) -> HttpResponse:
    """Both sides see the same."""
    context = {
        "head": person_head(request.viewer, door.patient, current=TAB),
        "shown": case_page_of(door),
    }
    response = render(request, "transitions/case_detail.html", context)
    mark_read(user_id=request.viewer.user_id or 0, path_prefix=request.path)
    return response


@require_http_methods(["GET", "POST"])
@case_page("入退院の相手を直す")
def case_arrange(request: ViewerRequest, door: CaseDoor) -> HttpResponse:
    writing(door)
    case = door.case
    form = PartiesForm(request.POST if request.method == "POST" else None, initial=vars(case))
    if form.is_valid():
        try:
            arrange(
                door=door,
                ward=form.cleaned_data["ward"],
                hospital=form.hospital(),
                manager=form.manager(case),
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "相手と病棟を直しました。")
            return redirect("transitions:case_detail", case.uid)
    return _form_page(request, door, form, "相手と病棟を直す")


@require_http_methods(["GET", "POST"])
@case_page("転院した")
def case_transfer(request: ViewerRequest, door: CaseDoor) -> HttpResponse:
    writing(door)
    form = TransferForm(
        request.POST if request.method == "POST" else None,
        hospitals=_others(request, door),
        content=door.opens_content,
    )
    if form.is_valid():
        try:
            following = transfer(
                door=door,
                to=form.place(),
                at=form.moment(),
                channel=form.cleaned_data["channel"],
                ward=form.cleaned_data["ward"],
                note=form.cleaned_data.get("note", ""),
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "転院を記録し、ケアマネを次の入院に引き継ぎました。")
            return redirect("transitions:case_detail", following.uid)
    return _form_page(request, door, form, "転院した")


def _others(request: ViewerRequest, door: CaseDoor) -> dict[str, Any]:
    """Every hospital but the one the person is leaving."""
    near = hospitals_near(request.viewer, door.patient)
    return {
        key: place
        for key, place in near.items()
        if key != door.case.hospital_key and place.name != door.case.hospital_name
    }


def _form_page(request: ViewerRequest, door: CaseDoor, form: Any, title: str) -> HttpResponse:
    context = {
        "form": form,
        "case": door.case,
        "head": person_head(request.viewer, door.patient, current=TAB),
        "title": title,
    }
    return render(request, "transitions/case_form.html", context, status=_status(form))


def _status(form: Any) -> int:
    return 422 if form.is_bound else 200
