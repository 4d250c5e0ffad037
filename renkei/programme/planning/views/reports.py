"""Reports: made from one click, kept as they were, each number leading to its query."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest
from renkei.foundation.areas.models import Area
from renkei.foundation.common import clock
from renkei.foundation.common.eras import FiscalYear, fiscal_year
from renkei.foundation.common.media_types import DOCX, PDF, XLSX
from renkei.programme.planning.documents.reports import bundle_of, report_file
from renkei.programme.planning.forms_reports import GrantForm, ReportForm
from renkei.programme.planning.models import (
    GrantQuestion,
    GrantReply,
    Meeting,
    ReportKind,
    ReportPack,
)
from renkei.programme.planning.presenters_reports import KINDS, grant_lines, report_page_of
from renkei.programme.planning.queries.reports import (
    areas_for,
    grant_answers,
    meetings_in_bundle,
    meetings_to_come,
    pack_for,
    packs_seen_by,
    scope_of,
)
from renkei.programme.planning.reporting.present import present_of
from renkei.programme.planning.reporting.scope import Scope
from renkei.programme.planning.rules import may_own_councils
from renkei.programme.planning.rules_reports import makes_reports, reads_reports
from renkei.programme.planning.services.reports import answer_grant, make_pack
from renkei.programme.planning.views._shared import INVALID, download, form_page, only

LIST = ("/planning/reports/", "報告")
MEDIA = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX, "zip": "application/zip"}
YEARS_BACK = 5
FIRST_YEAR = 2015


def _years() -> list[int]:
    this = fiscal_year(clock.today()).year
    return [this - back for back in range(YEARS_BACK)]


def _pack(request: ViewerRequest, uid: UUID) -> ReportPack:
    try:
        return pack_for(request.viewer, uid)
    except ReportPack.DoesNotExist:
        raise Http404 from None


def _form(request: ViewerRequest) -> tuple[ReportForm, list[Area], list[Meeting]]:
    areas = areas_for(request.viewer)
    meetings = [one for area in areas for one in meetings_to_come(request.viewer, area)]
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        years=_years(),
        areas=areas,
        meetings=meetings,
        initial={"meeting": request.GET.get("meeting", "")},
    )
    return form, areas, meetings


@staff_page(reads_reports)
@require_http_methods(["GET", "POST"])
def report_list(request: ViewerRequest) -> HttpResponse:
    """One click makes a report; those made before lie below."""
    makes = makes_reports(request.viewer)
    only(makes or request.method == "GET")
    form, areas, meetings = _form(request)
    if form.is_valid():
        values = form.cleaned_data
        try:
            pack = make_pack(
                viewer=request.viewer,
                area=next(one for one in areas if one.pk == values["area"]),
                fiscal_year=values["fiscal_year"],
                kind=ReportKind(values["kind"]),
                meeting=_chosen(values, meetings),
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "報告を作りました。")
            return redirect("planning:report_detail", pack.uid)
    context = {
        "form": form,
        "kinds": KINDS,
        "makes": makes and bool(areas),
        "packs": [
            (one, FiscalYear(one.fiscal_year).label) for one in packs_seen_by(request.viewer)
        ],
        "grant_year": _grant_year(request.viewer, areas),
    }
    status = INVALID if form.is_bound else 200
    return render(request, "planning/reports/list.html", context, status=status)


def _chosen(values: dict[str, str], meetings: list[Meeting]) -> Meeting | None:
    if values["kind"] != ReportKind.COUNCIL:
        return None
    return next((one for one in meetings if str(one.uid) == values["meeting"]), None)


@staff_page(reads_reports)
@require_safe
def report_detail(request: ViewerRequest, report_uid: UUID) -> HttpResponse:
    """The report as it was made, its files, and which of its numbers were revised since."""
    pack = _pack(request, report_uid)
    context = {"pack": pack, "shown": report_page_of(request.viewer, pack)}
    return render(request, "planning/reports/detail.html", context)


@staff_page(reads_reports)
@require_safe
def report_file_of(request: ViewerRequest, report_uid: UUID, form: str) -> HttpResponse:
    """The same content as Word, PDF, workbook, or all of it with the published 要旨."""
    pack = _pack(request, report_uid)
    only(form in MEDIA)
    if form == "zip":
        content = bundle_of(pack, meetings_in_bundle(request.viewer, pack))
    else:
        content = report_file(pack, form)
    name = f"{pack.kind}-{pack.fiscal_year}.{form}"
    return download(content, MEDIA[form], name)


@staff_page(reads_reports)
@require_safe
def report_note(request: ViewerRequest, report_uid: UUID, number: int) -> HttpResponse:
    """The query behind one number: definition, source, period, then and now (T-Q1)."""
    pack = _pack(request, report_uid)
    note = next((one for one in pack.content["notes"] if one["number"] == number), None)
    if note is None:
        raise Http404
    present = present_of(scope_of(request.viewer, pack), note)
    context = {"pack": pack, "note": note, "present": present}
    return render(request, "planning/reports/note.html", context)


def _grant_year(viewer: Viewer, areas: Sequence[Area]) -> int | None:
    """The year whose answers an office can write; None where it answers for no area."""
    return fiscal_year(clock.today()).year if areas and may_own_councils(viewer) else None


def _grant_scope(request: ViewerRequest, year: int) -> Scope:
    areas = areas_for(request.viewer)
    only(bool(areas) and FIRST_YEAR <= year <= fiscal_year(clock.today()).year + 1)
    return Scope(request.viewer, areas[0], year, clock.today())


@staff_page(may_own_councils)
@require_safe
def grant_list(request: ViewerRequest, year: int) -> HttpResponse:
    """The grant's questions: last year's answer, this year's, the evidence, what is missing."""
    scope = _grant_scope(request, year)
    context = {
        "year": year,
        "label": FiscalYear(year).label,
        "assessed": FiscalYear(year + 1).label,
        "years": [(one, FiscalYear(one).label) for one in _years()],
        "lines": grant_lines(scope),
    }
    return render(request, "planning/reports/grant.html", context)


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def grant_answer(request: ViewerRequest, year: int, question: str) -> HttpResponse:
    """Answer one question."""
    scope = _grant_scope(request, year)
    only(question in GrantQuestion.values)
    written = grant_answers(scope.area, year).get(question)
    back = reverse("planning:grant_list", args=[year])
    form = GrantForm(
        request.POST if request.method == "POST" else None,
        initial={"answer": written.answer, "note": written.note} if written else {},
    )
    if form.is_valid():
        answer_grant(
            viewer=request.viewer, area=scope.area, fiscal_year=year, question=question,
            answer=GrantReply(form.cleaned_data["answer"]), note=form.cleaned_data["note"],
        )  # fmt: skip
        messages.success(request, "回答を書きました。")
        return redirect(back)
    return form_page(
        request, form, title="評価の項目に答える", button="書く", back=back,
        crumbs=[LIST, (back, f"{scope.label}の評価")], lead=str(GrantQuestion(question).label),
    )  # fmt: skip
