"""A prefecture's own plan in three groups, and the same rows in the four scenes (T-B9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.programme.planning.frames import Scene
from renkei.programme.planning.groupings import THREE, Group
from renkei.programme.planning.models import Activity, Goal, Issue, IssueState
from renkei.programme.planning.queries.issues import OVER
from renkei.programme.planning.queries.plans import PlanDoor, activities_of, goals_of

# What other areas read of a prefecture's issues: what was decided on.
_DECIDED = (IssueState.DECIDED, IssueState.IN_ACTION, IssueState.EVALUATED)


@dataclass(frozen=True, slots=True)
class Slice:
    """What belongs to a group, or to a scene."""

    issues: tuple[Issue, ...]
    goals: tuple[Goal, ...]
    projects: tuple[Activity, ...]


@dataclass(frozen=True, slots=True)
class GroupedPlan:
    """``loose``: what names no scene: it stands in no group and no scene, so it is named apart."""

    groups: Sequence[tuple[Group, Slice]]
    scenes: Sequence[tuple[Scene, Slice]]
    loose: Slice

    @property
    def is_whole(self) -> bool:
        """Whether whatever stands in a group stands in one of its scenes, and the other way."""
        return all(
            _rows(part) == {row for scene, each in self.scenes if scene in group.scenes
                            for row in _rows(each)}
            for group, part in self.groups
        )  # fmt: skip


def _rows(part: Slice) -> set[tuple[str, int]]:
    return {
        (type(one).__name__, one.pk)
        for rows in (part.issues, part.goals, part.projects)
        for one in rows
    }


def grouped_plan(door: PlanDoor) -> GroupedPlan:
    """The plan's issues, goals and projects, each way round. Three queries."""
    area = own_area_of(door.viewer)
    issues = Issue.objects.filter(area=door.plan.area).order_by("raised_on", "pk")
    if area is not None and area.pk == door.plan.area_id:
        issues = issues.exclude(state__in=OVER)
    else:
        issues = issues.filter(state__in=_DECIDED)
    rows = list(issues), list(goals_of(door.plan)), list(activities_of(door.plan))
    return GroupedPlan(
        groups=[(one, _within({each.value for each in one.scenes}, *rows)) for one in THREE],
        scenes=[(one, _within({one.value}, *rows)) for one in Scene],
        loose=Slice(
            tuple(one for one in rows[0] if not one.scenes),
            (),
            tuple(one for one in rows[2] if not one.scenes),
        ),
    )


def _within(
    wanted: set[str], issues: list[Issue], goals: list[Goal], projects: list[Activity]
) -> Slice:
    return Slice(
        tuple(one for one in issues if wanted.intersection(one.scenes)),
        tuple(one for one in goals if wanted.intersection(one.scenes)),
        tuple(one for one in projects if wanted.intersection(one.scenes)),
    )
