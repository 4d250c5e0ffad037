"""Addresses of paths."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import path_drafts, paths

PERSON = "patients/<uuid:patient_uid>/paths/"
ONE = "paths/<uuid:path_uid>/"

urlpatterns: list[URLPattern] = [
    path("paths/", paths.path_list, name="path_list"),
    path("paths/kept/", path_drafts.path_kept_list, name="path_kept_list"),
    path(
        "paths/kept/<uuid:definition_uid>/revise/",
        path_drafts.path_revision_start,
        name="path_revision_start",
    ),
    path("paths/drafts/<uuid:draft_uid>/", path_drafts.path_draft, name="path_draft"),
    path(
        "paths/drafts/<uuid:draft_uid>/publish/",
        path_drafts.path_draft_publish,
        name="path_draft_publish",
    ),
    path(
        "paths/drafts/<uuid:draft_uid>/discard/",
        path_drafts.path_draft_discard,
        name="path_draft_discard",
    ),
    path(
        "paths/versions/<uuid:version_uid>/", paths.path_version_detail, name="path_version_detail"
    ),
    path(PERSON, paths.patient_paths, name="patient_paths"),
    path(f"{PERSON}start/", paths.path_start, name="path_start"),
    path(ONE, paths.path_detail, name="path_detail"),
    path(f"{ONE}sheet/", paths.path_sheet, name="path_sheet"),
    path(f"{ONE}record/<slug:act>/", paths.path_record, name="path_record"),
    path(f"{ONE}events/<uuid:event_uid>/retract/", paths.path_retract, name="path_retract"),
]
