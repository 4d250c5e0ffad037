"""Addresses of the indicators."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.indicators.views import catalogue, imports

app_name = "indicators"
urlpatterns: list[URLPattern] = [
    path("", catalogue.first_screen, name="first_screen"),
    path("list/", catalogue.indicator_list, name="indicator_list"),
    path("progress/", catalogue.progress, name="progress"),
    path("imports/", imports.import_new, name="import_new"),
    path("imports/<uuid:uid>/", imports.import_detail, name="import_detail"),
    path("imports/<uuid:uid>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<uuid:uid>/preview/", imports.import_preview, name="import_preview"),
    path("imports/<uuid:uid>/apply/", imports.import_apply, name="import_apply"),
    path("imports/<uuid:uid>/discard/", imports.import_discard, name="import_discard"),
    path("of/<slug:code>/", catalogue.indicator_detail, name="indicator_detail"),
]
