"""Addresses of bases."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.planning.views import bases

ONE = "bases/<uuid:base_uid>/"

urlpatterns: list[URLPattern] = [
    path("bases/", bases.base_list, name="base_list"),
    path("bases/add/", bases.base_add, name="base_add"),
    path(ONE, bases.base_detail, name="base_detail"),
    path(f"{ONE}edit/", bases.base_edit, name="base_edit"),
    path(f"{ONE}consultations/add/", bases.consultation_add, name="base_consultation_add"),
    path(f"{ONE}duties/<slug:duty>/add/", bases.evidence_add, name="base_evidence_add"),
    path(
        f"{ONE}evidence/<uuid:evidence_uid>/file/", bases.evidence_file, name="base_evidence_file"
    ),
    path(
        f"{ONE}evidence/<uuid:evidence_uid>/remove/",
        bases.evidence_remove,
        name="base_evidence_remove",
    ),
]
