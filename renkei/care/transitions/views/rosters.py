"""当番表 of one's own organisation: the week, a day, the pattern, a month as a file."""

from __future__ import annotations

import io
import tempfile
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.rules import may_work_in_teams
from renkei.care.transitions.duty_times import instant_of
from renkei.care.transitions.first_contacts import Step
from renkei.care.transitions.forms_duties import (
    RosterFileForm,
    RosterForm,
    ShiftsForm,
    WeekForm,
)
from renkei.care.transitions.models import DAY_KINDS, Roster
from renkei.care.transitions.presenters_duties import WEEK, day_note, day_words, week_of_roster
from renkei.care.transitions.queries.doctors import absences_in
from renkei.care.transitions.queries.rosters import (
    duty_rosters,
    own_days_of,
    roster_for,
    rosters_kept_by,
    shifts_of_day,
    week_rows_of,
)
from renkei.care.transitions.roster_files import MonthReading, read_month, write_month
from renkei.care.transitions.services import rosters as services
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.accounts.views.downloads import workbook_response
from renkei.foundation.common import clock
from renkei.foundation.common.spreadsheets.problems import UnreadableFile

DAYS_OF_A_MONTH = 31
LONGEST_SUFFIX = 8


def _roster(request: ViewerRequest, uid: UUID) -> Roster:
    try:
        return roster_for(request.viewer, uid)
    except Roster.DoesNotExist as error:
        raise Http404 from error


def _day(text: str | None, default: date | None = None) -> date:
    try:
        day = date.fromisoformat(text or "")
    except ValueError as error:
        if default is None:
            raise Http404 from error
        return default
    # Far from today there is nothing to plan, and no calendar.
    if abs(day.year - clock.today().year) > WEEK:
        raise Http404
    return day


@care_page(may_work_in_teams)
@require_http_methods(["GET", "POST"])
def roster_list(request: ViewerRequest) -> HttpResponse:
    """The rosters of one's organisation, and a new one."""
    form = RosterForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            roster = services.save_roster(viewer=request.viewer, roster=None, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(
                request, "当番表を作りました。曜日の型か、日ごとの当番を入れてください。"
            )
            return redirect("transitions:roster_week", roster.uid)
    context = {"form": form, "rosters": rosters_kept_by(request.viewer)}
    status = 422 if form.is_bound else 200
    return render(request, "transitions/roster_list.html", context, status=status)


@care_page(may_work_in_teams)
@require_http_methods(["GET", "POST"])
def roster_edit(request: ViewerRequest, roster_uid: UUID) -> HttpResponse:
    """The name and number of a roster."""
    roster = _roster(request, roster_uid)
    initial = {"name": roster.name, "phone": roster.phone, "is_regional": roster.is_regional}
    form = RosterForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            services.save_roster(viewer=request.viewer, roster=roster, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "当番表を直しました。")
            return redirect("transitions:roster_week", roster.uid)
    context = {"form": form, "roster": roster}
    status = 422 if form.is_bound else 200
    return render(request, "transitions/roster_edit.html", context, status=status)


@care_page(may_work_in_teams)
@require_POST
def roster_end(request: ViewerRequest, roster_uid: UUID) -> HttpResponse:
    """Stop using a roster."""
    services.end_roster(viewer=request.viewer, roster=_roster(request, roster_uid))
    messages.success(request, "当番表を使うのをやめました。")
    return redirect("transitions:roster_list")


@never_cache
@care_page(may_work_in_teams)
@require_safe
def roster_week(request: ViewerRequest, roster_uid: UUID) -> HttpResponse:
    """Seven days from Monday, to read, to print, to change."""
    roster = _roster(request, roster_uid)
    on = _day(request.GET.get("on"), clock.today())
    first = on - timedelta(days=on.weekday())
    last = first + timedelta(days=WEEK)
    window = {"since": instant_of(first, 0), "until": instant_of(last, 0)}
    found = duty_rosters([roster], **window)
    context = {
        "roster": roster,
        "days": week_of_roster(
            found[roster.pk],
            first,
            uid=roster.uid,
            own_days=own_days_of(roster, first, last),
            absences=absences_in([Step(found[roster.pk])], **window),
        ),
        "first": first,
        "earlier": (first - timedelta(days=WEEK)).isoformat(),
        "later": last.isoformat(),
        "month": on.replace(day=1),
        "week": week_rows_of(roster, on=on),
        "file_form": RosterFileForm(),
    }
    return render(request, "transitions/roster_week.html", context)


@care_page(may_work_in_teams)
@require_http_methods(["GET", "POST"])
def roster_day(request: ViewerRequest, roster_uid: UUID, day: str) -> HttpResponse:
    """The shifts of one day."""
    roster, on = _roster(request, roster_uid), _day(day)
    back = f"/transitions/rosters/{roster.uid}/?on={on.isoformat()}"
    if request.method == "POST" and "clear" in request.POST:
        services.clear_day(viewer=request.viewer, roster=roster, day=on)
        messages.success(request, f"{day_words(on)}を曜日の型に戻しました。")
        return redirect(back)
    shifts, is_own = shifts_of_day(roster, on)
    form = ShiftsForm(
        request.POST if request.method == "POST" else None,
        shifts=shifts,
        nobody=is_own and not shifts,
    )
    if form.is_valid():
        services.set_day(
            viewer=request.viewer, roster=roster, day=on, shifts=form.cleaned_data["shifts"]
        )
        messages.success(request, f"{day_words(on)}の当番を書きました。")
        return redirect(back)
    context = {
        "form": form,
        "roster": roster,
        "words": day_words(on),
        "note": day_note(on),
        "is_own": is_own,
        "back": back,
    }
    status = 422 if form.is_bound else 200
    return render(request, "transitions/roster_day.html", context, status=status)


@care_page(may_work_in_teams)
@require_http_methods(["GET", "POST"])
def roster_pattern(request: ViewerRequest, roster_uid: UUID, day_kind: int) -> HttpResponse:
    """The shifts that come back on one weekday, on 祝日 or at 年末年始."""
    roster = _roster(request, roster_uid)
    kinds = {int(kind): label for kind, label in DAY_KINDS}
    if day_kind not in kinds:
        raise Http404
    today = clock.today()
    rows = {kind: (rows, off) for kind, _label, rows, off in week_rows_of(roster, on=today)}
    shifts, nobody = rows[day_kind]
    form = WeekForm(
        request.POST if request.method == "POST" else None, shifts=shifts, nobody=nobody
    )
    form.fields["since"].initial = today
    if form.is_valid():
        services.set_week(
            viewer=request.viewer,
            roster=roster,
            day_kind=day_kind,
            shifts=form.cleaned_data["shifts"],
            since=form.cleaned_data["since"],
        )
        messages.success(request, f"{kinds[day_kind]}の型を決めました。")
        return redirect("transitions:roster_week", roster.uid)
    context = {"form": form, "roster": roster, "words": kinds[day_kind]}
    status = 422 if form.is_bound else 200
    return render(request, "transitions/roster_pattern.html", context, status=status)


@care_page(may_work_in_teams)
@require_POST
def roster_copy(request: ViewerRequest, roster_uid: UUID, month: str) -> HttpResponse:
    """Fill a month from the one before."""
    roster, first = _roster(request, roster_uid), _day(month).replace(day=1)
    copied = services.copy_month(viewer=request.viewer, roster=roster, month=first)
    if copied.day_count:
        messages.success(request, f"前の月から{copied.day_count}日分を写しました。")
    else:
        messages.info(request, "写せる日がありません。前の月の日ごとの当番を確かめてください。")
    if copied.left:
        words = "、".join(day_words(day) for day in copied.left)
        messages.info(request, f"祝日・年末年始がかかる日は写していません：{words}")
    return redirect(f"/transitions/rosters/{roster.uid}/?on={first.isoformat()}")


@care_page(may_work_in_teams)
@require_http_methods(["GET", "POST"])
def roster_file(request: ViewerRequest, roster_uid: UUID, month: str) -> HttpResponse:
    """The month as a workbook: out on GET, in on POST; all of it or nothing."""
    roster, first = _roster(request, roster_uid), _day(month).replace(day=1)
    if request.method != "POST":
        return _month_out(roster, first)
    form = RosterFileForm(request.POST, request.FILES)
    reading = MonthReading()
    if form.is_valid():
        try:
            reading = _read(form, first)
        except UnreadableFile as error:
            form.add_error("file", str(error))
        else:
            if not reading.problems:
                services.load_month(viewer=request.viewer, roster=roster, days=reading.days)
                messages.success(request, f"{len(reading.days)}日分の当番を入れました。")
                return redirect(f"/transitions/rosters/{roster.uid}/?on={first.isoformat()}")
            form.add_error(
                "file", f"{len(reading.problems)}か所を直してから、もう一度読み込んでください。"
            )
    context = {"form": form, "roster": roster, "month": first, "problems": reading.problems}
    return render(request, "transitions/roster_file.html", context, status=422)


def _read(form: RosterFileForm, month: date) -> MonthReading:
    file = form.cleaned_data["file"]
    # As somebody called it: longer than any kind of table is called, no file can be named so.
    with tempfile.NamedTemporaryFile(suffix=Path(file.name).suffix[:LONGEST_SUFFIX]) as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        return read_month(Path(copy.name), file.name, month=month)


def _month_out(roster: Roster, first: date) -> HttpResponse:
    days = [first + timedelta(days=count) for count in range(DAYS_OF_A_MONTH)]
    days = [day for day in days if day.month == first.month]
    found = duty_rosters([roster], since=instant_of(first, 0), until=instant_of(days[-1], 0))
    stream = io.BytesIO()
    write_month(stream, found[roster.pk], days)
    return workbook_response(stream, f"toban-{first:%Y-%m}.xlsx")
