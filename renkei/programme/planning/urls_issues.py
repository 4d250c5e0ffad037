"""Addresses of issues."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.planning.views import issues

ONE = "issues/<uuid:issue_uid>/"

urlpatterns: list[URLPattern] = [
    path("issues/", issues.issue_list, name="issue_list"),
    path("issues/add/", issues.issue_add, name="issue_add"),
    path(ONE, issues.issue_detail, name="issue_detail"),
    path(f"{ONE}edit/", issues.issue_edit, name="issue_edit"),
    path(f"{ONE}step/", issues.issue_step, name="issue_step"),
    path(f"{ONE}evidence/add/", issues.evidence_add, name="evidence_add"),
    path(f"{ONE}evidence/<uuid:evidence_uid>/", issues.evidence_file, name="evidence_file"),
    path(
        f"{ONE}evidence/<uuid:evidence_uid>/remove/", issues.evidence_remove, name="evidence_remove"
    ),
]
