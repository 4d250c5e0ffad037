"""Official files in: upload, progress, preview, decisions, apply, undo."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries import names_of
from renkei.foundation.accounts.rules import may_edit_register
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.spreadsheets.containers import kind_of
from renkei.foundation.common.spreadsheets.problems import DEFAULT_LIMITS, UnreadableFile
from renkei.registry.facilities import presenters_imports as present
from renkei.registry.facilities import queries_imports
from renkei.registry.facilities.forms_imports import MUNICIPALITY, ImportForm
from renkei.registry.facilities.models import ImportRun, ImportState
from renkei.registry.facilities.queries_scope import own_municipality
from renkei.registry.facilities.queries_staff import (
    import_run,
    is_day_guessed,
    previous_file,
    suspicions,
)
from renkei.registry.facilities.services import imports
from renkei.registry.facilities.services.uploads import forget_upload, keep_uploads

WORKING = frozenset({ImportState.READING, ImportState.APPLYING})
PAGE_SIZE = 50
MAX_PAGE = 1_000_000


@staff_page(may_edit_register)
@require_safe
def import_list(request: ViewerRequest) -> HttpResponse:
    runs = queries_imports.runs()
    context = {
        "runs": runs,
        "open_run": queries_imports.open_run(),
        "undoable": queries_imports.undoable_run(),
        "people": names_of({run.started_by_id for run in runs if run.started_by_id}),
        "viewer": request.viewer,
    }
    return render(request, "facilities/import_list.html", context)


@staff_page(may_edit_register)
@require_http_methods(["GET", "POST"])
def import_new(request: ViewerRequest) -> HttpResponse:
    if request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
    else:
        area = own_municipality(request.viewer)
        form = ImportForm(
            initial={"scope": MUNICIPALITY, "municipalities": area.name if area else ""}
        )
    if form.is_valid():
        run = _start(request, form)
        if run is not None:
            return redirect("facilities:import_detail", run.uid)
    status = 422 if form.is_bound else 200
    open_run = queries_imports.open_run()
    people = names_of({open_run.started_by_id}) if open_run and open_run.started_by_id else {}
    context = {"form": form, "open_run": open_run, "people": people}
    return render(request, "facilities/import_new.html", context, status=status)


def _start(request: ViewerRequest, form: ImportForm) -> ImportRun | None:
    """Keep the files and begin reading; what is plainly no table is refused at once."""
    kept = keep_uploads(form.cleaned_data["uploads"])
    try:
        for path, name in kept:
            kind_of(Path(path), name=name, limits=DEFAULT_LIMITS)
        return imports.start_import(
            actor=request.viewer.actor,
            paths=[path for path, _ in kept],
            names=[name for _, name in kept],
            scope=form.cleaned_data["codes"],
            as_of=form.cleaned_data["as_of"],
        )
    except UnreadableFile as error:
        form.add_error("tables", str(error))
    except ValidationError as error:
        form.add_service_error(error)
    forget_upload(kept[0][0])
    return None


@staff_page(may_edit_register)
@require_safe
def import_detail(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """One run, whatever its state: progress, preview, result, or why it failed."""
    run = _run(uid)
    people = names_of({run.started_by_id}) if run.started_by_id else {}
    context: dict[str, object] = {"run": run, "people": people}
    if run.state in WORKING:
        return render(request, "facilities/import_progress.html", context)
    if run.state == ImportState.FAILED:
        # The upload itself was understood; its content was not.
        return render(request, "facilities/import_failed.html", context, status=422)
    context |= _preview(request, run)
    return render(request, "facilities/import_preview.html", context)


def _preview(request: ViewerRequest, run: ImportRun) -> dict[str, object]:
    summary = queries_imports.run_summary(run)
    tab = present.current_tab(summary, request.GET.get("kind", ""))
    number = _page_number(request)
    written = present.written_count(summary)
    context: dict[str, object] = {
        "summary": summary,
        "title": present.title_of(summary),
        "is_day_guessed": is_day_guessed(run),
        "previous": previous_file(run),
        "suspicions": suspicions(run),
        "suspicious_title": f"先に決めてください：疑わしい{summary.undecided_count:,}件",
        "ledger": present.ledger(summary),
        "tab": tab,
        "tabs": present.tabs(summary, tab),
        "consequences": present.consequences(summary, written),
        "written": written,
        "undoable": queries_imports.undoable_run() == run,
        "open": run.state == ImportState.PREVIEW,
    }
    if tab == present.REPAIRS:
        reason = request.GET.get("reason", "")
        context["reasons"] = queries_imports.repair_reasons(run)
        context["reason"] = reason
        context["page"] = queries_imports.repairs_page(run, reason, number, PAGE_SIZE)
    elif tab != present.UNREADABLE:
        page = queries_imports.changes_page(run, tab, number, PAGE_SIZE)
        context["page"] = page
        context["records"] = present.shown(page.items)
    return context


@staff_page(may_edit_register)
@require_safe
def import_progress(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """The moving part of the progress page, asked for every second."""
    run = _run(uid)
    if run.state not in WORKING:
        url = reverse("facilities:import_detail", args=[run.uid])
        return HttpResponse(headers={"HX-Redirect": url})
    return render(request, "facilities/import_progress_part.html", {"run": run})


@staff_page(may_edit_register)
@require_POST
def import_row_decide(request: ViewerRequest, uid: UUID, row_id: int) -> HttpResponse:
    run = _run(uid)
    actor, decision = request.viewer.actor, request.POST.get("decision", "")
    _act(request, lambda: imports.decide_row(actor=actor, row_id=row_id, decision=decision))
    url = reverse("facilities:import_detail", args=[run.uid])
    return redirect(f"{url}?kind=suspicious&page={_page_number(request)}#row-{row_id}")


@staff_page(may_edit_register)
@require_POST
def import_question_confirm(request: ViewerRequest, uid: UUID) -> HttpResponse:
    run = _run(uid)
    key = request.POST.get("key", "")
    _act(request, lambda: imports.confirm_question(actor=request.viewer.actor, run=run, key=key))
    return redirect("facilities:import_detail", run.uid)


@staff_page(may_edit_register)
@require_POST
def import_apply(request: ViewerRequest, uid: UUID) -> HttpResponse:
    run = _run(uid)
    _act(request, lambda: imports.start_apply(actor=request.viewer.actor, run=run))
    return redirect("facilities:import_detail", run.uid)


@staff_page(may_edit_register)
@require_POST
def import_undo(request: ViewerRequest, uid: UUID) -> HttpResponse:
    run = _run(uid)
    done = _act(request, lambda: imports.undo_import(actor=request.viewer.actor, run=run))
    if done:
        messages.success(request, "取り込む前の台帳に戻しました。戻した記録も残っています。")
    return redirect("facilities:import_detail", run.uid)


@staff_page(may_edit_register)
@require_POST
def import_discard(request: ViewerRequest, uid: UUID) -> HttpResponse:
    run = _run(uid)
    done = _act(request, lambda: imports.discard_import(actor=request.viewer.actor, run=run))
    if done:
        messages.success(request, "取り込みをやめました。台帳は変わっていません。")
    return redirect("facilities:import_list")


@staff_page(may_edit_register)
@require_safe
def import_diff_xlsx(_request: ViewerRequest, uid: UUID) -> FileResponse:
    run = _run(uid)
    workbook = present.diff_workbook(run, queries_imports.run_summary(run))
    return FileResponse(workbook, as_attachment=True, filename="差分.xlsx")


@staff_page(may_edit_register)
@require_safe
def import_repairs_xlsx(_request: ViewerRequest, uid: UUID) -> FileResponse:
    run = _run(uid)
    workbook = present.repairs_workbook(run, queries_imports.run_summary(run))
    return FileResponse(workbook, as_attachment=True, filename="自動で直した所.xlsx")


def _run(uid: UUID) -> ImportRun:
    run = import_run(uid)
    if run is None:
        raise Http404
    return run


def _page_number(request: ViewerRequest) -> int:
    text = request.GET.get("page") or request.POST.get("page") or ""
    return min(int(text), MAX_PAGE) if re.fullmatch(r"[1-9]\d{0,6}", text) else 1


def _act(request: ViewerRequest, act: Callable[[], object]) -> bool:
    """Do one thing; a refusal becomes a message on the page that follows."""
    try:
        act()
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return False
    return True
