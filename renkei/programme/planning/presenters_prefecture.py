"""How a prefecture's plan is shown. Only formatting."""

from __future__ import annotations

from dataclasses import dataclass

from renkei.foundation.common.eras import FiscalYear
from renkei.programme.planning.frames import Scene
from renkei.programme.planning.groupings import Group
from renkei.programme.planning.models import Alignment, Goal
from renkei.programme.planning.queries.plans import PlanDoor, visions_of
from renkei.programme.planning.queries.prefecture import GroupedPlan, Slice, grouped_plan

MARKS = {
    Alignment.UNCHECKED: "soon",
    Alignment.ALIGNED: "done",
    Alignment.DIFFERS: "over",
    Alignment.ABSENT: "plain",
}


@dataclass(frozen=True, slots=True)
class GoalLine:
    goal: Goal
    mark: str
    word: str
    where: str


@dataclass(frozen=True, slots=True)
class GroupPart:
    group: Group
    vision: str
    slice: Slice
    goals: list[GoalLine]


@dataclass(frozen=True, slots=True)
class GroupsPage:
    name: str
    parts: list[GroupPart]
    scenes: list[tuple[str, Slice]]
    loose: Slice
    whole: bool
    unchecked: int
    ledger: list[dict[str, object]]


def groups_page(door: PlanDoor) -> GroupsPage:
    """Three groups, and the same rows in the four scenes."""
    found: GroupedPlan = grouped_plan(door)
    visions = visions_of(door.plan)
    parts = [
        GroupPart(
            group,
            next((visions[one] for one in group.scenes if one in visions), ""),
            part,
            [_goal_line(one, group) for one in part.goals],
        )
        for group, part in found.groups
    ]
    goals = {one.pk: one for _, part in found.groups for one in part.goals}
    unchecked = sum(not one.medical_plan for one in goals.values())
    issues = {one.pk for _, part in found.groups for one in part.issues}
    projects = {one.pk for _, part in found.groups for one in part.projects}
    return GroupsPage(
        name=FiscalYear(door.plan.fiscal_year).label,
        parts=parts,
        scenes=[(str(scene.label), part) for scene, part in found.scenes],
        loose=found.loose,
        whole=found.is_whole and not (found.loose.issues or found.loose.projects),
        unchecked=unchecked,
        ledger=[
            {"count": len(issues) + len(found.loose.issues), "word": "課題"},
            {"count": len(goals), "word": "目標"},
            {"count": len(projects) + len(found.loose.projects), "word": "事業"},
            {"count": unchecked, "word": "医療計画との整合を確かめていない目標"},
        ],
    )


def _goal_line(goal: Goal, group: Group) -> GoalLine:
    kind = Alignment(goal.medical_plan)
    scenes = [one for one in group.scenes if one in goal.scenes]
    whole = len(scenes) == len(group.scenes)
    where = "" if whole else "、".join(str(Scene(one).label) for one in scenes)
    return GoalLine(goal, MARKS[kind], f"医療計画：{kind.label}", where)
