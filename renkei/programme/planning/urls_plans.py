"""Addresses of plans."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.planning.views import plans

ONE = "plans/<uuid:plan_uid>/"

urlpatterns: list[URLPattern] = [
    path("plans/", plans.plan_list, name="plan_list"),
    path("plans/add/", plans.plan_add, name="plan_add"),
    path(ONE, plans.plan_detail, name="plan_detail"),
    path(f"{ONE}cuts/", plans.plan_cuts, name="plan_cuts"),
    path(f"{ONE}edit/", plans.plan_edit, name="plan_edit"),
    path(f"{ONE}goals/add/", plans.goal_add, name="goal_add"),
    path(f"{ONE}goals/<uuid:goal_uid>/", plans.goal_edit, name="goal_edit"),
    path(f"{ONE}goals/<uuid:goal_uid>/review/", plans.goal_review, name="goal_review"),
    path(f"{ONE}activities/add/", plans.activity_add, name="activity_add"),
    path(f"{ONE}activities/<uuid:activity_uid>/", plans.activity_edit, name="activity_edit"),
    path(
        f"{ONE}activities/<uuid:activity_uid>/review/",
        plans.activity_review,
        name="activity_review",
    ),
    path(f"{ONE}left-out/<slug:item>/<slug:scene>/", plans.cell_leave_out, name="cell_leave_out"),
    path(f"{ONE}review/", plans.plan_review, name="plan_review"),
    path(f"{ONE}carry/", plans.plan_carry, name="plan_carry"),
]
