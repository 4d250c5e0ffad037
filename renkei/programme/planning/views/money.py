"""The programme's money: lines, sums, who bears them, and what came of it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.eras import FiscalYear
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.programme.planning.forms_money import MoneyFileForm, MoneyLineForm, line_initial
from renkei.programme.planning.models import MoneyLine
from renkei.programme.planning.money_files import money_xlsx, read_lines
from renkei.programme.planning.presenters_money import money_page_of, outcome_page_of
from renkei.programme.planning.queries.money import AMOUNTS, BUDGET, money_line_of
from renkei.programme.planning.queries.plans import PlanDoor, activities_of, goals_of
from renkei.programme.planning.rules import may_own_councils, reads_programme
from renkei.programme.planning.services.money import load_lines, remove_line, write_line
from renkei.programme.planning.services.plans import newest_reading
from renkei.programme.planning.views._shared import (
    download,
    form_page,
    plan_of,
    writable_plan,
)
from renkei.registry.facilities.services.uploads import forget_upload, keep_uploads

LIST = ("/planning/plans/", "計画")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _back(door: PlanDoor) -> str:
    return reverse("planning:money", args=[door.plan.uid])


def _crumbs(door: PlanDoor, *more: tuple[str, str]) -> list[tuple[str, str]]:
    plan = reverse("planning:plan_detail", args=[door.plan.uid])
    return [LIST, (plan, FiscalYear(door.plan.fiscal_year).label), *more]


def _which(request: ViewerRequest) -> str:
    wanted = request.GET.get("amount", BUDGET)
    return wanted if wanted in AMOUNTS else BUDGET


@staff_page(reads_programme)
@require_safe
def money(request: ViewerRequest, plan_uid: UUID) -> HttpResponse:
    """Lines and sums to the yen (T-FUND1)."""
    door = plan_of(request, plan_uid)
    context = {
        "door": door,
        "plan": door.plan,
        "shown": money_page_of(door, which=_which(request)),
        "amounts": AMOUNTS.items(),
        "crumbs": _crumbs(door),
        "has_activities": activities_of(door.plan).exists(),
    }
    return render(request, "planning/money/money.html", context)


@staff_page(reads_programme)
@require_safe
def money_outcomes(request: ViewerRequest, plan_uid: UUID) -> HttpResponse:
    """費目 × items × outcomes on one page, for the assembly."""
    door = plan_of(request, plan_uid)
    codes = {one.indicator_code for one in goals_of(door.plan) if one.indicator_code}
    newest = {}
    for code in sorted(codes):
        try:
            newest[code] = newest_reading(door, code)
        except ValidationError:
            # An indicator this viewer may not read any more.
            newest[code] = None
    context = {
        "door": door,
        "plan": door.plan,
        "shown": outcome_page_of(door, which=_which(request), newest=newest),
        "amounts": AMOUNTS.items(),
        "crumbs": _crumbs(door, (_back(door), "事業費")),
    }
    return render(request, "planning/money/outcomes.html", context)


@staff_page(reads_programme)
@require_safe
def money_workbook(request: ViewerRequest, plan_uid: UUID) -> HttpResponse:
    door = plan_of(request, plan_uid)
    return download(
        money_xlsx(door.plan, _which(request)), XLSX, f"jigyohi-{door.plan.fiscal_year}.xlsx"
    )


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def money_add(request: ViewerRequest, plan_uid: UUID) -> HttpResponse:
    return _line_form(request, writable_plan(request, plan_uid), None)


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def money_edit(request: ViewerRequest, plan_uid: UUID, line_uid: UUID) -> HttpResponse:
    door = writable_plan(request, plan_uid)
    return _line_form(request, door, _line(door, line_uid))


def _line(door: PlanDoor, uid: UUID) -> MoneyLine:
    try:
        return money_line_of(door, uid)
    except MoneyLine.DoesNotExist:
        raise Http404 from None


def _line_form(request: ViewerRequest, door: PlanDoor, line: MoneyLine | None) -> HttpResponse:
    form = MoneyLineForm(
        request.POST if request.method == "POST" else None,
        activities=activities_of(door.plan),
        initial=line_initial(line) if line else None,
    )
    if form.is_valid():
        try:
            write_line(door=door, fields=form.cleaned_data, line=line)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "事業費の行を書きました。")
            return redirect(_back(door))
    return form_page(
        request, form, title="事業費の行を直す" if line else "事業費の行を加える", button="書く",
        back=_back(door), crumbs=_crumbs(door, (_back(door), "事業費")),
    )  # fmt: skip


@staff_page(may_own_councils)
@require_POST
def money_remove(request: ViewerRequest, plan_uid: UUID, line_uid: UUID) -> HttpResponse:
    door = writable_plan(request, plan_uid)
    remove_line(door=door, line=_line(door, line_uid))
    messages.success(request, "事業費の行を消しました。")
    return redirect(_back(door))


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def money_import(request: ViewerRequest, plan_uid: UUID) -> HttpResponse:
    """Lines from a workbook: all of them or none."""
    door = writable_plan(request, plan_uid)
    form = MoneyFileForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if form.is_valid():
        ((path, name),) = keep_uploads([form.cleaned_data["table"]])
        try:
            rows = read_lines(Path(path), name, door.plan)
            new, changed = load_lines(door=door, rows=rows)
        except UnreadableFile as error:
            form.add_error("table", str(error.problem))
        except ValidationError as error:
            form.add_error("table", error.messages[:30])
        else:
            messages.success(
                request, f"{new}行を加え、{changed}行の額を直しました。ほかは同じでした。"
            )
            return redirect(_back(door))
        finally:
            forget_upload(path)
    return form_page(
        request, form, title="事業費の表を取り込む", button="取り込む", back=_back(door),
        crumbs=_crumbs(door, (_back(door), "事業費")), multipart=True,
        lead="1行でも読めない行があると、何も取り込みません。",
    )  # fmt: skip
