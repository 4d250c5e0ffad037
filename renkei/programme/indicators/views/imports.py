"""Bringing in a file of numbers: file, columns, preview, done."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.programme.indicators.forms_imports import ColumnsForm, HeaderForm, ValueFileForm
from renkei.programme.indicators.importers.plan import Mapping
from renkei.programme.indicators.models import ImportRun, RunState
from renkei.programme.indicators.presenters_imports import preview_page, samples_of, sheet_names_of
from renkei.programme.indicators.queries.catalogue import indicators_for
from renkei.programme.indicators.queries.imports import (
    mappings_for,
    run_for,
    runs_for,
    same_file_before,
)
from renkei.programme.indicators.rules import may_bring_in_values
from renkei.programme.indicators.services import imports
from renkei.programme.indicators.services.import_jobs import (
    WORKING,
    is_large,
    start_applying,
    stop_work,
)
from renkei.registry.facilities.services.uploads import forget_upload, keep_uploads


@staff_page(may_bring_in_values)
@require_http_methods(["GET", "POST"])
def import_new(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    form = ValueFileForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if form.is_valid():
        ((path, name),) = keep_uploads([form.cleaned_data["table"]])
        try:
            run = imports.begin_import(viewer=viewer, path=path, file_name=name)
        except UnreadableFile as error:
            forget_upload(path)
            form.add_error("table", str(error.problem))
        else:
            return redirect("indicators:import_columns", run.uid)
    runs = runs_for(viewer)
    context = {
        "form": form,
        "working": runs.filter(state__in=WORKING)[:5],
        "drafts": runs.filter(state=RunState.DRAFT)[:5],
        "applied": runs.filter(state=RunState.APPLIED)[:10],
        "known": mappings_for(viewer),
    }
    return render(
        request, "indicators/import_new.html", context, status=422 if form.is_bound else 200
    )


@staff_page(may_bring_in_values)
@require_http_methods(["GET", "POST"])
def import_columns(request: ViewerRequest, uid: UUID) -> HttpResponse:
    run = _open_run(request, uid)
    viewer = request.viewer
    mapping = Mapping.from_json(run.mapping)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        mapping=mapping,
        indicators=list(indicators_for(viewer)),
        own=own_area_of(viewer),
        today=clock.today(),
    )
    if form.is_valid():
        try:
            imports.decide_columns(viewer=viewer, run=run, mapping=form.decided())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            return redirect("indicators:import_preview", run.uid)
    context = {
        "form": form,
        "run": run,
        "mapping": mapping,
        "columns": form.columns(samples_of(run, mapping)),
        "header_form": HeaderForm(sheets=sheet_names_of(run), mapping=mapping),
    }
    return render(
        request, "indicators/import_columns.html", context, status=422 if form.is_bound else 200
    )


@staff_page(may_bring_in_values)
@require_POST
def import_header(request: ViewerRequest, uid: UUID) -> HttpResponse:
    run = _open_run(request, uid)
    mapping = Mapping.from_json(run.mapping)
    form = HeaderForm(request.POST, sheets=sheet_names_of(run), mapping=mapping)
    if not form.is_valid():
        messages.error(request, "見出しの行を、数字で入力してください。")
        return redirect("indicators:import_columns", run.uid)
    data = form.cleaned_data
    try:
        imports.choose_header(
            viewer=request.viewer, run=run, sheet_name=data["sheet"], row=data["row"]
        )
    except (UnreadableFile, ValidationError) as error:
        messages.error(request, "".join(getattr(error, "messages", [str(error)])))
    return redirect("indicators:import_columns", run.uid)


@staff_page(may_bring_in_values)
@require_safe
def import_preview(request: ViewerRequest, uid: UUID) -> HttpResponse:
    run = _run_in(request, uid, RunState.DRAFT, *WORKING)
    if run.state in WORKING:
        return render(request, "indicators/import_progress.html", {"run": run})
    if run.error:
        context = {"run": run, "error": run.error}
        return render(request, "indicators/import_unreadable.html", context, status=422)
    if is_large(run):
        if not run.preview:
            return redirect("indicators:import_columns", run.uid)
        context = {"run": run, "page": run.preview, "same": same_file_before(run)}
        return render(request, "indicators/import_preview.html", context)
    try:
        preview = imports.preview_of(request.viewer, run)
    except UnreadableFile as error:
        context = {"run": run, "error": str(error.problem)}
        return render(request, "indicators/import_unreadable.html", context, status=422)
    context = {
        "run": run,
        "page": preview_page(preview),
        "same": same_file_before(run),
    }
    return render(request, "indicators/import_preview.html", context)


@staff_page(may_bring_in_values)
@require_POST
def import_apply(request: ViewerRequest, uid: UUID) -> HttpResponse:
    run = _open_run(request, uid)
    try:
        if is_large(run):
            start_applying(viewer=request.viewer, run=run)
            return redirect("indicators:import_preview", run.uid)
        imports.apply_import(viewer=request.viewer, run=run)
    except UnreadableFile as error:
        messages.error(request, str(error))
        return redirect("indicators:import_new")
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
        # What the numbers would give away is changed where the columns are decided.
        return redirect("indicators:import_columns", run.uid)
    messages.success(request, "取り込みました。何が変わったかは、このページに残ります。")
    return redirect("indicators:import_detail", run.uid)


@staff_page(may_bring_in_values)
@require_safe
def import_progress(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The moving part of the progress page, asked for every second."""
    run = run_for(request.viewer, uid)
    if run is None:
        raise Http404
    if run.state not in WORKING:
        done = run.state == RunState.APPLIED
        name = "indicators:import_detail" if done else "indicators:import_preview"
        return HttpResponse(headers={"HX-Redirect": reverse(name, args=[run.uid])})
    return render(request, "indicators/_import_progress.html", {"run": run})


@staff_page(may_bring_in_values)
@require_POST
def import_stop(request: ViewerRequest, uid: UUID) -> HttpResponse:
    run = _run_in(request, uid, *WORKING)
    stop_work(viewer=request.viewer, run=run)
    messages.success(request, "止めました。値は変わっていません。")
    return redirect("indicators:import_columns", run.uid)


@staff_page(may_bring_in_values)
@require_POST
def import_discard(request: ViewerRequest, uid: UUID) -> HttpResponse:
    imports.discard_import(viewer=request.viewer, run=_open_run(request, uid))
    messages.success(request, "取り込みをやめ、ファイルを消しました。値は変わっていません。")
    return redirect("indicators:import_new")


@staff_page(may_bring_in_values)
@require_safe
def import_detail(request: ViewerRequest, uid: UUID) -> HttpResponse:
    run = run_for(request.viewer, uid)
    if run is None or run.state != RunState.APPLIED:
        raise Http404
    codes = run.values.order_by().values_list("indicator__code", flat=True).distinct()
    named = indicators_for(request.viewer).filter(code__in=codes)
    return render(
        request, "indicators/import_detail.html", {"run": run, "indicators": list(named[:60])}
    )


def _open_run(request: ViewerRequest, uid: UUID) -> ImportRun:
    return _run_in(request, uid, RunState.DRAFT)


def _run_in(request: ViewerRequest, uid: UUID, *states: RunState) -> ImportRun:
    run = run_for(request.viewer, uid)
    if run is None or run.state not in states:
        raise Http404
    return run
