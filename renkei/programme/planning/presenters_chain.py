"""The plan as a chain down to the indicator, and what each activity still lacks (T-B5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renkei.programme.planning.frames import Scene
from renkei.programme.planning.models import Activity, Execution, Goal, Performer, Plan
from renkei.programme.planning.queries.plans import activities_of, goals_of, visions_of
from renkei.programme.planning.queries.programme import BY_OUTLINE, BY_REPORTS

NO_MEASURE = "施策の名前なし"
# What a performer of the plan may be called in a contract.
SAME = {
    Execution.SELF: Performer.SELF,
    Execution.CONTRACTED: Performer.CONTRACTED,
    Execution.JOINT: Performer.JOINT,
    Execution.OTHER_BODY: Performer.OTHER_BODY,
    Execution.DEEMED: Performer.OTHER_BODY,
}


@dataclass(frozen=True, slots=True)
class Measure:
    """施策: activities of one goal under one name. A name is enough; it has no life of its own."""

    name: str
    activities: list[Activity]


@dataclass(frozen=True, slots=True)
class GoalLink:
    goal: Goal
    indicator: str
    measures: list[Measure]


@dataclass(frozen=True, slots=True)
class SceneChain:
    label: str
    vision: str
    goals: list[GoalLink]
    loose: list[Activity]


@dataclass(frozen=True, slots=True)
class Lack:
    activity: Activity
    words: str


@dataclass(frozen=True, slots=True)
class Chain:
    scenes: list[SceneChain]
    lacks: list[Lack]
    whole: int


def chain_of(plan: Plan) -> Chain:
    """A fixed number of queries, however long the plan."""
    activities = list(
        activities_of(plan).select_related("arrangement").prefetch_related("arrangement__reports")
    )
    goals = list(goals_of(plan))
    visions = visions_of(plan)
    lacks = [Lack(one, "、".join(words)) for one in activities if (words := lacking(one))]
    return Chain(
        scenes=[
            SceneChain(
                str(scene.label),
                visions.get(scene.value, ""),
                [_link(goal, activities) for goal in goals if goal.scene == scene.value],
                [
                    one
                    for one in activities
                    if one.goal_id is None and scene.value in one.scenes[:1]
                ],
            )
            for scene in Scene
        ],
        lacks=lacks,
        whole=len(activities) - len(lacks),
    )


def _link(goal: Goal, activities: Sequence[Activity]) -> GoalLink:
    by_name: dict[str, list[Activity]] = {}
    for one in activities:
        if one.goal_id == goal.pk:
            by_name.setdefault(one.measure or NO_MEASURE, []).append(one)
    indicator = ""
    if goal.baseline:
        indicator = f"{goal.baseline['name']}　{goal.baseline['text']}"
    elif goal.indicator_code:
        indicator = goal.indicator_code
    if indicator and goal.target is not None:
        indicator += f"（目標 {goal.target.normalize():f}）"
    return GoalLink(goal, indicator, [Measure(name, found) for name, found in by_name.items()])


def lacking(one: Activity) -> list[str]:
    """What the record of an activity does not say yet, in words.

    Source: domain/training-outreach-consult.md §11.1; F-FR-05, F-FR-09.
    """
    arrangement = one.arrangement
    words = {
        "目標": one.goal_id is None,
        "施策": not one.measure,
        "項目": not one.items,
        "省令の号": not one.parts,
        "場面": not one.scenes,
        "対象": not one.targets,
        "法の根拠": not one.legal_basis,
        "担当": not one.owner,
        "財源": not one.funding,
        "契約・実施のかたち": one.performer != Performer.SELF and arrangement is None,
        "実施のしかたが契約と違う": arrangement is not None
        and SAME[Execution(arrangement.execution)] != one.performer,
        "実施要綱": arrangement is not None
        and arrangement.execution in BY_OUTLINE
        and arrangement.outline_on is None
        and arrangement.outline_file_id is None,
        "報告の期限": arrangement is not None
        and arrangement.execution in BY_REPORTS
        and not arrangement.reports.all(),
    }
    return [word for word, missing in words.items() if missing]
