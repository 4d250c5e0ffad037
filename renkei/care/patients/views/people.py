"""One's persons, opening a record, and the person's own page."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients import rules
from renkei.care.patients.access import care_page, member_who_writes, person_page
from renkei.care.patients.forms.people import PersonForm, RegisterForm, person_initial
from renkei.care.patients.models import Patient
from renkei.care.patients.presenters import column_labels, list_rows, person_head
from renkei.care.patients.presenters_person import change_lines, person_page_of
from renkei.care.patients.queries import changes_of, likely_same, patient_list
from renkei.care.patients.queries_team import invitations_for
from renkei.care.patients.reading import record_list_read
from renkei.care.patients.services.changes import undo_change
from renkei.care.patients.services.people import correct_patient, register_patient
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.text import text_problem

PER_PAGE = 50
CHANGES_PER_PAGE = 50


@require_safe
@care_page()
def patient_list_page(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    words = request.GET.get("q", "").strip()
    problem = text_problem(words)
    closed = request.GET.get("state") == "closed"
    persons = patient_list(viewer, words="" if problem else words, closed=closed)
    page = Paginator(persons, PER_PAGE).get_page(request.GET.get("page"))
    rows = list_rows(viewer, list(page))
    context = {
        "page": page,
        "rows": rows,
        "columns": column_labels(),
        "words": words if not problem else "",
        "problem": problem,
        "closed": closed,
        "invitations": invitations_for(viewer),
    }
    response = render(request, "patients/patient_list.html", context)
    record_list_read(viewer=viewer, count=len(rows), searched=bool(words))
    return response


@require_http_methods(["GET", "POST"])
@care_page(rules.may_register_patients)
def patient_register(request: ViewerRequest) -> HttpResponse:
    """Open a record. A likely second record of one's own persons is shown before it is made."""
    form = RegisterForm(request.POST if request.method == "POST" else None)
    alike = []
    if form.is_valid():
        values = form.values()
        alike = likely_same(request.viewer, values)
        if not alike or request.POST.get("different") == "1":
            try:
                patient = register_patient(
                    viewer=request.viewer, values=values, certification=form.certification()
                )
            except ValidationError as error:
                form.add_service_error(error)
            else:
                messages.success(request, "登録しました。つぎは、本人の同意を記録してください。")
                return redirect("patients:patient_detail", patient.uid)
    context = {"form": form, "alike": alike}
    status = 422 if form.is_bound else 200
    return render(request, "patients/patient_register.html", context, status=status)


@require_safe
@person_page("基本情報")
def patient_detail(request: ViewerRequest, patient: Patient) -> HttpResponse:
    context = {
        "head": person_head(request.viewer, patient, current="basic"),
        "page": person_page_of(request.viewer, patient),
    }
    return render(request, "patients/patient_detail.html", context)


@require_http_methods(["GET", "POST"])
@person_page("基本情報を直す")
def patient_edit(request: ViewerRequest, patient: Patient) -> HttpResponse:
    member_who_writes(request, patient)
    form = PersonForm(
        request.POST if request.method == "POST" else None, initial=person_initial(patient)
    )
    if form.is_valid():
        try:
            changed = correct_patient(viewer=request.viewer, patient=patient, values=form.values())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, saved_sentence(len(changed)))
            return redirect("patients:patient_detail", patient.uid)
    context = {"form": form, "head": person_head(request.viewer, patient, current="basic")}
    status = 422 if form.is_bound else 200
    return render(request, "patients/patient_edit.html", context, status=status)


def saved_sentence(count: int) -> str:
    """What a correction did; it can be undone on the page of changes."""
    if not count:
        return "変わった項目はありません。"
    return f"{count}項目を直しました。前の値は「変更の記録」から元に戻せます。"


@require_safe
@person_page("変更の記録")
def change_list(request: ViewerRequest, patient: Patient) -> HttpResponse:
    page = Paginator(changes_of(patient), CHANGES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "head": person_head(request.viewer, patient, current="basic"),
        "page": page,
        "lines": change_lines(request.viewer, patient, list(page)),
    }
    return render(request, "patients/change_list.html", context)


@require_POST
@person_page("変更を元に戻す")
def change_undo(request: ViewerRequest, patient: Patient, change_uid: str) -> HttpResponse:
    member_who_writes(request, patient)
    change = get_object_or_404(changes_of(patient), uid=change_uid)
    try:
        undo_change(viewer=request.viewer, change=change)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "前の値に戻しました。")
    return redirect("patients:change_list", patient.uid)
