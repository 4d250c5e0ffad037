"""The support desk of the prefecture: municipalities side by side, requests, materials, good cases.

Counts and the words of offices only; no query here reaches a person (T-H3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from renkei.care.transitions.queries.reviews import reviews_by_area
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaEdge, AreaLevel
from renkei.foundation.areas.queries import ancestors_on, descendants_on
from renkei.foundation.common import clock
from renkei.foundation.common.eras import FiscalYear, fiscal_year
from renkei.foundation.common.suppression import THRESHOLD, Sum, hidden_cells
from renkei.programme.indicators.queries.progress import Answers, progress_of, survey_days
from renkei.programme.planning.models import (
    Activity,
    Council,
    Goal,
    GoodCase,
    Issue,
    Meeting,
    Plan,
    RequestState,
    SharedMaterial,
    SupportEntry,
    SupportItem,
    SupportRequest,
)
from renkei.programme.planning.queries.issues import HELD, OVER
from renkei.programme.planning.rules import asks_for_support, gives_support

HIDDEN: Final = "非公開"
TOTAL: Final = 0


def watched_municipalities(viewer: Viewer) -> list[Area]:
    """The municipalities one watches over today, in the order of their codes."""
    area = own_area_of(viewer) if gives_support(viewer) else None
    if area is None:
        return []
    below = descendants_on(area, clock.today()).filter(level=AreaLevel.MUNICIPALITY)
    return list(below.order_by("code", "key"))


def _reach(viewer: Viewer) -> Q:
    """Rows with an ``area``: the own municipality's, or those one watches over."""
    area = own_area_of(viewer)
    if area is None:
        return Q(pk=None)
    if gives_support(viewer):
        return Q(area__in=descendants_on(area, clock.today()))
    return Q(area=area) if asks_for_support(viewer) else Q(pk=None)


@dataclass(frozen=True)
class RequestDoor:
    """One request as one viewer may use it."""

    request: SupportRequest
    viewer: Viewer
    may_answer: bool
    may_close: bool


def requests_seen_by(viewer: Viewer) -> QuerySet[SupportRequest]:
    """Requests of the own municipality, or of those one watches over; what waits first."""
    return (
        SupportRequest.objects.filter(_reach(viewer))
        .select_related("area", "organisation")
        .order_by("-asked_on", "-pk")
    )


def request_door(viewer: Viewer, uid: UUID) -> RequestDoor:
    """One request.

    Raises:
        SupportRequest.DoesNotExist: not there, or not theirs to see.
    """
    found = requests_seen_by(viewer).get(uid=uid)
    is_open = found.state != RequestState.CLOSED
    return RequestDoor(found, viewer, is_open and gives_support(viewer), is_open)


def entries_seen_by(viewer: Viewer) -> QuerySet[SupportEntry]:
    """The log of support, newest first."""
    return (
        SupportEntry.objects.filter(_reach(viewer))
        .select_related("area", "organisation", "request")
        .order_by("-done_on", "-pk")
    )


def materials_seen_by(viewer: Viewer) -> QuerySet[SharedMaterial]:
    """What the own organisation gives, or what is given to the own area from above."""
    area = own_area_of(viewer)
    if area is None:
        return SharedMaterial.objects.none()
    if gives_support(viewer):
        reach = Q(organisation_id=viewer.organisation_id)
    else:
        above = [one.area.pk for one in ancestors_on(area, clock.today())]
        reach = Q(area__in=[area.pk, *above], withdrawn_on=None)
    return (
        SharedMaterial.objects.filter(reach)
        .select_related("organisation", "area", "file")
        .order_by("withdrawn_on", "-published_on", "-pk")
    )


def material_called(viewer: Viewer, uid: UUID) -> SharedMaterial:
    """One material.

    Raises:
        SharedMaterial.DoesNotExist: not there, or not given to them.
    """
    return materials_seen_by(viewer).get(uid=uid)


def cases_seen_by(viewer: Viewer) -> QuerySet[GoodCase]:
    """The own ones, and what peers of the prefecture published."""
    area = own_area_of(viewer)
    if area is None:
        return GoodCase.objects.none()
    reach = Q(published_on__isnull=False, area__prefecture_code=area.prefecture_code)
    if asks_for_support(viewer):
        reach |= Q(area=area)
    return (
        GoodCase.objects.filter(reach)
        .select_related("area", "organisation")
        .order_by("-published_on", "-pk")
    )


@dataclass(frozen=True)
class CaseDoor:
    """One good case as one viewer may use it."""

    case: GoodCase
    viewer: Viewer
    may_write: bool


def case_door(viewer: Viewer, uid: UUID) -> CaseDoor:
    """One good case.

    Raises:
        GoodCase.DoesNotExist: not there, or not published to them.
    """
    case = cases_seen_by(viewer).get(uid=uid)
    area = own_area_of(viewer)
    own = asks_for_support(viewer) and area is not None and area.pk == case.area_id
    return CaseDoor(case, viewer, own)


# The board ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TownRow:
    """One municipality in counts. ``answers``: what it said of the eight items, if it was asked.

    ``planned``: the letters of the items its plan of this year has an activity for.
    """

    area: Area
    answers: Answers | None
    planned: frozenset[str]
    plan: Plan | None
    goals: int
    councils: int
    meetings: int
    issues: int
    requests: int
    entries: int
    reviews: str


@dataclass(frozen=True, slots=True)
class Board:
    year: FiscalYear
    survey_day: str
    rows: Sequence[TownRow]
    reviews_total: str


def board_of(viewer: Viewer) -> Board:
    """All municipalities of a prefecture side by side, in a fixed number of queries."""
    towns = watched_municipalities(viewer)
    year = fiscal_year(clock.today())
    days = survey_days(viewer) if towns else []
    codes = {one.prefecture_code for one in towns}
    answers: dict[int, Answers] = {}
    for code in codes if days else ():
        found = progress_of(viewer, days[0], prefecture_code=code)
        answers |= {one.area.pk: one for one in found.municipalities}
    plans = {one.area_id: one for one in Plan.objects.filter(area__in=towns, fiscal_year=year.year)}
    open_requests = SupportRequest.objects.exclude(state=RequestState.CLOSED)
    this_year = Q(done_on__range=(year.start, year.end))
    counts = {
        "goals": _by_area(Goal.objects.filter(plan__in=plans.values()), towns, "plan__area"),
        "councils": _by_area(Council.objects.filter(ended_on=None), towns),
        "meetings": _by_area(
            Meeting.objects.filter(fiscal_year=year.year, state__in=HELD), towns, "council__area"
        ),
        "issues": _by_area(Issue.objects.exclude(state__in=OVER), towns),
        "requests": _by_area(open_requests, towns),
        "entries": _by_area(SupportEntry.objects.filter(this_year), towns),
    }
    reviews = reviews_shown(towns, year)
    planned = _planned_items(plans.values())
    rows = [
        TownRow(
            area=one,
            answers=answers.get(one.pk),
            plan=plans.get(one.pk),
            planned=planned.get(one.pk, frozenset()),
            reviews=reviews[one.pk],
            **{name: found.get(one.pk, 0) for name, found in counts.items()},
        )
        for one in towns
    ]
    return Board(year, days[0] if days else "", rows, reviews[TOTAL])


def _by_area(rows: QuerySet[Any], towns: Sequence[Area], path: str = "area") -> dict[int, int]:
    found = rows.filter(**{f"{path}__in": towns}).values_list(path).annotate(Count("pk"))
    return dict(found.order_by(path))


def _planned_items(plans: Iterable[Plan]) -> dict[int, frozenset[str]]:
    rows = Activity.objects.filter(plan__in=list(plans)).values_list("plan__area", "items")
    found: dict[int, set[str]] = {}
    for area_id, items in rows:
        found.setdefault(area_id, set()).update(items)
    return {area_id: frozenset(items) for area_id, items in found.items()}


def reviews_shown(towns: Sequence[Area], year: FiscalYear) -> dict[int, str]:
    """How many events each municipality reviewed, and all of them (``TOTAL``), as may be shown.

    Each review is of one person: one to four stay hidden, and what would give them away.
    """
    # Events of a ward are those of its city.
    cities = dict(
        AreaEdge.objects.filter(
            parent__in=towns, child__level=AreaLevel.WARD, period__contains=clock.today()
        ).values_list("child_id", "parent_id")
    )
    values = {one.pk: 0 for one in towns}
    for area_id, count in reviews_by_area([*values, *cities], since=year.start, until=year.end):
        values[cities.get(area_id, area_id)] += count
    values[TOTAL] = sum(values.values())
    parts = tuple(key for key in values if key != TOTAL)
    hidden = hidden_cells(values, [Sum(TOTAL, parts)] if parts else [])
    return {key: HIDDEN if key in hidden else str(value) for key, value in values.items()}


def hidden_rule() -> str:
    """Said beside every table with such a count."""
    return f"人の数が1～{THRESHOLD - 1}のますと、そこから逆算できるますは「{HIDDEN}」にしています。"


def support_matrix(viewer: Viewer, year: FiscalYear) -> Mapping[int, Counter[str]]:
    """How often each municipality was supported in a year, by the six items."""
    rows = entries_seen_by(viewer).filter(done_on__range=(year.start, year.end))
    found: dict[int, Counter[str]] = {}
    for area_id, item in rows.values_list("area", "item"):
        found.setdefault(area_id, Counter())[item] += 1
    return found


ITEMS: Final = tuple(SupportItem)
