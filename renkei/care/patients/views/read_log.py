"""「誰が見たか」 (T-P4)."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.documents.read_log import list_pdf
from renkei.care.patients.forms.emergency import PeriodForm
from renkei.care.patients.forms.governance import FamilyLogForm
from renkei.care.patients.models import Patient
from renkei.care.patients.presenters_emergency import READ_COLUMNS, read_cells
from renkei.care.patients.queries_read_log import (
    ReadSearch,
    counts_of,
    family_sees_read_log,
    log_patient,
    reads_of,
    rows_of,
    way_to_the_log,
)
from renkei.care.patients.reading import record_read
from renkei.care.patients.rules_emergency import (
    may_choose_for_the_municipality,
    may_see_read_logs,
)
from renkei.care.patients.services.choices import choose_family_sees_read_log
from renkei.care.patients.views._shared import pdf_response, person_frame, xlsx_response
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock, eras
from renkei.foundation.common.spreadsheets.write import CellValue

PER_PAGE: Final = 100
TITLE: Final = "閲覧記録（誰が見たか）"
WIDTHS: Final = ("auto", "3", "2", "4", "3", "2")


@never_cache
@require_safe
@care_page(may_see_read_logs)
@transaction.atomic
def read_log(request: ViewerRequest, uid: UUID) -> HttpResponse:
    patient = _patient(request, uid)
    form = PeriodForm(request.GET or None)
    search = _search(form)
    # Looking at the log is a read as well, and stands in what is shown.
    record_read(
        viewer=request.viewer, patient=patient, what="read_log", via=way_to_the_log(request.viewer)
    )
    events = reads_of(patient, search)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "patient": patient,
        "form": form,
        "page": page,
        "rows": rows_of(list(page)),
        "counts": counts_of(events),
        "query": request.GET.urlencode(),
        **person_frame(request.viewer, patient, "read_log"),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "patients/read_log.html", context, status=status)


@never_cache
@require_safe
@care_page(may_see_read_logs)
@transaction.atomic
def read_log_xlsx(request: ViewerRequest, uid: UUID) -> HttpResponse:
    rows = _exported(request, uid)
    return xlsx_response(
        name="read-log",
        title=TITLE,
        columns=READ_COLUMNS,
        rows=rows,
        notes=[("作成日", eras.format_long(clock.today())), ("件数", f"{len(rows)}件")],
    )


@never_cache
@require_safe
@care_page(may_see_read_logs)
@transaction.atomic
def read_log_pdf(request: ViewerRequest, uid: UUID) -> HttpResponse:
    # A person reads the paper: the day as it is written, not as a file has it.
    rows: list[list[CellValue]] = [
        [_written_moment(str(row[0])), *row[1:]] for row in _exported(request, uid)
    ]
    content = list_pdf(
        title=TITLE,
        town=request.viewer.organisation_name,
        lead=f"{len(rows)}件　新しい順",
        columns=[column.name for column in READ_COLUMNS],
        widths=WIDTHS,
        rows=rows,
    )
    return pdf_response(content, "read-log")


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page(may_choose_for_the_municipality)
def read_log_choice(request: ViewerRequest) -> HttpResponse:
    """Whether family sees the read log: the town's choice."""
    initial = {"shown": "yes" if family_sees_read_log(own_area_of(request.viewer)) else "no"}
    form = FamilyLogForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        choose_family_sees_read_log(
            viewer=request.viewer, shown=form.cleaned_data["shown"] == "yes"
        )
        messages.success(request, "閲覧記録の見せ方を決めました。")
        return redirect("patients:read_log_choice")
    status = 422 if form.is_bound else 200
    return render(request, "patients/read_log_choice.html", {"form": form}, status=status)


def _written_moment(text: str) -> str:
    day, _, time = text.partition(" ")
    return f"{eras.format_screen(date.fromisoformat(day))}{time}"


def _patient(request: ViewerRequest, uid: UUID) -> Patient:
    try:
        return log_patient(request.viewer, uid)
    except Patient.DoesNotExist as error:
        raise Http404 from error


def _search(form: PeriodForm) -> ReadSearch:
    return ReadSearch(**form.cleaned_data) if form.is_valid() else ReadSearch()


def _exported(request: ViewerRequest, uid: UUID) -> list[list[CellValue]]:
    patient = _patient(request, uid)
    record_read(
        viewer=request.viewer, patient=patient, what="read_log", via=way_to_the_log(request.viewer)
    )
    events = reads_of(patient, _search(PeriodForm(request.GET or None)))
    return [read_cells(row) for row in rows_of(list(events))]
