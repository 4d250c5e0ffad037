"""How a plan is shown. Only formatting."""

from __future__ import annotations

from dataclasses import dataclass

from renkei.foundation.common import clock
from renkei.foundation.common.eras import FiscalYear
from renkei.programme.planning.frames import Item, OrdinancePart, Scene
from renkei.programme.planning.models import Activity, Goal, Plan
from renkei.programme.planning.queries.plans import (
    PlanDoor,
    Row,
    activities_of,
    due_this_month,
    goals_of,
    item_matrix,
    target_matrix,
    visions_of,
)


@dataclass(frozen=True, slots=True)
class Hole:
    """One cell that lacks something, in words, with where to fill it."""

    row: str
    scene: str
    missing: str
    query: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    name: str
    by: str
    scenes: list[tuple[str, str]]
    rows: list[Row]
    holes: list[Hole]
    ledger: list[dict[str, object]]
    month: int
    due: list[Activity]


def plan_page_of(door: PlanDoor, *, by: str) -> PlanPage:
    """The matrix by items or by targets; what is missing is named beside it."""
    plan = door.plan
    visions = visions_of(plan)
    rows = item_matrix(plan) if by == "items" else target_matrix(plan)
    cells = [cell for row in rows for cell in row.cells]
    holes = [
        Hole(
            row=row.label,
            scene=str(Scene(cell.scene).label),
            missing="・".join(cell.missing),
            query=f"?item={row.code}&scene={cell.scene}" if by == "items" else "",
        )
        for row in rows
        for cell in row.cells
        if cell.is_hole
    ]
    left_out = sum(1 for one in cells if one.not_done)
    month = clock.today().month
    return PlanPage(
        name=FiscalYear(plan.fiscal_year).label,
        by=by,
        scenes=[(str(one.label), visions.get(one.value, "")) for one in Scene],
        rows=rows,
        holes=holes,
        ledger=[
            {"count": len(cells), "word": "ます"},
            {
                "count": len(cells) - len(holes) - left_out,
                "word": "そろっている",
                "note": "目標・指標・担当あり",
            },
            {
                "count": len(holes),
                "word": "足りない",
                "note": "目標・指標・担当のどれかがない",
                "icon": "warning",
            },
            {"count": left_out, "word": "行わない", "note": "理由あり"},
        ],
        month=month,
        due=due_this_month(plan, month),
    )


@dataclass(frozen=True, slots=True)
class Cut:
    label: str
    activities: list[Activity]


@dataclass(frozen=True, slots=True)
class Cuts:
    items: list[Cut]
    parts: list[Cut]
    measures: list[Activity]


def cuts_of(plan: Plan) -> Cuts:
    """The same rows in three orders; nothing is entered for a cut."""
    activities = list(activities_of(plan))
    return Cuts(
        items=[
            Cut(str(one.label), [each for each in activities if one.value in each.items])
            for one in Item
        ],
        parts=[
            Cut(str(one.label), [each for each in activities if one.value in each.parts])
            for one in OrdinancePart
        ],
        measures=sorted(activities, key=lambda one: (min(one.items, default=""), one.pk)),
    )


@dataclass(frozen=True, slots=True)
class ReviewLines:
    goals: list[Goal]
    activities: list[Activity]
    left: int


def review_lines(plan: Plan) -> ReviewLines:
    """Everything that is to be looked back on, and how much is left."""
    goals, activities = list(goals_of(plan)), list(activities_of(plan))
    verdicts = [one.verdict for one in goals] + [one.verdict for one in activities]
    left = verdicts.count("")
    return ReviewLines(goals, activities, left)
