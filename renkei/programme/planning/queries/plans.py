"""Plans, their matrices and what is missing in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.queries import ancestors_on, descendants_on
from renkei.foundation.common import clock
from renkei.programme.planning.frames import Item, Scene, Target
from renkei.programme.planning.models import (
    Activity,
    Goal,
    Grouping,
    NotDone,
    Plan,
    SceneVision,
)
from renkei.programme.planning.rules import may_clerk, may_keep_plans, watches_areas

NO_GOAL, NO_INDICATOR, NO_OWNER = "目標なし", "指標なし", "担当なし"


@dataclass(frozen=True)
class PlanDoor:
    """One plan as one viewer may use it."""

    plan: Plan
    viewer: Viewer
    may_write: bool


def plans_seen_by(viewer: Viewer) -> QuerySet[Plan]:
    """The own area's, and those of the municipalities one watches over."""
    area = own_area_of(viewer)
    if area is None:
        return Plan.objects.none()
    reach = Q(pk=None)
    if may_clerk(viewer):
        # A municipality reads the prefecture's plan as well (F-P-10).
        above = [one.area.pk for one in ancestors_on(area, clock.today())]
        reach = Q(area=area) | Q(area__in=above, grouping=Grouping.THREE)
    if watches_areas(viewer):
        reach = Q(area__in=descendants_on(area, clock.today()))
    return Plan.objects.filter(reach).select_related("area").order_by("-fiscal_year", "area__code")


def plan_door(viewer: Viewer, uid: UUID) -> PlanDoor:
    """One plan.

    Raises:
        Plan.DoesNotExist: not there, or not theirs to see.
    """
    plan = plans_seen_by(viewer).get(uid=uid)
    area = own_area_of(viewer)
    own = may_keep_plans(viewer) and area is not None and area.pk == plan.area_id
    return PlanDoor(plan=plan, viewer=viewer, may_write=own)


def goal_of(door: PlanDoor, uid: UUID) -> Goal:
    """One goal.

    Raises:
        Goal.DoesNotExist: of another plan.
    """
    return Goal.objects.get(uid=uid, plan=door.plan)


def activity_of(door: PlanDoor, uid: UUID) -> Activity:
    """One activity.

    Raises:
        Activity.DoesNotExist: of another plan.
    """
    return Activity.objects.get(uid=uid, plan=door.plan)


def goals_of(plan: Plan) -> QuerySet[Goal]:
    """The goals in the order of the scenes."""
    return Goal.objects.filter(plan=plan).order_by("pk")


def activities_of(plan: Plan) -> QuerySet[Activity]:
    """The activities, each with its goal."""
    return Activity.objects.filter(plan=plan).select_related("goal").order_by("pk")


def visions_of(plan: Plan) -> dict[str, str]:
    """めざす姿 by scene."""
    return dict(SceneVision.objects.filter(plan=plan).values_list("scene", "text"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a matrix. ``missing``: the words of what it lacks; none where it is 行わない."""

    scene: str
    goals: tuple[Goal, ...]
    activities: tuple[Activity, ...]
    missing: tuple[str, ...]
    not_done: str = ""

    @property
    def scene_label(self) -> str:
        return str(Scene(self.scene).label)

    @property
    def is_hole(self) -> bool:
        return bool(self.missing)


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    label: str
    cells: tuple[Cell, ...]


def item_matrix(plan: Plan) -> list[Row]:
    """8 items × 4 scenes, each cell with what it lacks (T-B3a). A fixed number of queries."""
    reasons = {(one.item, one.scene): one.reason for one in NotDone.objects.filter(plan=plan)}
    return _matrix(
        plan,
        [(one.value, str(one.label)) for one in Item],
        of_goal=lambda goal, code: code in goal.items,
        of_activity=lambda activity, code: code in activity.items,
        reason=lambda code, scene: reasons.get((code, scene), ""),
    )


def target_matrix(plan: Plan) -> list[Row]:
    """3 targets × 4 scenes (Kurume's); a cell's goals are those its activities serve."""
    served = {
        target: {
            one.goal_id for one in activities_of(plan) if one.goal_id and target in one.targets
        }
        for target in Target.values
    }
    return _matrix(
        plan,
        [(one.value, str(one.label)) for one in Target],
        of_goal=lambda goal, code: goal.pk in served[code],
        of_activity=lambda activity, code: code in activity.targets,
        reason=lambda _code, _scene: "",
    )


def _matrix(
    plan: Plan,
    rows: Sequence[tuple[str, str]],
    *,
    of_goal: Callable[[Goal, str], bool],
    of_activity: Callable[[Activity, str], bool],
    reason: Callable[[str, str], str],
) -> list[Row]:
    goals, activities = list(goals_of(plan)), list(activities_of(plan))
    return [
        Row(
            code,
            label,
            tuple(
                _cell(
                    scene,
                    tuple(one for one in goals if scene in one.scenes and of_goal(one, code)),
                    tuple(
                        one for one in activities if scene in one.scenes and of_activity(one, code)
                    ),
                    reason(code, scene),
                )
                for scene in Scene.values
            ),
        )
        for code, label in rows
    ]


def _cell(
    scene: str, goals: tuple[Goal, ...], activities: tuple[Activity, ...], not_done: str
) -> Cell:
    missing: list[str] = []
    if not not_done:
        if not goals:
            missing.append(NO_GOAL)
        elif not all(one.indicator_code and one.target is not None for one in goals):
            missing.append(NO_INDICATOR)
        owners = [one.owner for one in goals] + [one.owner for one in activities]
        if not all(owners):
            missing.append(NO_OWNER)
    return Cell(scene, goals, activities, tuple(missing), not_done)


def due_this_month(plan: Plan, month: int) -> list[Activity]:
    """今月やること: the activities of a plan that are due in a month (§10 of the workflows)."""
    return [one for one in activities_of(plan) if month in one.months]
