"""Writing a plan, looking back on it, and making next year's from it (T-B3b, T-B3c)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.programme.indicators.evidence import frozen
from renkei.programme.indicators.models import Direction, Indicator, Value
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.queries.catalogue import indicator_for
from renkei.programme.indicators.queries.values import reading, values_for
from renkei.programme.planning.acting import organisation_of
from renkei.programme.planning.models import (
    Activity,
    Goal,
    GoalState,
    Grouping,
    NotDone,
    Plan,
    SceneVision,
    Verdict,
)
from renkei.programme.planning.queries.plans import PlanDoor

REVIEWED: Final = "この年度の計画は振り返りを終えています。次の年度の計画を直してください。"
_CARRIED_GOAL: Final = (
    "scene", "items", "text", "indicator_code", "baseline", "target", "due_year", "owner",
    "more_scenes", "medical_plan", "medical_plan_note",
)  # fmt: skip
_CARRIED_ACTIVITY: Final = (
    "measure", "name", "text", "items", "parts", "scenes", "targets", "legal_basis", "performer",
    "partners", "owner", "since_year", "months", "arrangement", "funding",
)  # fmt: skip


@transaction.atomic
def make_plan(
    *,
    viewer: Viewer,
    fiscal_year: int,
    vision: str,
    visions: Mapping[str, str],
    grouping: str = Grouping.FOUR,
) -> Plan:
    """A plan of the viewer's own area with its めざす姿.

    Raises:
        ValidationError: there is one for that year, or the office has no area.
    """
    office = organisation_of(viewer)
    if office is None or office.area is None:
        raise ValidationError("所属の課に圏域がありません。組織の登録で圏域を選んでください。")
    plan = Plan(
        area=office.area,
        organisation=office,
        fiscal_year=fiscal_year,
        vision=vision,
        grouping=grouping,
    )
    plan.full_clean()
    plan.save()
    _set_visions(plan, visions)
    record_event(actor=viewer.actor, action="plan.made", target=plan)
    return plan


@transaction.atomic
def change_visions(*, door: PlanDoor, vision: str, visions: Mapping[str, str]) -> Plan:
    """Reword めざす姿.

    Raises:
        ValidationError: a scene with goals would lose its own.
    """
    plan = _open_plan(door)
    plan.vision = vision
    plan.full_clean()
    plan.save()
    _set_visions(plan, visions)
    record_event(actor=door.viewer.actor, action="plan.changed", target=plan)
    return plan


def _set_visions(plan: Plan, visions: Mapping[str, str]) -> None:
    for scene, text in visions.items():
        if text:
            SceneVision.objects.update_or_create(plan=plan, scene=scene, defaults={"text": text})
        elif Goal.objects.filter(plan=plan, scene=scene).exists():
            raise ValidationError(
                {f"vision_{scene}": "目標のある場面のめざす姿は消せません。入力してください。"}
            )
        else:
            SceneVision.objects.filter(plan=plan, scene=scene).delete()


def _open_plan(door: PlanDoor) -> Plan:
    plan = Plan.objects.select_for_update().get(pk=door.plan.pk)
    if plan.reviewed_at is not None:
        raise ValidationError(REVIEWED)
    return plan


@transaction.atomic
def write_goal(*, door: PlanDoor, fields: Mapping[str, Any], goal: Goal | None = None) -> Goal:
    """A goal with its indicator; the baseline is read, never typed.

    Raises:
        ValidationError: the scene has no めざす姿 (F-FR-07), or the indicator is not found.
    """
    plan = _open_plan(door)
    goal = goal or Goal(plan=plan)
    code_before = goal.indicator_code
    for name, value in fields.items():
        setattr(goal, name, value)
    if not SceneVision.objects.filter(plan=plan, scene=goal.scene).exists():
        raise ValidationError(
            {"scene": "この場面のめざす姿がありません。先にめざす姿を書いてください。"}
        )
    if goal.indicator_code and (goal.baseline is None or goal.indicator_code != code_before):
        goal.baseline = newest_reading(door, goal.indicator_code)
    if not goal.indicator_code:
        goal.baseline, goal.target = None, None
    goal.full_clean()
    goal.save()
    record_event(actor=door.viewer.actor, action="goal.written", target=goal)
    return goal


def newest_reading(door: PlanDoor, code: str) -> dict[str, Any] | None:
    """The newest value of an indicator for the plan's area, frozen; None where there is none.

    Raises:
        ValidationError: no such indicator.
    """
    try:
        indicator = indicator_for(door.viewer, code)
    except Indicator.DoesNotExist:
        raise ValidationError(
            {"indicator_code": "この指標が見つかりません。選び直してください。"}
        ) from None
    row: Value | None = (
        values_for(door.viewer)
        .filter(indicator=indicator, area=door.plan.area)
        .order_by("-period", "-version__number")
        .first()
    )
    if row is None:
        return None
    period = Period(row.period_kind, row.period)
    return frozen(reading(door.viewer, indicator, door.plan.area, period))


@transaction.atomic
def write_activity(
    *, door: PlanDoor, fields: Mapping[str, Any], activity: Activity | None = None
) -> Activity:
    """An activity, entered once and seen in every cut (T-B5).

    Raises:
        ValidationError: something is missing.
    """
    plan = _open_plan(door)
    activity = activity or Activity(plan=plan)
    for name, value in fields.items():
        if name != "programmes":
            setattr(activity, name, value)
    activity.full_clean()
    activity.save()
    if "programmes" in fields:
        activity.programmes.set(fields["programmes"])
    record_event(actor=door.viewer.actor, action="activity.written", target=activity)
    return activity


@transaction.atomic
def leave_out(*, door: PlanDoor, item: str, scene: str, reason: str) -> None:
    """この場面では行わない, with the reason; without one it is a hole again."""
    plan = _open_plan(door)
    if reason:
        NotDone.objects.update_or_create(
            plan=plan, item=item, scene=scene, defaults={"reason": reason}
        )
    else:
        NotDone.objects.filter(plan=plan, item=item, scene=scene).delete()
    record_event(actor=door.viewer.actor, action="plan.changed", target=plan)


def has_reached(goal: Goal) -> bool:
    """Whether the result met the target, in the direction the indicator wants."""
    if goal.result is None or goal.target is None or goal.result.get("value") is None:
        return False
    value = type(goal.target)(goal.result["value"])
    indicator = Indicator.objects.filter(code=goal.indicator_code).first()
    if indicator is not None and indicator.latest.direction == Direction.DOWN:
        return value <= goal.target
    return value >= goal.target


@transaction.atomic
def review_goal(
    *,
    door: PlanDoor,
    goal: Goal,
    state: GoalState,
    verdict: Verdict,
    reason: str,
    reached_reason: str = "",
) -> Goal:
    """What came of a goal; its result is read now.

    Raises:
        ValidationError: reached without target met and without a reason (T-B3c), or no reason
            for the verdict.
    """
    _open_plan(door)
    locked = Goal.objects.select_for_update().get(pk=goal.pk)
    if locked.indicator_code:
        locked.result = newest_reading(door, locked.indicator_code)
    if not reason:
        raise ValidationError({"reason": "継続・見直し・廃止の理由を入力してください。"})
    if state == GoalState.REACHED and not has_reached(locked) and not reached_reason:
        raise ValidationError(
            {"reached_reason": "指標が目標値に届いていません。達成とする理由を入力してください。"}
        )
    locked.state, locked.verdict, locked.verdict_reason = state, verdict, reason
    locked.reached_reason = reached_reason if state == GoalState.REACHED else ""
    locked.full_clean()
    locked.save()
    record_event(
        actor=door.viewer.actor,
        action="goal.reviewed",
        target=locked,
        detail={"state": state.value, "verdict": verdict.value},
    )
    return locked


@transaction.atomic
def review_activity(
    *, door: PlanDoor, activity: Activity, verdict: Verdict, reason: str
) -> Activity:
    """Whether an activity goes on.

    Raises:
        ValidationError: no reason.
    """
    _open_plan(door)
    locked = Activity.objects.select_for_update().get(pk=activity.pk)
    locked.verdict, locked.verdict_reason = verdict, reason
    locked.full_clean()
    locked.save()
    record_event(
        actor=door.viewer.actor,
        action="activity.reviewed",
        target=locked,
        detail={"verdict": verdict.value},
    )
    return locked


@transaction.atomic
def make_next_plan(*, door: PlanDoor) -> Plan:
    """Next year's plan with everything that goes on, each knowing where it came from (T-B3b).

    Raises:
        ValidationError: something was not looked back on yet; says how much.
    """
    plan = _open_plan(door)
    open_goals = Goal.objects.filter(plan=plan, verdict="").count()
    open_activities = Activity.objects.filter(plan=plan, verdict="").count()
    if open_goals or open_activities:
        raise ValidationError(
            f"振り返っていない目標が{open_goals}件、活動が{open_activities}件あります。"
            "先に振り返ってください。"
        )
    following = Plan(
        area=plan.area,
        organisation=plan.organisation,
        fiscal_year=plan.fiscal_year + 1,
        vision=plan.vision,
        grouping=plan.grouping,
        previous=plan,
    )
    following.full_clean()
    following.save()
    for vision in plan.visions.all():
        SceneVision.objects.create(plan=following, scene=vision.scene, text=vision.text)
    for one in plan.not_done.all():
        NotDone.objects.create(plan=following, item=one.item, scene=one.scene, reason=one.reason)
    _carry(plan, following)
    plan.reviewed_at = clock.now()
    plan.save(update_fields=["reviewed_at"])
    record_event(actor=door.viewer.actor, action="plan.carried_on", target=following)
    return following


def _carry(plan: Plan, following: Plan) -> None:
    goals: dict[int, Goal] = {}
    for one in Goal.objects.filter(plan=plan).exclude(verdict=Verdict.END).order_by("pk"):
        values = {name: getattr(one, name) for name in _CARRIED_GOAL}
        goals[one.pk] = Goal.objects.create(plan=following, carried_from=one, **values)
    for each in Activity.objects.filter(plan=plan).exclude(verdict=Verdict.END).order_by("pk"):
        values = {name: getattr(each, name) for name in _CARRIED_ACTIVITY}
        made = Activity.objects.create(
            plan=following,
            goal=goals.get(each.goal_id) if each.goal_id else None,
            carried_from=each,
            **values,
        )
        made.programmes.set(each.programmes.all())
