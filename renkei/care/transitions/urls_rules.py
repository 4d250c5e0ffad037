"""Pages of rules."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import rules

urlpatterns: list[URLPattern] = [
    path("rules/", rules.rule_list, name="rule_list"),
    path("rules/<uuid:version_uid>/", rules.rule_detail, name="rule_detail"),
]
