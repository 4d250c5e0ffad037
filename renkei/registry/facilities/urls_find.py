"""Addresses of finding places on staff pages, under /register/."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.registry.facilities.views import exports, facility, find

urlpatterns: list[URLPattern] = [
    path("", find.facility_list, name="facility_list"),
    path("facets/", find.facility_facets, name="facility_facets"),
    path("map.json", find.map_marks, name="map_marks"),
    path("files/<slug:kind>/", exports.facility_export, name="facility_export"),
    path("facilities/<int:facility_id>/", facility.facility_detail, name="facility_detail"),
]
