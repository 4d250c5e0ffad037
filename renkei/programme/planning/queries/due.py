"""What is due, across sections, and the programme's year (T-B7)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Q
from django.urls import reverse

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.common import clock
from renkei.foundation.common.eras import FiscalYear, fiscal_year
from renkei.programme.planning.calendar import MONTHS, SHIPPED
from renkei.programme.planning.models import (
    ActionState,
    Activity,
    Arrangement,
    Goal,
    GoalState,
    IssueState,
    Meeting,
    MeetingState,
    ReportDue,
    SisterProgramme,
    YearlyTask,
    YearlyTaskDone,
)
from renkei.programme.planning.queries.councils import actions_seen_by, councils_worked_in
from renkei.programme.planning.queries.issues import issues_seen_by
from renkei.programme.planning.queries.programme import (
    ENDED,
    ENDING,
    progress_for,
)

# A council is called two weeks before it meets; custom, not a rule.
CALL_DAYS: Final = 14
NO_SECTION: Final = "担当の課なし"
HORIZONS: Final = (31, 90, 365)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due, with every section it concerns."""

    on: date
    kind: str
    text: str
    sections: tuple[str, ...]
    url: str


def due_for(viewer: Viewer, area: Area, *, days: int, section: str = "") -> list[Due]:
    """Everything overdue and everything due within some days, the oldest first."""
    today = clock.today()
    until = today + timedelta(days=days)
    found = [
        *_reports(area, until),
        *_contracts(viewer, area),
        *_actions(viewer, until),
        *_issues(viewer, area, until),
        *_goals(area, until),
        *_meetings(viewer, until),
        *_activities(area, today, until),
        *_calendar(area, today, until),
    ]
    if section:
        found = [one for one in found if section in one.sections]
    return sorted(found, key=lambda one: (one.on, one.kind, one.text))


def sections_of(area: Area, found: list[Due]) -> list[str]:
    """Sections one can ask for: those that own a related programme, and those with something."""
    named = {name for one in found for name in one.sections}
    named |= set(SisterProgramme.objects.filter(area=area).values_list("section", flat=True))
    return sorted(named)


def _sections(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name)) or (NO_SECTION,)


def _of_arrangement(one: Arrangement) -> tuple[str, ...]:
    """Its own section, and those of the programmes its activities work with."""
    others = [
        sister.section for activity in one.activities.all() for sister in activity.programmes.all()
    ]
    return _sections(one.section, *others)


def _reports(area: Area, until: date) -> Iterator[Due]:
    waiting = ReportDue.objects.filter(
        arrangement__area=area, received_on=None, due_on__lte=until
    ).select_related("arrangement")
    for one in waiting.prefetch_related("arrangement__activities__programmes"):
        url = reverse("planning:report_edit", args=[one.uid])
        text = f"{one.arrangement.partner or one.arrangement}から「{one.name}」を受け取る"
        yield Due(one.due_on, "報告", text, _of_arrangement(one.arrangement), url)


def _contracts(viewer: Viewer, area: Area) -> Iterator[Due]:
    (progress,) = progress_for(viewer, [area])
    told: set[int] = set()
    for one in progress.troubles:
        arrangement = one.arrangement
        if one.kind not in {ENDED, ENDING} or arrangement.pk in told or not arrangement.last_day:
            continue
        told.add(arrangement.pk)
        text = f"{arrangement}の次を決める"
        url = reverse("planning:programme")
        yield Due(arrangement.last_day, "契約", text, _of_arrangement(arrangement), url)


def _actions(viewer: Viewer, until: date) -> Iterator[Due]:
    waiting = actions_seen_by(viewer).filter(
        state__in=[ActionState.OPEN, ActionState.DOING], due_on__lte=until
    )
    for one in waiting.select_related("organisation", "council__owner"):
        office = one.organisation or one.council.owner
        text = f"{one.text[:80]}（担当 {one.owner}）"
        url = reverse("planning:action_list")
        yield Due(one.due_on, "すべきこと", text, _sections(office.name), url)


def _issues(viewer: Viewer, area: Area, until: date) -> Iterator[Due]:
    open_states = [IssueState.DECIDED, IssueState.IN_ACTION]
    mine = issues_seen_by(viewer).filter(area=area)
    for one in mine.filter(
        Q(look_again_on__lte=until) | Q(state__in=open_states, due_on__lte=until)
    ).exclude(state=IssueState.CLOSED):
        url = reverse("planning:issue_detail", args=[one.uid])
        sections = _sections(one.organisation.name)
        if one.look_again_on is not None and one.look_again_on <= until:
            yield Due(one.look_again_on, "見直し", f"課題「{one.title}」を見直す", sections, url)
        if one.due_on is not None and one.due_on <= until and one.state in open_states:
            yield Due(one.due_on, "課題", f"課題「{one.title}」の対応策", sections, url)


def _goals(area: Area, until: date) -> Iterator[Due]:
    year = fiscal_year(clock.today()).year
    waiting = Goal.objects.filter(
        plan__area=area,
        plan__fiscal_year=year,
        state=GoalState.ONGOING,
        due_year__isnull=False,
    ).select_related("plan__organisation")
    for one in waiting:
        end = FiscalYear(one.due_year or year).end
        if end <= until:
            url = reverse("planning:plan_detail", args=[one.plan.uid])
            sections = _sections(one.plan.organisation.name)
            yield Due(end, "目標", f"目標「{one.text}」の年度が終わる", sections, url)


def _meetings(viewer: Viewer, until: date) -> Iterator[Due]:
    planned = Meeting.objects.filter(
        council__in=councils_worked_in(viewer),
        state=MeetingState.PLANNED,
        begins_at__gte=clock.now(),
    ).select_related("council__office")
    for one in planned:
        call_by = one.begins_at.astimezone(clock.TOKYO).date() - timedelta(days=CALL_DAYS)
        if call_by <= until:
            url = reverse("planning:meeting_detail", args=[one.uid])
            yield Due(call_by, "会議", f"{one}を案内する", _sections(one.council.office.name), url)


def _activities(area: Area, today: date, until: date) -> Iterator[Due]:
    """Activities of this year's plan in the months that begin before the last day asked for."""
    months = dict(_months(today, until))
    rows = Activity.objects.filter(
        plan__area=area, plan__fiscal_year=fiscal_year(today).year, months__overlap=list(months)
    ).select_related("plan__organisation")
    for one in rows.prefetch_related("programmes"):
        sections = _sections(
            one.plan.organisation.name, *(each.section for each in one.programmes.all())
        )
        url = reverse("planning:plan_detail", args=[one.plan.uid])
        for month in one.months:
            if month in months:
                yield Due(months[month], "活動", one.name, sections, url)


def _months(today: date, until: date) -> Iterator[tuple[int, date]]:
    """Months of this fiscal year from this one on, each with its last day."""
    year = fiscal_year(today)
    for month in MONTHS:
        in_year = year.year + (month < MONTHS[0])
        first = date(in_year, month, 1)
        last = first.replace(day=monthrange(in_year, month)[1])
        if last >= today and first <= until:
            yield month, last


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the year of one municipality. ``key``: a shipped code, or the row's uid."""

    key: str
    month: int
    text: str
    source: str
    section: str = ""
    is_dropped: bool = False
    done_on: date | None = None


def calendar_of(area: Area, year: int) -> list[Entry]:
    """What is shipped as the municipality moved it, and its own, from April on."""
    rows = list(YearlyTask.objects.filter(area=area).order_by("pk"))
    ticks = dict(
        YearlyTaskDone.objects.filter(task__in=rows, fiscal_year=year).values_list(
            "task", "done_on"
        )
    )
    moved = {one.code: one for one in rows if one.code}
    found = []
    for shipped in SHIPPED:
        row = moved.get(shipped.code)
        found.append(
            _entry(row, shipped.source, ticks.get(row.pk))
            if row
            else Entry(shipped.code, shipped.month, shipped.text, shipped.source)
        )
    found += [_entry(one, "この市町村の予定", ticks.get(one.pk)) for one in rows if not one.code]
    return sorted(found, key=lambda one: MONTHS.index(one.month))


def _entry(row: YearlyTask, source: str, done_on: date | None) -> Entry:
    key = row.code or str(row.uid)
    return Entry(key, row.month, row.text, source, row.section, row.is_dropped, done_on)


def entry_of(area: Area, key: str, year: int) -> Entry | None:
    """One entry by its key."""
    return next((one for one in calendar_of(area, year) if one.key == key), None)


def _calendar(area: Area, today: date, until: date) -> Iterator[Due]:
    months = dict(_months(today, until))
    for one in calendar_of(area, fiscal_year(today).year):
        if one.month in months and not one.is_dropped and one.done_on is None:
            url = reverse("planning:calendar")
            yield Due(months[one.month], "年間の予定", one.text, _sections(one.section), url)
