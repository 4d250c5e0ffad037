"""Lists of the town or the 医師会: file, header, columns, then the same preview as any file."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.rules import may_edit_register
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.registry.facilities.forms_local_lists import (
    ColumnsForm,
    HeaderForm,
    KindForm,
    ListFileForm,
    day_text,
)
from renkei.registry.facilities.importers.list_guess import lost_headings, new_headings
from renkei.registry.facilities.importers.list_layout import Sheet, day_in, read_sheets
from renkei.registry.facilities.importers.local import LocalMapping
from renkei.registry.facilities.importers.local_rows import distinct_kinds
from renkei.registry.facilities.models import ListDraft
from renkei.registry.facilities.queries_local_lists import (
    list_draft_of,
    list_drafts_of,
    local_lists,
    service_infos,
)
from renkei.registry.facilities.queries_publication import field_audiences
from renkei.registry.facilities.queries_scope import municipalities_near, own_municipality
from renkei.registry.facilities.services import local_lists as services
from renkei.registry.facilities.services.uploads import forget_upload, keep_uploads

SAMPLE_ROWS = 5
SHOWN_ROWS = 15


@staff_page(may_edit_register)
@require_http_methods(["GET", "POST"])
def list_new(request: ViewerRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = ListFileForm(request.POST, request.FILES) if posted else ListFileForm()
    if form.is_valid():
        ((path, name),) = keep_uploads([form.cleaned_data["table"]])
        try:
            draft = services.begin_list(actor=request.viewer.actor, path=path, file_name=name)
        except UnreadableFile as error:
            form.add_error("table", str(error))
            forget_upload(path)
        else:
            return redirect("facilities:list_columns", draft.uid)
    context = {
        "form": form,
        "lists": local_lists(),
        "drafts": list_drafts_of(request.viewer),
    }
    status = 422 if form.is_bound else 200
    return render(request, "facilities/list_new.html", context, status=status)


def readable(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only the first rows were read at the upload: what comes after may still be unreadable."""

    @wraps(view)
    def guarded(request: ViewerRequest, uid: UUID) -> HttpResponse:
        try:
            return view(request, uid)
        except UnreadableFile as error:
            context = {"draft": _draft(request, uid), "error": str(error)}
            return render(request, "facilities/list_unreadable.html", context, status=422)

    return guarded


@staff_page(may_edit_register)
@require_http_methods(["GET", "POST"])
@readable
def list_header(request: ViewerRequest, uid: UUID) -> HttpResponse:
    draft = _draft(request, uid)
    mapping = LocalMapping.from_json(draft.mapping)
    sheets = _sheets(draft)
    data = request.POST if request.method == "POST" else None
    form = HeaderForm(data, sheets=[sheet.name for sheet in sheets], mapping=mapping)
    if form.is_valid():
        first = form.cleaned_data["first"]
        try:
            services.choose_header(
                actor=request.viewer.actor,
                draft=draft,
                sheet_name=form.cleaned_data.get("sheet", mapping.sheet),
                first=first,
                last=first + int(form.cleaned_data["rows"]) - 1,
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            return redirect("facilities:list_columns", draft.uid)
    shown = request.GET.get("sheet", mapping.sheet)
    sheet = next((one for one in sheets if one.name == shown), sheets[0])
    context = {"form": form, "draft": draft, "sheet": sheet, "rows": sheet.rows[:SHOWN_ROWS]}
    status = 422 if form.is_bound else 200
    return render(request, "facilities/list_header.html", context, status=status)


@staff_page(may_edit_register)
@require_http_methods(["GET", "POST"])
@readable
def list_columns(request: ViewerRequest, uid: UUID) -> HttpResponse:
    draft = _draft(request, uid)
    mapping = LocalMapping.from_json(draft.mapping)
    sheets = _sheets(draft)
    sheet = next((one for one in sheets if one.name == mapping.sheet), sheets[0])
    form = _columns_form(request, draft, mapping, sheet)
    if form.is_valid():
        own = own_municipality(request.viewer)
        try:
            run = services.import_list(
                actor=request.viewer.actor,
                draft=draft,
                name=form.cleaned_data["name"],
                mapping=form.decided(municipalities_near(own)),
                as_of=form.cleaned_data["as_of"],
                releases=form.releases(),
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            return redirect("facilities:import_detail", run.uid)
    remembered = LocalMapping.from_json(draft.local_list.mapping) if draft.local_list else None
    headings = [column.heading for column in mapping.columns]
    samples = [cells for number, cells in sheet.rows if number > mapping.header_last]
    new = new_headings(remembered, headings) if remembered else []
    context = {
        "form": form,
        "draft": draft,
        "mapping": mapping,
        "sheet": sheet,
        "columns": form.columns(samples[:SAMPLE_ROWS], new),
        "new": new,
        "lost": lost_headings(remembered, headings) if remembered else [],
    }
    status = 422 if form.is_bound else 200
    return render(request, "facilities/list_columns.html", context, status=status)


def _columns_form(
    request: ViewerRequest, draft: ListDraft, mapping: LocalMapping, sheet: Sheet
) -> ColumnsForm:
    """The form with everything known already filled in."""
    own = own_municipality(request.viewer)
    proposed: dict[str, Any] = {
        "name": draft.local_list.name if draft.local_list else "",
        "municipality": own.name if own else "",
        "as_of": day_text(day_in(sheet, mapping.header)),
    }
    return ColumnsForm(
        request.POST if request.method == "POST" else None,
        mapping=mapping,
        services=service_infos(),
        kinds=distinct_kinds(Path(draft.path), name=draft.file_name, mapping=mapping),
        held=field_audiences(),
        proposed=proposed,
    )


@staff_page(may_edit_register)
@require_POST
def list_discard(request: ViewerRequest, uid: UUID) -> HttpResponse:
    services.discard_list(actor=request.viewer.actor, draft=_draft(request, uid))
    messages.success(request, "一覧の取り込みをやめ、ファイルを消しました。")
    return redirect("facilities:list_new")


@staff_page(may_edit_register)
@require_http_methods(["GET", "POST"])
def kind_new(request: ViewerRequest) -> HttpResponse:
    form = KindForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            kind = services.add_kind(actor=request.viewer.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"種類「{kind.label}」を加えました。")
            draft = list_drafts_of(request.viewer).first()
            if draft:
                return redirect("facilities:list_columns", draft.uid)
            return redirect("facilities:list_new")
    status = 422 if form.is_bound else 200
    return render(request, "facilities/kind_new.html", {"form": form}, status=status)


def _draft(request: ViewerRequest, uid: UUID) -> ListDraft:
    draft = list_draft_of(request.viewer, uid)
    if draft is None or not Path(draft.path).exists():
        raise Http404
    return draft


def _sheets(draft: ListDraft) -> list[Sheet]:
    return read_sheets(Path(draft.path), name=draft.file_name)
