"""What the programme costs: lines, sums by 費目 and item, who bears them (T-FUND1, idea 21)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from renkei.programme.planning.frames import Item
from renkei.programme.planning.funding import CostCategory, Funding, Part, Split, parts_of, split_of
from renkei.programme.planning.models import Goal, MoneyLine, Plan
from renkei.programme.planning.queries.plans import PlanDoor, goals_of

BUDGET, FORECAST, ACTUAL = "budget", "forecast", "actual"
AMOUNTS: Final = {BUDGET: "予算", FORECAST: "見込", ACTUAL: "実績"}


def money_lines_of(plan: Plan) -> QuerySet[MoneyLine]:
    """In the order a budget is read: item, activity, 費目."""
    return (
        MoneyLine.objects.filter(plan=plan)
        .select_related("activity")
        .order_by("item", "activity", "pk")
    )


def money_line_of(door: PlanDoor, uid: UUID) -> MoneyLine:
    """One line.

    Raises:
        MoneyLine.DoesNotExist: of another plan.
    """
    return MoneyLine.objects.select_related("activity").get(uid=uid, plan=door.plan)


def yen_of(line: MoneyLine, which: str) -> int | None:
    """Its 予算, 見込 or 実績; None where nothing was entered."""
    if which == FORECAST:
        return line.forecast_yen
    return line.actual_yen if which == ACTUAL else line.budget_yen


@dataclass(frozen=True, slots=True)
class Sums:
    """予算, 見込 and 実績 of some lines. ``waiting``: how many have no 実績 yet."""

    budget: int
    forecast: int
    actual: int
    lines: int
    unforecast: int
    waiting: int

    @property
    def left(self) -> int:
        """What of the 予算 was not spent; below zero it was overspent."""
        return self.budget - self.actual


def sums_of(lines: Iterable[MoneyLine]) -> Sums:
    """Added up in whole yen."""
    found = list(lines)
    return Sums(
        budget=sum(one.budget_yen for one in found),
        forecast=sum(one.forecast_yen or 0 for one in found),
        actual=sum(one.actual_yen or 0 for one in found),
        lines=len(found),
        unforecast=sum(one.forecast_yen is None for one in found),
        waiting=sum(one.actual_yen is None for one in found),
    )


@dataclass(frozen=True, slots=True)
class Burden:
    """The sum of one 財源 and who bears it. ``split`` None: no table holds for that year."""

    funding: Funding
    yen: int
    split: Split | None
    parts: Sequence[Part]


def burdens_of(lines: Iterable[MoneyLine], fiscal_year: int, which: str) -> list[Burden]:
    """Each 財源 split once, over its whole sum: splitting line by line would lose yen."""
    sums: dict[str, int] = defaultdict(int)
    for one in lines:
        sums[one.funding] += yen_of(one, which) or 0
    found = []
    for funding in Funding:
        if funding.value in sums:
            split = split_of(funding.value, fiscal_year)
            yen = sums[funding.value]
            found.append(Burden(funding, yen, split, parts_of(yen, split) if split else ()))
    return found


@dataclass(frozen=True, slots=True)
class CrossRow:
    """One item: yen by 費目, and the goals the money is for."""

    item: str
    cells: tuple[int | None, ...]
    total: int
    goals: tuple[Goal, ...]


@dataclass(frozen=True, slots=True)
class Cross:
    """費目 × items × outcomes (idea 21)."""

    rows: tuple[CrossRow, ...]
    columns: tuple[int, ...]
    total: int


def cross_of(plan: Plan, which: str) -> Cross:
    """A line has one item and one 費目, so that every yen stands in one cell."""
    cells: dict[tuple[str, str], int] = {}
    for one in money_lines_of(plan):
        yen = yen_of(one, which)
        if yen is not None:
            key = (one.item, one.category)
            cells[key] = cells.get(key, 0) + yen
    goals = list(goals_of(plan))
    rows = tuple(
        CrossRow(
            item,
            tuple(cells.get((item, category)) for category in CostCategory.values),
            sum(cells.get((item, category), 0) for category in CostCategory.values),
            tuple(goal for goal in goals if item in goal.items),
        )
        for item in Item.values
    )
    columns = tuple(
        sum(cells.get((item, category), 0) for item in Item.values)
        for category in CostCategory.values
    )
    return Cross(rows, columns, sum(columns))
