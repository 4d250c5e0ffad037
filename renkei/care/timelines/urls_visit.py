"""Addresses of visits, measurements, sheets and files of a person."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.timelines import visit_views as visits

urlpatterns: list[URLPattern] = [
    path("visit/", visits.visit, name="visit"),
    path("visit/shell/", visits.visit_shell, name="visit_shell"),
    path("visit/worker.js", visits.visit_worker, name="visit_worker"),
    path("visit/manifest.webmanifest", visits.visit_manifest, name="visit_manifest"),
    path("visit/state/", visits.visit_state, name="visit_state"),
    path("visit/leases/", visits.visit_lease_add, name="visit_lease_add"),
    path(
        "visit/leases/<uuid:lease_uid>/state/",
        visits.visit_lease_state,
        name="visit_lease_state",
    ),
    path(
        "visit/leases/<uuid:lease_uid>/revoke/",
        visits.visit_lease_revoke,
        name="visit_lease_revoke",
    ),
    path("visit/persons/", visits.visit_persons, name="visit_persons"),
    path("visit/entries/", visits.visit_entries, name="visit_entries"),
    path("visit/devices/", visits.visit_device_list, name="visit_device_list"),
]
