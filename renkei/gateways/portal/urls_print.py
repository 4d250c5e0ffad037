"""Addresses of paper and open data for everybody."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.gateways.portal.views import opendata, printing

urlpatterns: list[URLPattern] = [
    path("search/list.pdf", printing.search_list_pdf, name="search_list_pdf"),
    path(
        "facilities/<int:facility_id>/sheet.pdf",
        printing.facility_sheet_pdf,
        name="facility_sheet_pdf",
    ),
    path("booklets/", printing.booklets, name="booklets"),
    path("booklets/<uuid:uid>/", printing.booklet_file, name="booklet_file"),
    path("opendata/", opendata.open_data, name="open_data"),
    path("opendata/dcat.json", opendata.open_data_catalogue, name="open_data_catalogue"),
    path("opendata/<uuid:uid>/cp932/", opendata.open_data_cp932, name="open_data_cp932"),
    path(
        "opendata/<uuid:uid>/cp932.csv", opendata.open_data_cp932_file, name="open_data_cp932_file"
    ),
    path("opendata/<uuid:uid>.<slug:ending>", opendata.open_data_file, name="open_data_file"),
]
