"""The plan: its matrices, goals, activities, and the yearly review."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.eras import FiscalYear, fiscal_year
from renkei.programme.indicators.queries.catalogue import indicators_for
from renkei.programme.planning.forms_plans import (
    LEGAL_BASIS,
    ActivityForm,
    ActivityReviewForm,
    GoalForm,
    GoalReviewForm,
    LeaveOutForm,
    PlanForm,
    VisionForm,
    activity_initial,
    goal_initial,
)
from renkei.programme.planning.frames import Item, Scene
from renkei.programme.planning.models import (
    Activity,
    Goal,
    GoalState,
    Grouping,
    Verdict,
)
from renkei.programme.planning.presenters_chain import chain_of
from renkei.programme.planning.presenters_plans import cuts_of, plan_page_of, review_lines
from renkei.programme.planning.presenters_prefecture import groups_page
from renkei.programme.planning.queries.plans import (
    PlanDoor,
    activity_of,
    goal_of,
    goals_of,
    plans_seen_by,
    visions_of,
)
from renkei.programme.planning.queries.programme import arrangements_seen_by, sisters_of
from renkei.programme.planning.rules import (
    may_keep_plans,
    may_own_councils,
    may_see_bases,
    reads_programme,
    watches_areas,
    works_with_councils,
)
from renkei.programme.planning.rules_reports import reads_reports
from renkei.programme.planning.services.plans import (
    change_visions,
    leave_out,
    make_next_plan,
    make_plan,
    review_activity,
    review_goal,
    write_activity,
    write_goal,
)
from renkei.programme.planning.views._shared import form_page, only, plan_of, writable_plan
from renkei.programme.planning.views.due import first_page_parts

LIST = ("/planning/plans/", "計画")


def _back(door: PlanDoor) -> str:
    return reverse("planning:plan_detail", args=[door.plan.uid])


def _crumbs(door: PlanDoor) -> list[tuple[str, str]]:
    return [LIST, (_back(door), FiscalYear(door.plan.fiscal_year).label)]


@staff_page(works_with_councils)
@require_safe
def plan_list(request: ViewerRequest) -> HttpResponse:
    plans = [(one, FiscalYear(one.fiscal_year).label) for one in plans_seen_by(request.viewer)]
    context = {
        "plans": plans,
        "owns": may_keep_plans(request.viewer),
        "sees_bases": may_see_bases(request.viewer),
        "programme": reads_programme(request.viewer),
        **first_page_parts(request),
        "reports": reads_reports(request.viewer),
        "starter": may_own_councils(request.viewer),
    }
    return render(request, "planning/plans/list.html", context)


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def plan_add(request: ViewerRequest) -> HttpResponse:
    this = fiscal_year(clock.today()).year
    # A prefecture cuts the scenes in three (T-B9).
    grouping = Grouping.THREE if watches_areas(request.viewer) else Grouping.FOUR
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        years=(this, this + 1, this - 1),
        grouping=grouping,
    )
    if form.is_valid():
        try:
            plan = make_plan(
                viewer=request.viewer,
                grouping=grouping,
                fiscal_year=form.cleaned_data["fiscal_year"],
                **form.visions(),
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "計画を作りました。次に、場面ごとの目標を立ててください。")
            return redirect("planning:plan_detail", plan.uid)
    return form_page(request, form, title="計画を作る", button="作る", back=LIST[0], crumbs=[LIST])


@staff_page(works_with_councils)
@require_safe
def plan_detail(request: ViewerRequest, plan_uid: UUID) -> HttpResponse:
    """The matrices and what is missing in them, named (T-B3a)."""
    door = plan_of(request, plan_uid)
    if door.plan.grouping == Grouping.THREE and "by" not in request.GET:
        context = {"door": door, "plan": door.plan, "shown": groups_page(door)}
        return render(request, "planning/plans/groups.html", context)
    shown = plan_page_of(door, by="targets" if request.GET.get("by") == "targets" else "items")
    context = {"door": door, "plan": door.plan, "shown": shown}
    context["programme"] = reads_programme(request.viewer)
    return render(request, "planning/plans/detail.html", context)


@staff_page(works_with_councils)
@require_safe
def plan_cuts(request: ViewerRequest, plan_uid: UUID) -> HttpResponse:
    """The same activities by item, by part of the ordinance, by measure and result (T-B5)."""
    door = plan_of(request, plan_uid)
    context: dict[str, object] = {
        "door": door,
        "plan": door.plan,
        "shown": cuts_of(door.plan),
    }
    context |= {"crumbs": _crumbs(door), "chain": chain_of(door.plan)}
    return render(request, "planning/plans/cuts.html", context)


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def plan_edit(request: ViewerRequest, plan_uid: UUID) -> HttpResponse:
    door = writable_plan(request, plan_uid)
    written = {f"vision_{scene}": text for scene, text in visions_of(door.plan).items()}
    form = VisionForm(
        request.POST if request.method == "POST" else None,
        grouping=door.plan.grouping,
        initial=written | {"vision": door.plan.vision},
    )
    if form.is_valid():
        try:
            change_visions(door=door, **form.visions())
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "めざす姿を直しました。")
            return redirect(_back(door))
    return form_page(
        request, form, title="めざす姿を直す", button="直す", back=_back(door),
        crumbs=_crumbs(door),
    )  # fmt: skip


def _goal(door: PlanDoor, uid: UUID) -> Goal:
    try:
        return goal_of(door, uid)
    except Goal.DoesNotExist:
        raise Http404 from None


def _activity(door: PlanDoor, uid: UUID) -> Activity:
    try:
        return activity_of(door, uid)
    except Activity.DoesNotExist:
        raise Http404 from None


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def goal_add(request: ViewerRequest, plan_uid: UUID) -> HttpResponse:
    """A goal; the cell it fills may be given in the address."""
    return _goal_form(request, writable_plan(request, plan_uid), None)


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def goal_edit(request: ViewerRequest, plan_uid: UUID, goal_uid: UUID) -> HttpResponse:
    door = writable_plan(request, plan_uid)
    return _goal_form(request, door, _goal(door, goal_uid))


def _cell_of(request: ViewerRequest) -> dict[str, object]:
    item, scene = request.GET.get("item", ""), request.GET.get("scene", "")
    return {
        "items": [item] if item in Item.values else [],
        "scenes": [scene] if scene in Scene.values else [],
        "scene": scene,
    }


def _goal_form(request: ViewerRequest, door: PlanDoor, goal: Goal | None) -> HttpResponse:
    form = GoalForm(
        request.POST if request.method == "POST" else None,
        indicators=[(one.code, str(one.latest)) for one in indicators_for(request.viewer)],
        grouping=door.plan.grouping,
        initial=goal_initial(goal) if goal else _cell_of(request),
    )
    if form.is_valid():
        try:
            write_goal(door=door, fields=form.cleaned_data, goal=goal)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "目標を書きました。")
            return redirect(_back(door))
    return form_page(
        request, form, title="目標を直す" if goal else "目標を立てる", button="書く",
        back=_back(door), crumbs=_crumbs(door),
    )  # fmt: skip


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def activity_add(request: ViewerRequest, plan_uid: UUID) -> HttpResponse:
    return _activity_form(request, writable_plan(request, plan_uid), None)


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def activity_edit(request: ViewerRequest, plan_uid: UUID, activity_uid: UUID) -> HttpResponse:
    door = writable_plan(request, plan_uid)
    return _activity_form(request, door, _activity(door, activity_uid))


def _activity_form(
    request: ViewerRequest, door: PlanDoor, activity: Activity | None
) -> HttpResponse:
    form = ActivityForm(
        request.POST if request.method == "POST" else None,
        goals=goals_of(door.plan),
        grouping=door.plan.grouping,
        arrangements=arrangements_seen_by(request.viewer),
        programmes=sisters_of(door.plan.area),
        initial=activity_initial(activity)
        if activity
        else _cell_of(request) | {"legal_basis": LEGAL_BASIS},
    )
    if form.is_valid():
        try:
            write_activity(door=door, fields=form.cleaned_data, activity=activity)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "活動を書きました。")
            return redirect(_back(door))
    return form_page(
        request, form, title="活動を直す" if activity else "活動を書く", button="書く",
        back=_back(door), crumbs=_crumbs(door),
    )  # fmt: skip


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def cell_leave_out(request: ViewerRequest, plan_uid: UUID, item: str, scene: str) -> HttpResponse:
    """この場面では行わない, with the reason."""
    door = writable_plan(request, plan_uid)
    only(item in Item.values and scene in Scene.values)
    form = LeaveOutForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            leave_out(door=door, item=item, scene=scene, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "この場面で行うかどうかを記録しました。")
            return redirect(_back(door))
    return form_page(
        request, form, title="この場面では行わない", button="記録する", back=_back(door),
        crumbs=_crumbs(door), lead=f"{Item(item).label}　{Scene(scene).label}",
    )  # fmt: skip


@staff_page(may_keep_plans)
@require_safe
def plan_review(request: ViewerRequest, plan_uid: UUID) -> HttpResponse:
    """The yearly review: one line after the other, then next year's plan."""
    door = writable_plan(request, plan_uid)
    context = {
        "door": door,
        "plan": door.plan,
        "shown": review_lines(door.plan),
        "crumbs": _crumbs(door),
        "next_year": FiscalYear(door.plan.fiscal_year + 1).label,
    }
    return render(request, "planning/plans/review.html", context)


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def goal_review(request: ViewerRequest, plan_uid: UUID, goal_uid: UUID) -> HttpResponse:
    door = writable_plan(request, plan_uid)
    goal = _goal(door, goal_uid)
    back = reverse("planning:plan_review", args=[door.plan.uid])
    form = GoalReviewForm(
        request.POST if request.method == "POST" else None,
        initial={
            "state": goal.state,
            "verdict": goal.verdict,
            "reason": goal.verdict_reason,
            "reached_reason": goal.reached_reason,
        },
    )
    if form.is_valid():
        values = form.cleaned_data
        try:
            review_goal(
                door=door,
                goal=goal,
                state=GoalState(values["state"]),
                verdict=Verdict(values["verdict"]),
                reason=values["reason"],
                reached_reason=values["reached_reason"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "目標を振り返りました。")
            return redirect(back)
    return form_page(
        request, form, title="目標を振り返る", button="記録する", back=back,
        crumbs=[*_crumbs(door), (back, "年度の振り返り")], lead=goal.text,
    )  # fmt: skip


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def activity_review(request: ViewerRequest, plan_uid: UUID, activity_uid: UUID) -> HttpResponse:
    door = writable_plan(request, plan_uid)
    activity = _activity(door, activity_uid)
    back = reverse("planning:plan_review", args=[door.plan.uid])
    form = ActivityReviewForm(
        request.POST if request.method == "POST" else None,
        initial={"verdict": activity.verdict, "reason": activity.verdict_reason},
    )
    if form.is_valid():
        values = form.cleaned_data
        try:
            review_activity(
                door=door,
                activity=activity,
                verdict=Verdict(values["verdict"]),
                reason=values["reason"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "活動を振り返りました。")
            return redirect(back)
    return form_page(
        request, form, title="活動を振り返る", button="記録する", back=back,
        crumbs=[*_crumbs(door), (back, "年度の振り返り")], lead=activity.name,
    )  # fmt: skip


@staff_page(may_keep_plans)
@require_POST
def plan_carry(request: ViewerRequest, plan_uid: UUID) -> HttpResponse:
    """Make next year's plan."""
    door = writable_plan(request, plan_uid)
    try:
        following = make_next_plan(door=door)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("planning:plan_review", door.plan.uid)
    messages.success(request, "次の年度の計画を作りました。")
    return redirect("planning:plan_detail", following.uid)
