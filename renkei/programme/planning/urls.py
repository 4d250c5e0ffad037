"""Addresses of the room; each theme brings its own list."""

from __future__ import annotations

from django.urls import URLPattern

from renkei.programme.planning import (
    urls_bases,
    urls_councils,
    urls_issues,
    urls_money,
    urls_plans,
    urls_programme,
    urls_public,
    urls_reports,
    urls_starter,
    urls_support,
    urls_tools,
)

app_name = "planning"

urlpatterns: list[URLPattern] = [
    *urls_councils.urlpatterns,
    *urls_issues.urlpatterns,
    *urls_plans.urlpatterns,
    *urls_programme.urlpatterns,
    *urls_money.urlpatterns,
    *urls_support.urlpatterns,
    *urls_bases.urlpatterns,
    *urls_tools.urlpatterns,
    *urls_reports.urlpatterns,
    *urls_public.urlpatterns,
    *urls_starter.urlpatterns,
]
