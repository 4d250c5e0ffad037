"""The register of facilities."""

from __future__ import annotations

from tests.architecture.permissions.audiences import CITY, CITY_OR_DESK, STAFF, Audience

PAGES: dict[str, Audience] = {
    # finding facilities
    "facilities:facility_list": STAFF,
    "facilities:facility_facets": STAFF,
    "facilities:map_marks": STAFF,
    "facilities:facility_export": STAFF,
    "facilities:facility_detail": STAFF,
    # facilities: imports, local lists, corrections, publication
    "facilities:import_list": CITY,
    "facilities:import_new": CITY,
    "facilities:import_detail": CITY,
    "facilities:import_progress": CITY,
    "facilities:import_row_decide": CITY,
    "facilities:import_question_confirm": CITY,
    "facilities:import_apply": CITY,
    "facilities:import_undo": CITY,
    "facilities:import_discard": CITY,
    "facilities:import_diff_xlsx": CITY,
    "facilities:import_repairs_xlsx": CITY,
    "facilities:list_new": CITY,
    "facilities:list_header": CITY,
    "facilities:list_columns": CITY,
    "facilities:list_discard": CITY,
    "facilities:kind_new": CITY,
    "facilities:place_list": CITY,
    "facilities:place_decide": CITY,
    "facilities:place_undo": CITY,
    "facilities:publication_list": CITY,
    "facilities:publication_edit": CITY,
    "facilities:publication_exception_edit": CITY,
    "facilities:facility_edit": CITY,
    "facilities:service_edit": CITY,
    "facilities:correction_withdraw": CITY,
    "facilities:request_list": CITY,
    "facilities:request_answer": CITY,
    # facilities: booklets and open data
    "facilities:booklet_list": CITY_OR_DESK,
    "facilities:booklet_new": CITY_OR_DESK,
    "facilities:booklet_detail": CITY_OR_DESK,
    "facilities:booklet_progress": CITY_OR_DESK,
    "facilities:booklet_file": CITY_OR_DESK,
    "facilities:booklet_release": CITY,
    "facilities:booklet_withdraw": CITY,
    "facilities:open_data_list": CITY,
    "facilities:open_data_draft": CITY,
    "facilities:open_data_publish": CITY,
}
