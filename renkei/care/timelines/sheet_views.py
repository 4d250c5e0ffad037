"""The sheets of a person: list, fill in, read, earlier answers, files."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import person_page
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.presenters import person_head
from renkei.care.patients.queries import merged_uids
from renkei.care.timelines.documents import sheet_head
from renkei.care.timelines.observation_views import staff_door
from renkei.care.timelines.paper_services import print_empty_sheet
from renkei.care.timelines.prefill import prefill_values
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.sheet_queries import (
    answer_through,
    open_form,
    person_sheets,
)
from renkei.care.timelines.sheet_services import tell_of_answer
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.media_types import PDF, XLSX
from renkei.foundation.sheets import workbooks
from renkei.foundation.sheets.documents import answer_pdf
from renkei.foundation.sheets.models import Answer, FormVersion
from renkei.foundation.sheets.office_workbooks import fill_office_workbook
from renkei.foundation.sheets.pages import Filling, Prefilled, answer_context, fill
from renkei.foundation.sheets.queries import (
    answers_of,
    drafts_of,
    office_workbooks_of,
)

TAB: Final = "sheets"
JSON: Final = "application/fhir+json"


@require_safe
@person_page("様式の一覧", content=ContentClass.TIMELINE)
def sheet_list(request: ViewerRequest, patient: Patient) -> HttpResponse:
    door = staff_door(request.viewer, patient)
    context = {
        "head": person_head(request.viewer, patient, current=TAB),
        "sheets": person_sheets(request.viewer, door),
        "may_write": door.may_write,
    }
    return render(request, "timelines/sheet_list.html", context)


@require_http_methods(["GET", "POST"])
@person_page("様式を書く", content=ContentClass.TIMELINE)
def sheet_fill(request: ViewerRequest, patient: Patient, code: str) -> HttpResponse:
    door = staff_door(request.viewer, patient)
    version = _version_or_404(request.viewer, door, code)
    if not door.may_write:
        raise Http404
    filling = Filling(
        version=version,
        subject_uid=patient.uid,
        viewer=request.viewer,
        action_url=request.path,
        done_url=lambda answer: reverse("timelines:answer_detail", args=[patient.uid, answer.uid]),
        when_sent=lambda answer: tell_of_answer(door=door, answer=answer),
        cancel_url=reverse("timelines:sheet_list", args=[patient.uid]),
        prefill={
            code: Prefilled(words, "基本情報") for code, words in prefill_values(door).items()
        },
        context={"head": person_head(request.viewer, patient, current=TAB)},
        template="timelines/sheet_fill.html",
        check_template="timelines/sheet_check.html",
    )
    return fill(request, filling)


@require_safe
@person_page("様式", content=ContentClass.TIMELINE)
def answer_detail(request: ViewerRequest, patient: Patient, answer_uid: UUID) -> HttpResponse:
    """One answer, what changed since the one before, and the others."""
    door = staff_door(request.viewer, patient)
    answer = _answer_or_404(request.viewer, door, answer_uid)
    form = answer.version.form
    context = {
        **answer_context(answer),
        "head": person_head(request.viewer, patient, current=TAB),
        "answers": answers_of(patient.uid, form, also=merged_uids(patient)),
        "draft": drafts_of(patient.uid, organisation_id=request.viewer.organisation_id)
        .filter(version__form=form)
        .first(),
        "has_office_workbook": office_workbooks_of(
            request.viewer.organisation_id, version=answer.version
        ).exists(),
        "may_write": door.may_write,
    }
    return render(request, "timelines/answer_detail.html", context)


@require_safe
@person_page("様式（ファイル）", content=ContentClass.TIMELINE)
def answer_file(
    request: ViewerRequest, patient: Patient, answer_uid: UUID, kind: str
) -> HttpResponse:
    door = staff_door(request.viewer, patient)
    answer = _answer_or_404(request.viewer, door, answer_uid)
    if kind not in WRITERS:
        raise Http404
    content, media_type, ending = WRITERS[kind](request.viewer, patient, answer)
    return _download(content, media_type, f"sheet-{clock.today():%Y%m%d}.{ending}")


@require_POST
@person_page("記入用の様式を印刷する", content=ContentClass.TIMELINE)
def sheet_empty(request: ViewerRequest, patient: Patient, code: str) -> HttpResponse:
    """The form to fill in by hand: made anew each time, with a number that brings it back."""
    door = staff_door(request.viewer, patient)
    version = _version_or_404(request.viewer, door, code)
    if not door.may_write:
        raise Http404
    content = print_empty_sheet(viewer=request.viewer, door=door, version=version)
    return _download(content, PDF, f"sheet-{version.form.code}.pdf")


def _pdf(_viewer: Viewer, patient: Patient, answer: Answer) -> tuple[bytes, str, str]:
    return answer_pdf(answer.version, answer.content, head=sheet_head(patient)), PDF, "pdf"


def _xlsx(_viewer: Viewer, _patient: Patient, answer: Answer) -> tuple[bytes, str, str]:
    return workbooks.write(answer.version, answer.content), XLSX, "xlsx"


def _json(_viewer: Viewer, _patient: Patient, answer: Answer) -> tuple[bytes, str, str]:
    words = json.dumps(answer.content, ensure_ascii=False, indent=2)
    return words.encode(), JSON, "json"


def _office(viewer: Viewer, _patient: Patient, answer: Answer) -> tuple[bytes, str, str]:
    own = office_workbooks_of(viewer.organisation_id, version=answer.version).first()
    if own is None:
        raise Http404
    return fill_office_workbook(own, answer.content), XLSX, "xlsx"


WRITERS: Final[dict[str, Callable[[Viewer, Patient, Answer], tuple[bytes, str, str]]]] = {
    "pdf": _pdf,
    "xlsx": _xlsx,
    "json": _json,
    "office": _office,
}


def _version_or_404(viewer: Viewer, door: Door, code: str) -> FormVersion:
    try:
        return open_form(viewer, door, code)
    except FormVersion.DoesNotExist:
        raise Http404 from None


def _answer_or_404(viewer: Viewer, door: Door, answer_uid: UUID) -> Answer:
    try:
        return answer_through(viewer, door, answer_uid)
    except Answer.DoesNotExist:
        raise Http404 from None


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
