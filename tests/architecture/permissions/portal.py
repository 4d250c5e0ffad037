"""Residents' pages."""

from __future__ import annotations

from tests.architecture.permissions.audiences import ANYBODY, CITY, Audience

PAGES: dict[str, Audience] = {
    "portal:home": ANYBODY,
    "portal:about": ANYBODY,
    "portal:contact": ANYBODY,
    "portal:accessibility": ANYBODY,
    "portal:accessibility_result": ANYBODY,
    "portal:sources": ANYBODY,
    "portal:easy_home": ANYBODY,
    "portal:easy_page": ANYBODY,
    "portal:robots": ANYBODY,
    "portal:security_txt": ANYBODY,
    "portal:sitemap": ANYBODY,
    "portal:sitemap_pages": ANYBODY,
    "portal:sitemap_places": ANYBODY,
    "portal:search": ANYBODY,
    "portal:search_facets": ANYBODY,
    "portal:map_marks": ANYBODY,
    "portal:map_page": ANYBODY,
    "portal:facility": ANYBODY,
    "portal:correction_request": ANYBODY,
    "portal:site_edit": CITY,
    "portal:programme": ANYBODY,
    "portal:digest": ANYBODY,
    "portal:digest_pdf": ANYBODY,
    "portal:plan": ANYBODY,
    "portal:booklets": ANYBODY,
    "portal:booklet_file": ANYBODY,
    "portal:search_list_pdf": ANYBODY,
    "portal:facility_sheet_pdf": ANYBODY,
    "portal:open_data": ANYBODY,
    "portal:open_data_catalogue": ANYBODY,
    "portal:open_data_file": ANYBODY,
    "portal:open_data_cp932": ANYBODY,
    "portal:open_data_cp932_file": ANYBODY,
}
