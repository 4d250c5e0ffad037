"""How the programme's money is shown. Only formatting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from renkei.foundation.common.eras import FiscalYear
from renkei.programme.planning.frames import Item, item_mark
from renkei.programme.planning.funding import CostCategory, Part
from renkei.programme.planning.models import Goal, MoneyLine
from renkei.programme.planning.queries.money import (
    AMOUNTS,
    Burden,
    Sums,
    burdens_of,
    cross_of,
    money_lines_of,
    sums_of,
)
from renkei.programme.planning.queries.plans import PlanDoor

NONE = "記録なし"


def yen_text(yen: int | None) -> str:
    """12,345, or that nothing was entered: 0 is a sum like any other."""
    return NONE if yen is None else f"{yen:,}"


@dataclass(frozen=True, slots=True)
class MoneyLineShown:
    line: MoneyLine
    url: str
    remove_url: str
    item: str
    budget: str
    forecast: str
    actual: str


@dataclass(frozen=True, slots=True)
class SumLine:
    """One 費目, item or 財源: 予算, 見込, 実績 and what is left."""

    label: str
    budget: str
    forecast: str
    actual: str
    left: str


@dataclass(frozen=True, slots=True)
class PartLine:
    payer: str
    percent: str
    floor: str
    rounding: str
    yen: str


@dataclass(frozen=True, slots=True)
class BurdenShown:
    """One 財源 with who bears it; ``rounding``: the sentence on odd yen."""

    label: str
    yen: str
    parts: list[PartLine]
    total: PartLine | None
    rounding: str
    source: str


@dataclass(frozen=True, slots=True)
class MoneyPage:
    name: str
    which: str
    which_word: str
    ledger: list[dict[str, object]]
    lines: list[MoneyLineShown]
    total: SumLine
    categories: list[SumLine]
    items: list[SumLine]
    burdens: list[BurdenShown]
    waiting: str


def money_page_of(door: PlanDoor, *, which: str) -> MoneyPage:
    """Lines, sums and burdens of a plan's year."""
    plan = door.plan
    lines = list(money_lines_of(plan))
    sums = sums_of(lines)
    return MoneyPage(
        name=FiscalYear(plan.fiscal_year).label,
        which=which,
        which_word=AMOUNTS[which],
        ledger=[
            {"count": f"{sums.budget:,}", "word": "予算（円）"},
            {"count": f"{sums.forecast:,}", "word": "見込（円）"},
            {"count": f"{sums.actual:,}", "word": "実績（円）"},
            {"count": f"{sums.left:,}", "word": "予算－実績（円）"},
        ],
        lines=[_line(door, one) for one in lines],
        total=_sum_line("計", sums),
        categories=_by(lines, CostCategory, "category"),
        items=_by(lines, Item, "item"),
        burdens=[_burden(one) for one in burdens_of(lines, plan.fiscal_year, which)],
        waiting=_waiting(sums),
    )


def _waiting(sums: Sums) -> str:
    parts = []
    if sums.unforecast:
        parts.append(f"見込が{sums.unforecast}行")
    if sums.waiting:
        parts.append(f"実績が{sums.waiting}行")
    return f"{'、'.join(parts)}、まだ入っていません。合計は入った分だけです。" if parts else ""


def _line(door: PlanDoor, one: MoneyLine) -> MoneyLineShown:
    args = [door.plan.uid, one.uid]
    return MoneyLineShown(
        line=one,
        url=reverse("planning:money_edit", args=args),
        remove_url=reverse("planning:money_remove", args=args),
        item=item_mark(one.item),
        budget=yen_text(one.budget_yen),
        forecast=yen_text(one.forecast_yen),
        actual=yen_text(one.actual_yen),
    )


def _sum_line(label: str, sums: Sums) -> SumLine:
    return SumLine(
        label, f"{sums.budget:,}", f"{sums.forecast:,}", f"{sums.actual:,}", f"{sums.left:,}"
    )


def _by(lines: Sequence[MoneyLine], choices: Any, field: str) -> list[SumLine]:
    return [
        _sum_line(
            str(one.label), sums_of([line for line in lines if getattr(line, field) == one.value])
        )
        for one in choices
    ]


def _burden(burden: Burden) -> BurdenShown:
    parts = burden.parts
    total = None
    if parts:
        total = PartLine(
            "計", "100％", f"{sum(one.floor for one in parts):,}",
            f"{sum(one.rounding for one in parts):,}", f"{burden.yen:,}",
        )  # fmt: skip
    lucky = [one.payer for one in parts if one.rounding]
    rounding = (
        f"円未満の端数{len(lucky)}円を、小数部分の大きい順に{'、'.join(lucky)}へ1円ずつ配りました。"
        if lucky
        else "円未満の端数はありません。"
    )
    source = "この年度の割合の表がありません。"
    if burden.split:
        word = "" if burden.split.confirmed else "（未確認）"
        first = FiscalYear(burden.split.first_year).label
        source = f"割合：{first}から。出典 {burden.split.source}{word}"
    return BurdenShown(
        label=str(burden.funding.label),
        yen=f"{burden.yen:,}",
        parts=[_part(one) for one in parts],
        total=total,
        rounding=rounding if parts else "",
        source=source,
    )


def _part(one: Part) -> PartLine:
    return PartLine(
        one.payer, one.percent_text, f"{one.floor:,}",
        f"{one.rounding:+,}" if one.rounding else "0", f"{one.yen:,}",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """What one goal came to: its indicator's first value, the newest, and the target."""

    text: str
    url: str
    indicator: str
    baseline: str
    newest: str
    target: str


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    label: str
    cells: list[str]
    total: str
    goals: list[OutcomeLine]


@dataclass(frozen=True, slots=True)
class OutcomePage:
    name: str
    which: str
    which_word: str
    categories: list[str]
    rows: list[OutcomeRow]
    columns: list[str]
    total: str


def outcome_page_of(
    door: PlanDoor, *, which: str, newest: dict[str, dict[str, Any] | None]
) -> OutcomePage:
    """費目 × items × outcomes; ``newest``: the newest reading by indicator code."""
    cross = cross_of(door.plan, which)
    return OutcomePage(
        name=FiscalYear(door.plan.fiscal_year).label,
        which=which,
        which_word=AMOUNTS[which],
        categories=[str(one.label) for one in CostCategory],
        rows=[
            OutcomeRow(
                label=str(Item(row.item).label),
                cells=["－" if yen is None else f"{yen:,}" for yen in row.cells],
                total=f"{row.total:,}",
                goals=[_outcome(goal, newest.get(goal.indicator_code)) for goal in row.goals],
            )
            for row in cross.rows
        ],
        columns=[f"{yen:,}" for yen in cross.columns],
        total=f"{cross.total:,}",
    )


def _outcome(goal: Goal, newest: dict[str, Any] | None) -> OutcomeLine:
    def told(kept: dict[str, Any] | None) -> str:
        return f"{kept['text']}（{kept['period_label']}）" if kept else NONE

    return OutcomeLine(
        text=goal.text,
        url=reverse("indicators:indicator_detail", args=[goal.indicator_code])
        if goal.indicator_code
        else "",
        indicator=str((goal.baseline or newest or {}).get("name", "")) or "指標なし",
        baseline=told(goal.baseline),
        newest=told(goal.result or newest),
        target=f"{goal.target.normalize():f}" if goal.target is not None else NONE,
    )
