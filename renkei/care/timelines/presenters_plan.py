"""訪問の予定 in words: by day, each visit with its person, its visitor and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from renkei.care.patients.models import Patient
from renkei.care.timelines.models import PlannedVisit
from renkei.care.timelines.plan_queries import without_visitor
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock, eras

_NEAR = {-1: "きのう　", 0: "きょう　", 1: "あす　"}


def day_of(day: date) -> str:
    """きょう　2026年11月22日（日）."""
    return f"{_NEAR.get((day - clock.today()).days, '')}{eras.format_screen(day)}"


@dataclass(frozen=True)
class Row:
    """One visit."""

    visit: PlannedVisit
    patient: Patient
    day: str
    visitor: str
    is_own: bool
    # Whoever was to go is no longer here.
    is_orphan: bool
    may_change: bool


@dataclass(frozen=True)
class Day:
    """One day with its visits."""

    words: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class PlanPage:
    """The page of the office's days."""

    days: Sequence[Day]
    spans: Sequence[dict[str, Any]]
    who: Sequence[dict[str, Any]]
    earlier: str
    later: str
    count: int
    is_week: bool
    add_url: str

    @classmethod
    def of(
        cls,
        viewer: Viewer,
        visits: Sequence[PlannedVisit],
        *,
        first: date,
        is_week: bool,
        everybody: bool,
    ) -> PlanPage:
        """The visits of a day or of seven, one's own or everybody's."""
        rows = rows_of(viewer, visits, may_change=True)
        own = [row for row in rows if row.is_own]
        shown = rows if everybody else own
        days = [first + timedelta(days=ahead) for ahead in range(7 if is_week else 1)]
        step = timedelta(days=len(days))
        return cls(
            days=[Day(day_of(day), [row for row in shown if row.visit.on == day]) for day in days],
            spans=_spans(first, is_week=is_week, everybody=everybody),
            who=[
                {
                    "label": label,
                    "count": len(found),
                    "current": everybody == of_all,
                    "url": _url(first, is_week=is_week, everybody=of_all),
                }
                for label, found, of_all in (("自分", own, False), ("事業所の全員", rows, True))
            ],
            earlier=_url(first - step, is_week=is_week, everybody=everybody),
            later=_url(first + step, is_week=is_week, everybody=everybody),
            count=len(shown),
            is_week=is_week,
            add_url=f"{reverse('timelines:visit_add')}?on={max(first, clock.today())}",
        )


def rows_of(viewer: Viewer, visits: Sequence[PlannedVisit], *, may_change: bool) -> list[Row]:
    """Visits as rows; only coming ones of the viewer's own office can be changed."""
    orphans, today = without_visitor(visits), clock.today()
    return [
        Row(
            visit=visit,
            patient=visit.patient,
            day=day_of(visit.on),
            visitor=_visitor(viewer, visit),
            is_own=visit.membership_id == viewer.membership_id,
            is_orphan=visit.pk in orphans,
            may_change=may_change
            and visit.on >= today
            and visit.membership.organisation_id == viewer.organisation_id,
        )
        for visit in visits
    ]


def _visitor(viewer: Viewer, visit: PlannedVisit) -> str:
    member = visit.membership
    profession = f"（{member.profession}）" if member.profession else ""
    name = f"{member.user.name}{profession}"
    other = member.organisation_id != viewer.organisation_id
    return f"{name}　{member.organisation.name}" if other else name


def _spans(first: date, *, is_week: bool, everybody: bool) -> list[dict[str, Any]]:
    today = clock.today()
    days = (("きょう", today), ("あす", today + timedelta(days=1)))
    tabs = [
        {
            "label": label,
            "url": _url(day, is_week=False, everybody=everybody),
            "current": not is_week and first == day,
        }
        for label, day in days
    ]
    week = _url(today, is_week=True, everybody=everybody)
    return [*tabs, {"label": "1週間", "url": week, "current": is_week and first == today}]


def _url(day: date, *, is_week: bool, everybody: bool) -> str:
    query: dict[str, str] = {}
    if day != clock.today():
        query["on"] = f"{day:%Y-%m-%d}"
    if is_week:
        query["span"] = "week"
    if everybody:
        query["who"] = "all"
    address = reverse("timelines:visit_plan")
    return f"{address}?{urlencode(query)}" if query else address
