"""Addresses of the indicators."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.indicators.views import (
    beside,
    catalogue,
    files,
    imports,
    maps,
    quality,
    scenarios,
)

app_name = "indicators"
urlpatterns: list[URLPattern] = [
    path("", catalogue.first_screen, name="first_screen"),
    path("list/", catalogue.indicator_list, name="indicator_list"),
    path("progress/", catalogue.progress, name="progress"),
    path("quality/", quality.quality, name="quality"),
    path("quality/<int:pk>/confirm/", quality.value_confirm, name="value_confirm"),
    path("imports/", imports.import_new, name="import_new"),
    path("imports/<uuid:uid>/", imports.import_detail, name="import_detail"),
    path("imports/<uuid:uid>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<uuid:uid>/header/", imports.import_header, name="import_header"),
    path("imports/<uuid:uid>/preview/", imports.import_preview, name="import_preview"),
    path("imports/<uuid:uid>/apply/", imports.import_apply, name="import_apply"),
    path("imports/<uuid:uid>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<uuid:uid>/stop/", imports.import_stop, name="import_stop"),
    path("imports/<uuid:uid>/discard/", imports.import_discard, name="import_discard"),
    path("projections/", scenarios.projection_list, name="projection_list"),
    path("projections/new/", scenarios.projection_new, name="projection_new"),
    path("projections/compare/", scenarios.projection_compare, name="projection_compare"),
    path("projections/<uuid:uid>/", scenarios.projection_detail, name="projection_detail"),
    path("projections/<uuid:uid>/edit/", scenarios.projection_edit, name="projection_edit"),
    path("projections/<uuid:uid>/file.xlsx", scenarios.projection_file, name="projection_file"),
    path("of/<slug:code>/", catalogue.indicator_detail, name="indicator_detail"),
    path("of/<slug:code>/beside/", beside.indicator_beside, name="indicator_beside"),
    path("of/<slug:code>/map/", maps.indicator_map, name="indicator_map"),
    path("of/<slug:code>/map.<slug:kind>", maps.indicator_map_file, name="indicator_map_file"),
    path("of/<slug:code>/file.<slug:kind>", files.indicator_file, name="indicator_file"),
]
