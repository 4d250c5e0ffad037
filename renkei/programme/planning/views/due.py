"""What is due across sections, and the programme's year."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year
from renkei.programme.planning.forms_programme import DueForm, YearlyTaskForm
from renkei.programme.planning.presenters_due import due_lines, this_month, this_year, year_shown
from renkei.programme.planning.queries.due import (
    HORIZONS,
    calendar_of,
    due_for,
    entry_of,
    sections_of,
)
from renkei.programme.planning.rules import may_clerk, may_own_councils
from renkei.programme.planning.services.calendar import tick_task, write_task
from renkei.programme.planning.views._shared import form_page, only

PLANS = ("/planning/plans/", "計画")
CALENDAR = ("/planning/programme/calendar/", "年間の予定")
# On the first page: what is over, and what is due in the next days.
FIRST_PAGE_DAYS = 14


@staff_page(may_clerk)
@require_safe
def due_list(request: ViewerRequest) -> HttpResponse:
    """期限が近いもの: reports, contracts, actions, goals, re-examinations, meetings to call."""
    area = own_area_of(request.viewer)
    days = _days(request.GET.get("days", ""))
    everything = due_for(request.viewer, area, days=days) if area else []
    form = DueForm(
        request.GET or None,
        sections=sections_of(area, everything) if area else [],
        initial={"days": days},
    )
    section = form.cleaned_data["section"] if form.is_valid() else ""
    shown = [one for one in everything if not section or section in one.sections]
    context = {
        "form": form,
        "lines": due_lines(shown),
        "section": section,
        "total": len(everything),
        "crumbs": [PLANS],
    }
    return render(request, "planning/programme/due.html", context)


def _days(text: str) -> int:
    return int(text) if text in {str(one) for one in HORIZONS} else HORIZONS[1]


def first_page_parts(request: ViewerRequest) -> dict[str, Any]:
    """今月やること for the first page of planning: the year's entries and real deadlines."""
    area = own_area_of(request.viewer)
    if area is None or not may_clerk(request.viewer):
        return {}
    today = clock.today()
    due = due_for(request.viewer, area, days=_left_of_month(today))
    return {
        "month": today.month,
        "entries": this_month(calendar_of(area, fiscal_year(today).year)),
        # The entries of the year stand beside them already.
        "dues": due_lines([one for one in due if one.kind != "年間の予定"]),
    }


def _left_of_month(today: date) -> int:
    following = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return (following - today).days - 1


@staff_page(may_clerk)
@require_safe
def calendar(request: ViewerRequest) -> HttpResponse:
    """The year, month by month."""
    area = own_area_of(request.viewer)
    year = fiscal_year(clock.today()).year
    context = {
        "months": year_shown(calendar_of(area, year)) if area else [],
        "year": this_year(),
        "writes": may_own_councils(request.viewer),
        "crumbs": [PLANS],
    }
    return render(request, "planning/programme/calendar.html", context)


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def calendar_add(request: ViewerRequest) -> HttpResponse:
    return _task_form(request, "", {"month": clock.today().month})


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def calendar_edit(request: ViewerRequest, key: str) -> HttpResponse:
    """Another month, other words, or not at all."""
    area = own_area_of(request.viewer)
    entry = entry_of(area, key, fiscal_year(clock.today()).year) if area else None
    only(entry is not None)
    names = ("text", "month", "section", "is_dropped")
    return _task_form(request, key, {name: getattr(entry, name) for name in names})


def _task_form(request: ViewerRequest, key: str, initial: dict[str, Any]) -> HttpResponse:
    form = YearlyTaskForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            write_task(viewer=request.viewer, fields=form.cleaned_data, key=key)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "年間の予定を書きました。")
            return redirect(CALENDAR[0])
    return form_page(
        request, form, title="年間の予定を直す" if key else "年間の予定を加える", button="書く",
        back=CALENDAR[0], crumbs=[PLANS, CALENDAR],
    )  # fmt: skip


@staff_page(may_own_councils)
@require_POST
def calendar_tick(request: ViewerRequest, key: str) -> HttpResponse:
    """済み, or not after all."""
    done = request.POST.get("done") == "1"
    try:
        tick_task(viewer=request.viewer, key=key, done=done)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "済みにしました。" if done else "済みを取り消しました。")
    home = request.POST.get("from") == "plans"
    return redirect(PLANS[0] if home else CALENDAR[0])
