"""Addresses of visits, measurements, sheets and files of a person."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.timelines import attachment_views as files
from renkei.care.timelines import observation_views as observations
from renkei.care.timelines import paper_views as papers
from renkei.care.timelines import plan_views as plans
from renkei.care.timelines import sheet_views as sheets
from renkei.care.timelines import visit_views as visits

FILE = "rooms/<uuid:room_uid>/entries/<uuid:entry_uid>/files/<uuid:file_uid>/"

urlpatterns: list[URLPattern] = [
    path("visits/", plans.visit_plan, name="visit_plan"),
    path("visits/add/", plans.visit_add, name="visit_add"),
    path("patients/<uuid:patient_uid>/visits/", plans.visit_list, name="visit_list"),
    path(
        "patients/<uuid:patient_uid>/visits/<uuid:visit_uid>/",
        plans.visit_edit,
        name="visit_edit",
    ),
    path(
        "patients/<uuid:patient_uid>/visits/<uuid:visit_uid>/cancel/",
        plans.visit_cancel,
        name="visit_cancel",
    ),
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
    path(
        "patients/<uuid:patient_uid>/measurements/",
        observations.measurement_list,
        name="measurement_list",
    ),
    path(
        "patients/<uuid:patient_uid>/measurements/xlsx/",
        observations.measurement_export,
        name="measurement_export",
    ),
    path(
        "patients/<uuid:patient_uid>/limits/<slug:code>/",
        observations.limit_edit,
        name="limit_edit",
    ),
    path(
        "patients/<uuid:patient_uid>/limits/<slug:code>/end/",
        observations.limit_end,
        name="limit_end",
    ),
    path(FILE, files.file_detail, name="file_detail"),
    path(f"{FILE}content/", files.file_content, name="file_content"),
    path(f"{FILE}thumbnail/", files.file_thumbnail, name="file_thumbnail"),
    path(f"{FILE}pages/<int:page>/", files.file_page, name="file_page"),
    path("patients/<uuid:patient_uid>/sheets/", sheets.sheet_list, name="sheet_list"),
    path("patients/<uuid:patient_uid>/sheets/<slug:code>/", sheets.sheet_fill, name="sheet_fill"),
    path(
        "patients/<uuid:patient_uid>/sheets/<slug:code>/empty/",
        sheets.sheet_empty,
        name="sheet_empty",
    ),
    path(
        "patients/<uuid:patient_uid>/answers/<uuid:answer_uid>/",
        sheets.answer_detail,
        name="answer_detail",
    ),
    path(
        "patients/<uuid:patient_uid>/answers/<uuid:answer_uid>/fax/",
        papers.answer_fax,
        name="answer_fax",
    ),
    path(
        "patients/<uuid:patient_uid>/entries/<uuid:entry_uid>/fax/",
        papers.entry_fax,
        name="entry_fax",
    ),
    path(
        "patients/<uuid:patient_uid>/answers/<uuid:answer_uid>/<slug:kind>/",
        sheets.answer_file,
        name="answer_file",
    ),
]
