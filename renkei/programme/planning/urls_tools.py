"""Addresses of sharing tools, and of what reviews left to do."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.planning.views import reviews, tools

ONE = "tools/<uuid:tool_uid>/"

urlpatterns: list[URLPattern] = [
    path("reviews/", reviews.review_actions, name="review_actions"),
    path("reviews/<uuid:row_uid>/take-up/", reviews.review_take_up, name="review_take_up"),
    path("tools/", tools.tool_list, name="tool_list"),
    path("tools/add/", tools.tool_add, name="tool_add"),
    path(ONE, tools.tool_detail, name="tool_detail"),
    path(f"{ONE}edit/", tools.tool_edit, name="tool_edit"),
    path(f"{ONE}steps/<slug:step>/add/", tools.evidence_add, name="tool_evidence_add"),
    path(f"{ONE}steps/<slug:step>/tick/", tools.step_tick, name="tool_step_tick"),
    path(f"{ONE}steps/<slug:step>/untick/", tools.step_untick, name="tool_step_untick"),
    path(
        f"{ONE}evidence/<uuid:evidence_uid>/file/", tools.evidence_file, name="tool_evidence_file"
    ),
    path(
        f"{ONE}evidence/<uuid:evidence_uid>/remove/",
        tools.evidence_remove,
        name="tool_evidence_remove",
    ),
]
