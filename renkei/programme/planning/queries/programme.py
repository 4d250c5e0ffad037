"""How the eight items stand in one municipality or in all of a prefecture (T-COM1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year
from renkei.programme.indicators.queries.progress import progress_of, survey_days
from renkei.programme.planning.frames import Item
from renkei.programme.planning.models import (
    Activity,
    Arrangement,
    Execution,
    IssueEvidence,
    Meeting,
    ReportDue,
    SisterProgramme,
)
from renkei.programme.planning.queries.issues import HELD
from renkei.programme.planning.rules import may_clerk, may_own_councils, watches_areas

# Tendering and a council season: what ends within this time needs its successor now.
ENDING_DAYS: Final = 90
# Source: F-FR-09: both another body and a contractor work by a 実施要綱 ...
BY_OUTLINE: Final = frozenset({Execution.CONTRACTED, Execution.OTHER_BODY, Execution.DEEMED})
# ... and another body reports to the municipality.
BY_REPORTS: Final = frozenset({Execution.OTHER_BODY, Execution.DEEMED})
ENDED, ENDING, LATE, NO_OUTLINE, NO_REPORTS = "ended", "ending", "late", "no_outline", "no_reports"
# What turns an item red; the other is only near.
RED: Final = frozenset({ENDED, LATE, NO_OUTLINE, NO_REPORTS})


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with an item; the presenter says it and how to mend it."""

    kind: str
    item: str
    arrangement: Arrangement
    report: ReportDue | None = None

    @property
    def is_red(self) -> bool:
        return self.kind in RED


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that an item is worked on; every number is counted from records."""

    activities: int = 0
    meetings: int = 0
    issues: int = 0
    reports: int = 0
    outlines: int = 0

    @property
    def total(self) -> int:
        return self.activities + self.meetings + self.issues + self.reports + self.outlines


@dataclass(frozen=True, slots=True)
class ItemState:
    """One item of one municipality on a day. ``survey``: 0, 1, 2, or None where not asked."""

    item: str
    arrangements: tuple[Arrangement, ...]
    troubles: tuple[Trouble, ...]
    evidence: Evidence
    survey: int | None

    @property
    def is_contracted(self) -> bool:
        return any(one.execution == Execution.CONTRACTED for one in self.arrangements)

    @property
    def is_joint(self) -> bool:
        return any(one.execution == Execution.JOINT for one in self.arrangements)

    @property
    def is_supported(self) -> bool:
        return any(one.is_supported for one in self.arrangements)

    @property
    def is_red(self) -> bool:
        return any(one.is_red for one in self.troubles)


@dataclass(frozen=True, slots=True)
class Progress:
    """The eight items of one municipality."""

    area: Area
    items: tuple[ItemState, ...]

    @property
    def troubles(self) -> list[Trouble]:
        """Each once, though a contract may hold for several items."""
        found: dict[tuple[str, str, int, int], Trouble] = {}
        for state in self.items:
            for one in state.troubles:
                # A successor may take over one item and leave the other.
                item = one.item if one.kind in {ENDED, ENDING} else ""
                report = one.report.pk if one.report else 0
                found.setdefault((one.kind, item, one.arrangement.pk, report), one)
        return sorted(found.values(), key=lambda one: not one.is_red)

    @property
    def evidence(self) -> int:
        return sum(one.evidence.total for one in self.items)


def programme_areas(viewer: Viewer) -> list[Area]:
    """The municipality one works for, or all one watches over, in the order of their codes."""
    area = own_area_of(viewer)
    if area is None:
        return []
    if may_clerk(viewer):
        return [area]
    if watches_areas(viewer):
        below = descendants_on(area, clock.today()).filter(level=AreaLevel.MUNICIPALITY)
        return list(below.order_by("code", "key"))
    return []


def programme_area(viewer: Viewer, code: str) -> Area:
    """One of them by its code.

    Raises:
        Area.DoesNotExist: no such municipality in reach.
    """
    for one in programme_areas(viewer):
        if one.code == code:
            return one
    raise Area.DoesNotExist


@dataclass(frozen=True, slots=True)
class ArrangementDoor:
    """One arrangement as one viewer may use it."""

    arrangement: Arrangement
    viewer: Viewer
    may_write: bool


def writes_programme_of(viewer: Viewer, area: Area) -> bool:
    """The municipality itself, nobody else."""
    own = own_area_of(viewer)
    return may_own_councils(viewer) and own is not None and own.pk == area.pk


def arrangements_seen_by(viewer: Viewer) -> QuerySet[Arrangement]:
    """Of the municipalities in reach."""
    areas = [one.pk for one in programme_areas(viewer)]
    return (
        Arrangement.objects.filter(area__in=areas)
        .select_related("area", "facility", "outline_file")
        .order_by("area", "-first_day", "pk")
    )


def arrangement_door(viewer: Viewer, uid: UUID) -> ArrangementDoor:
    """One arrangement.

    Raises:
        Arrangement.DoesNotExist: not there, or not theirs to see.
    """
    one = arrangements_seen_by(viewer).get(uid=uid)
    return ArrangementDoor(one, viewer, writes_programme_of(viewer, one.area))


def report_of(viewer: Viewer, uid: UUID) -> tuple[ArrangementDoor, ReportDue]:
    """One report with its arrangement.

    Raises:
        ReportDue.DoesNotExist: not there, or not theirs to see.
    """
    seen = arrangements_seen_by(viewer)
    report = ReportDue.objects.select_related("arrangement__area", "file").get(
        uid=uid, arrangement__in=seen
    )
    own = writes_programme_of(viewer, report.arrangement.area)
    return ArrangementDoor(report.arrangement, viewer, own), report


def progress_for(viewer: Viewer, areas: Sequence[Area], day: date | None = None) -> list[Progress]:
    """How each item stands; the number of queries does not grow with the municipalities."""
    day = day or clock.today()
    by_area: dict[int, list[Arrangement]] = {}
    held = Arrangement.objects.filter(area__in=areas).select_related("facility")
    for one in held.prefetch_related("reports").order_by("-first_day", "pk"):
        by_area.setdefault(one.area_id, []).append(one)
    evidence = _evidence(areas, by_area, day)
    survey = _survey(viewer, areas)
    return [
        Progress(
            area,
            tuple(
                _state(
                    item,
                    [one for one in by_area.get(area.pk, []) if item in one.items],
                    day,
                    evidence.get((area.pk, item), Evidence()),
                    survey.get((area.pk, item)),
                )
                for item in Item.values
            ),
        )
        for area in areas
    ]


def holds_on(one: Arrangement, day: date) -> bool:
    """Whether it is in force."""
    return one.first_day <= day and (one.last_day is None or day <= one.last_day)


def _state(
    item: str,
    arrangements: Sequence[Arrangement],
    day: date,
    evidence: Evidence,
    survey: int | None,
) -> ItemState:
    current = [one for one in arrangements if holds_on(one, day)]
    found: list[Trouble] = []
    begun = [one for one in arrangements if one.first_day <= day]
    if begun and not current:
        last = max(begun, key=lambda one: (one.last_day or date.max, one.pk))
        found.append(Trouble(ENDED, item, last))
    for one in current:
        found += _troubles_of_current(item, one, arrangements, day)
    for one in begun:
        found += [
            Trouble(LATE, item, one, report)
            for report in sorted(one.reports.all(), key=lambda each: (each.due_on, each.pk))
            if report.received_on is None and report.due_on < day
        ]
    return ItemState(item, tuple(current), tuple(found), evidence, survey)


def _troubles_of_current(
    item: str, one: Arrangement, all_of_item: Sequence[Arrangement], day: date
) -> Iterable[Trouble]:
    if one.execution in BY_OUTLINE and one.outline_on is None and one.outline_file_id is None:
        yield Trouble(NO_OUTLINE, item, one)
    if one.execution in BY_REPORTS and not one.reports.all():
        yield Trouble(NO_REPORTS, item, one)
    if one.last_day is not None and one.last_day <= day + timedelta(days=ENDING_DAYS):
        after = one.last_day + timedelta(days=1)
        if not any(holds_on(each, after) for each in all_of_item):
            yield Trouble(ENDING, item, one)


Key = tuple[int, str]


@dataclass
class _Counts:
    """Counters by municipality and item."""

    activities: Counter[Key] = field(default_factory=Counter)
    meetings: Counter[Key] = field(default_factory=Counter)
    issues: Counter[Key] = field(default_factory=Counter)
    reports: Counter[Key] = field(default_factory=Counter)
    outlines: Counter[Key] = field(default_factory=Counter)


def _evidence(
    areas: Sequence[Area], arrangements: Mapping[int, Sequence[Arrangement]], day: date
) -> dict[Key, Evidence]:
    """Of the present fiscal year: results of activities, meetings held, evidence, reports."""
    year = fiscal_year(day)
    counts = _Counts()
    _count(
        counts.activities,
        Activity.objects.filter(plan__area__in=areas, plan__fiscal_year=year.year)
        .exclude(result_text="")
        .values_list("plan__area", "items"),
    )
    _count(
        counts.meetings,
        Meeting.objects.filter(
            council__area__in=areas, fiscal_year=year.year, state__in=HELD
        ).values_list("council__area", "council__items"),
    )
    _count(
        counts.issues,
        IssueEvidence.objects.filter(issue__area__in=areas).values_list(
            "issue__area", "issue__items"
        ),
    )
    for area, found in arrangements.items():
        for one in found:
            came = [
                each
                for each in one.reports.all()
                if each.received_on is not None and each.received_on in year
            ]
            for item in one.items:
                counts.reports[area, item] += len(came)
                if holds_on(one, day) and (one.outline_on or one.outline_file_id):
                    counts.outlines[area, item] += 1
    return {
        (area.pk, item): Evidence(
            activities=counts.activities[area.pk, item],
            meetings=counts.meetings[area.pk, item],
            issues=counts.issues[area.pk, item],
            reports=counts.reports[area.pk, item],
            outlines=counts.outlines[area.pk, item],
        )
        for area in areas
        for item in Item.values
    }


def _count(counter: Counter[Key], rows: Iterable[tuple[int | None, list[str]]]) -> None:
    for area, items in rows:
        for item in items:
            if area is not None:
                counter[area, item] += 1


def survey_day(viewer: Viewer) -> str:
    """The newest day municipalities answered the ministry's survey for; empty without one."""
    return next(iter(survey_days(viewer)), "")


def _survey(viewer: Viewer, areas: Sequence[Area]) -> dict[Key, int]:
    """What the municipalities themselves answered, as the page 8項目の実施状況 adds it up."""
    day = survey_day(viewer)
    if not areas or not day:
        return {}
    answers = progress_of(viewer, day, prefecture_code=areas[0].prefecture_code)
    # The survey may name a municipality by an area of another period: its code stays.
    by_code = {one.code: one.pk for one in areas}
    return {
        (by_code[one.area.code], letter.lower()): state
        for one in answers.municipalities
        if one.area.code in by_code
        for letter, state in one.states.items()
    }


def sisters_of(area: Area) -> QuerySet[SisterProgramme]:
    """関係する事業 of a municipality."""
    return SisterProgramme.objects.filter(area=area).order_by("section", "name")
