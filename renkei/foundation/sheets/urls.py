"""Addresses of 様式."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.foundation.sheets.views import office_workbooks

app_name = "sheets"
urlpatterns: list[URLPattern] = [
    path(
        "office-workbooks/",
        office_workbooks.office_workbook_list,
        name="office_workbook_list",
    ),
    path(
        "office-workbooks/<uuid:workbook_uid>/",
        office_workbooks.office_workbook_cells,
        name="office_workbook_cells",
    ),
    path(
        "office-workbooks/<uuid:workbook_uid>/trial/",
        office_workbooks.office_workbook_trial,
        name="office_workbook_trial",
    ),
    path(
        "office-workbooks/<uuid:workbook_uid>/withdraw/",
        office_workbooks.office_workbook_withdraw,
        name="office_workbook_withdraw",
    ),
]
