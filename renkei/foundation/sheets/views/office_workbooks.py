"""An office's own Excel papers: bring one, name its cells, try it, take it away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.media_types import XLSX
from renkei.foundation.papers.files import FileGone, read_file, read_upload
from renkei.foundation.sheets import services
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.models import OfficeWorkbook
from renkei.foundation.sheets.office.forms import CellsForm, OfficeWorkbookForm
from renkei.foundation.sheets.office.mapping import Mapped, mapping_of, suggest, targets_of
from renkei.foundation.sheets.office.package import Package
from renkei.foundation.sheets.office.presenters import grid_of
from renkei.foundation.sheets.office.rules import may_keep_office_workbooks
from renkei.foundation.sheets.office.trial import trial
from renkei.foundation.sheets.queries import area_of, office_workbooks_of, versions_in_force


@require_http_methods(["GET", "POST"])
@staff_page(may_keep_office_workbooks)
def office_workbook_list(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    if viewer.organisation_id is None:
        raise Http404
    form = OfficeWorkbookForm(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        versions=versions_in_force(area=area_of(viewer)),
    )
    if form.is_valid():
        try:
            workbook = services.register_office_workbook(
                actor=viewer.actor,
                version=form.cleaned_data["version"],
                organisation_id=viewer.organisation_id,
                content=read_upload(form.cleaned_data["file"]),
                name=form.cleaned_data["file"].name,
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, "Excelを登録しました。つぎは、項目のセルを確かめてください。")
            return redirect("sheets:office_workbook_cells", workbook.uid)
    context = {"form": form, "workbooks": office_workbooks_of(viewer.organisation_id)}
    status = 422 if form.is_bound else 200
    return render(request, "sheets/office_workbook_list.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_page(may_keep_office_workbooks)
def office_workbook_cells(request: ViewerRequest, workbook_uid: UUID) -> HttpResponse:
    workbook = _workbook(request, workbook_uid)
    package, definition = _package(workbook), parse(workbook.version.questionnaire)
    present = mapping_of(workbook.mapping)
    suggested: Mapped = {} if present else suggest(package, definition)
    form = CellsForm(
        request.POST if request.method == "POST" else None,
        package=package,
        definition=definition,
        present=present or suggested,
        with_options="options" in request.GET,
    )
    if form.is_valid():
        services.map_cells(actor=request.viewer.actor, workbook=workbook, mapped=form.mapped)
        messages.success(
            request, f"{len(form.mapped)}個のセルを決めました。ためしに記入して確かめてください。"
        )
        return redirect("sheets:office_workbook_cells", workbook.uid)
    name = request.GET.get("sheet", "")
    name = name if name in package.sheets else next(iter(package.sheets))
    by_key = {target.key: target for target in targets_of(definition)}
    context = {
        "workbook": workbook,
        "form": form,
        "suggested_count": len(suggested),
        "is_mapped": bool(present),
        "sheet_names": list(package.sheets),
        "sheet_name": name,
        "grid": grid_of(name, package.sheets[name], present or suggested, by_key),
        "with_options": "options" in request.GET,
    }
    status = 422 if form.is_bound else 200
    return render(request, "sheets/office_workbook_cells.html", context, status=status)


@require_safe
@never_cache
@staff_page(may_keep_office_workbooks)
def office_workbook_trial(request: ViewerRequest, workbook_uid: UUID) -> HttpResponse:
    workbook = _workbook(request, workbook_uid)
    definition = parse(workbook.version.questionnaire)
    mapped = mapping_of(workbook.mapping)
    data = trial(_package(workbook), definition, mapped, today=clock.today())
    name = f"trial-{workbook.version.form.code}.xlsx"
    return HttpResponse(
        data,
        content_type=XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@staff_page(may_keep_office_workbooks)
def office_workbook_withdraw(request: ViewerRequest, workbook_uid: UUID) -> HttpResponse:
    workbook = _workbook(request, workbook_uid)
    services.withdraw_office_workbook(actor=request.viewer.actor, workbook=workbook)
    messages.success(
        request, "このExcelを使わないことにしました。元のファイルをもう一度登録できます。"
    )
    return redirect("sheets:office_workbook_list")


def _workbook(request: ViewerRequest, uid: UUID) -> OfficeWorkbook:
    """Another office's workbook looks like one that never was."""
    return get_object_or_404(office_workbooks_of(request.viewer.organisation_id), uid=uid)


def _package(workbook: OfficeWorkbook) -> Package:
    try:
        return Package(read_file(workbook.file))
    except FileGone as error:
        raise Http404 from error
