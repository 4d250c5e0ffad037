"""Addresses of the staff pages of the register, under /register/."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.registry.facilities.views import (
    corrections,
    imports,
    local_lists,
    places,
    publication,
    requests,
)

urlpatterns: list[URLPattern] = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/<uuid:uid>/", imports.import_detail, name="import_detail"),
    path("imports/<uuid:uid>/progress/", imports.import_progress, name="import_progress"),
    path(
        "imports/<uuid:uid>/rows/<int:row_id>/decide/",
        imports.import_row_decide,
        name="import_row_decide",
    ),
    path(
        "imports/<uuid:uid>/questions/confirm/",
        imports.import_question_confirm,
        name="import_question_confirm",
    ),
    path("imports/<uuid:uid>/apply/", imports.import_apply, name="import_apply"),
    path("imports/<uuid:uid>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<uuid:uid>/discard/", imports.import_discard, name="import_discard"),
    path("imports/<uuid:uid>/diff.xlsx", imports.import_diff_xlsx, name="import_diff_xlsx"),
    path(
        "imports/<uuid:uid>/repairs.xlsx", imports.import_repairs_xlsx, name="import_repairs_xlsx"
    ),
    path("lists/new/", local_lists.list_new, name="list_new"),
    path("lists/drafts/<uuid:uid>/header/", local_lists.list_header, name="list_header"),
    path("lists/drafts/<uuid:uid>/columns/", local_lists.list_columns, name="list_columns"),
    path("lists/drafts/<uuid:uid>/discard/", local_lists.list_discard, name="list_discard"),
    path("kinds/new/", local_lists.kind_new, name="kind_new"),
    path("places/", places.place_list, name="place_list"),
    path("places/<int:pair_id>/decide/", places.place_decide, name="place_decide"),
    path("places/decisions/<int:decision_id>/undo/", places.place_undo, name="place_undo"),
    path("publication/", publication.publication_list, name="publication_list"),
    path("publication/<str:field>/", publication.publication_edit, name="publication_edit"),
    path(
        "facilities/<int:facility_id>/publication/<str:field>/",
        publication.publication_exception_edit,
        name="publication_exception_edit",
    ),
    path("facilities/<int:facility_id>/edit/", corrections.facility_edit, name="facility_edit"),
    path("services/<int:service_id>/edit/", corrections.service_edit, name="service_edit"),
    path(
        "services/<int:service_id>/corrections/<str:field>/withdraw/",
        corrections.correction_withdraw,
        name="correction_withdraw",
    ),
    path("requests/", requests.request_list, name="request_list"),
    path("requests/<int:request_id>/", requests.request_answer, name="request_answer"),
]
