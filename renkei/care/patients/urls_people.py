"""Addresses of persons: the list, the record and its parts."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.patients.views import details, merge, people

ONE = "<uuid:patient_uid>/"
urlpatterns: list[URLPattern] = [
    path("", people.patient_list_page, name="patient_list"),
    path("new/", people.patient_register, name="patient_register"),
    path(ONE, people.patient_detail, name="patient_detail"),
    path(f"{ONE}edit/", people.patient_edit, name="patient_edit"),
    path(f"{ONE}changes/", people.change_list, name="change_list"),
    path(f"{ONE}changes/<uuid:change_uid>/undo/", people.change_undo, name="change_undo"),
    path(f"{ONE}certifications/new/", details.certification_add, name="certification_add"),
    path(f"{ONE}independence/new/", details.independence_add, name="independence_add"),
    path(f"{ONE}relatives/new/", details.relative_add, name="relative_add"),
    path(f"{ONE}relatives/<uuid:relative_uid>/", details.relative_edit, name="relative_edit"),
    path(
        f"{ONE}relatives/<uuid:relative_uid>/remove/",
        details.relative_remove,
        name="relative_remove",
    ),
    path(
        f"{ONE}relatives/<uuid:relative_uid>/restore/",
        details.relative_restore,
        name="relative_restore",
    ),
    path(f"{ONE}providers/new/", details.provider_add, name="provider_add"),
    path(f"{ONE}providers/<uuid:provider_uid>/", details.provider_edit, name="provider_edit"),
    path(f"{ONE}providers/<uuid:provider_uid>/end/", details.provider_end, name="provider_end"),
    path(
        f"{ONE}providers/<uuid:provider_uid>/resume/",
        details.provider_resume,
        name="provider_resume",
    ),
    path(f"{ONE}duplicates/", merge.duplicate_list, name="duplicate_list"),
    path(f"{ONE}merge/<uuid:other_uid>/", merge.patient_merge, name="patient_merge"),
    path(f"{ONE}merges/<uuid:merge_uid>/undo/", merge.merge_undo, name="merge_undo"),
    path(f"{ONE}networks/new/", details.network_add, name="network_add"),
    path(f"{ONE}networks/<uuid:network_uid>/", details.network_edit, name="network_edit"),
]
