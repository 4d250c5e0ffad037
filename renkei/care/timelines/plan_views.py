"""訪問の予定: the office's days, one person's coming visits, planning, changing, cancelling."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page, person_page
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.presenters import person_head
from renkei.care.patients.reading import record_list_read, record_reads
from renkei.care.timelines.models import PlannedVisit
from renkei.care.timelines.plan_forms import DayPlanForm, PlanForm
from renkei.care.timelines.plan_queries import (
    own_visit,
    patient_to_visit,
    patients_to_visit,
    visits_between,
    visits_to,
)
from renkei.care.timelines.plan_services import cancel_visit, change_visit, plan_visit
from renkei.care.timelines.presenters_plan import PlanPage, day_of, rows_of
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest
from renkei.foundation.common import clock

WEEK: Final = timedelta(days=6)
PLANNED = "訪問の予定を決めました。"


@require_safe
@care_page()
def visit_plan(request: ViewerRequest) -> HttpResponse:
    """The office's visits of a day, or of a week; one's own unless asked for all."""
    viewer = request.viewer
    first = _day_in(request)
    is_week = request.GET.get("span") == "week"
    with transaction.atomic():
        visits = visits_between(viewer, first, first + WEEK if is_week else first)
        page = PlanPage.of(
            viewer, visits, first=first, is_week=is_week, everybody=request.GET.get("who") == "all"
        )
        response = render(request, "timelines/visit_plan.html", {"page": page})
        shown = {row.patient.pk: row.patient for day in page.days for row in day.rows}
        record_reads(viewer=viewer, patients=list(shown.values()), what="訪問の予定")
    return response


@require_http_methods(["GET", "POST"])
@care_page()
def visit_add(request: ViewerRequest) -> HttpResponse:
    """Plan a visit to any of the viewer's persons."""
    viewer = request.viewer
    form = DayPlanForm(
        request.POST if request.method == "POST" else None,
        viewer=viewer,
        initial={"on": _day_in(request)},
    )
    if form.is_valid() and _planned(form, viewer, form.cleaned_data["patient"]):
        messages.success(request, PLANNED)
        return redirect(f"{reverse('timelines:visit_plan')}?on={form.cleaned_data['on']}&who=all")
    status = 422 if form.is_bound else 200
    with transaction.atomic():
        response = render(request, "timelines/visit_add.html", {"form": form}, status=status)
        record_list_read(viewer=viewer, count=patients_to_visit(viewer).count(), searched=False)
    return response


@require_http_methods(["GET", "POST"])
@person_page("訪問の予定", content=ContentClass.TIMELINE)
def visit_list(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """Everybody's coming visits to one person, and a place to plan one of one's own office."""
    viewer = request.viewer
    may_plan = patient_to_visit(viewer, patient.uid) is not None
    if request.method == "POST" and not may_plan:
        raise Http404
    form = PlanForm(
        request.POST if request.method == "POST" else None, viewer=viewer, patient=patient
    )
    if form.is_valid() and _planned(form, viewer, patient):
        messages.success(request, PLANNED)
        return redirect("timelines:visit_list", patient.uid)
    context = {
        "head": person_head(viewer, patient, current="visits"),
        "rows": rows_of(viewer, visits_to(patient), may_change=may_plan),
        "form": form if may_plan else None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "timelines/visit_list.html", context, status=status)


@require_http_methods(["GET", "POST"])
@person_page("訪問の予定を変える", content=ContentClass.TIMELINE)
def visit_edit(request: ViewerRequest, patient: Patient, visit_uid: UUID) -> HttpResponse:
    visit = _own_visit(request, patient, visit_uid)
    when = day_of(visit.on)
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        viewer=request.viewer,
        patient=patient,
        initial={"visitor": visit.membership_id, "on": visit.on, "at": visit.at},
    )
    if form.is_valid():
        try:
            change_visit(viewer=request.viewer, visit=visit, **form.values())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "訪問の予定を変えました。")
            return redirect("timelines:visit_list", patient.uid)
    context = {
        "head": person_head(request.viewer, patient, current="visits"),
        "form": form,
        "when": when,
        "visit": visit,
    }
    status = 422 if form.is_bound else 200
    return render(request, "timelines/visit_edit.html", context, status=status)


@require_POST
@person_page("訪問の予定を取り消す", content=ContentClass.TIMELINE)
def visit_cancel(request: ViewerRequest, patient: Patient, visit_uid: UUID) -> HttpResponse:
    visit = _own_visit(request, patient, visit_uid)
    words = day_of(visit.on)
    cancel_visit(viewer=request.viewer, visit=visit)
    messages.success(
        request, f"{words}の訪問を取り消しました。間違えたときは、もう一度決めてください。"
    )
    return redirect("timelines:visit_list", patient.uid)


def _own_visit(request: ViewerRequest, patient: Patient, uid: UUID) -> PlannedVisit:
    """A visit the viewer may change. Not allowed and not found look the same."""
    visit = own_visit(request.viewer, patient, uid)
    if visit is None or patient_to_visit(request.viewer, patient.uid) is None:
        raise Http404
    return visit


def _planned(form: PlanForm, viewer: Viewer, patient: Patient) -> bool:
    try:
        plan_visit(viewer=viewer, patient=patient, **form.values())
    except ValidationError as error:
        form.add_service_error(error)
        return False
    return True


def _day_in(request: ViewerRequest) -> date:
    """The day of the address; today for none, or for what is no day or outside of what is kept."""
    today = clock.today()
    try:
        day = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today
    return day if abs((day - today).days) <= _MOST_DAYS else today


_MOST_DAYS: Final = 366
