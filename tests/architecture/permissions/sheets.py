"""The forms of the municipality and of offices."""

from __future__ import annotations

from tests.architecture.permissions.audiences import CITY, TEAM, Audience

PAGES: dict[str, Audience] = {
    # sheets: an office's own papers
    "sheets:office_workbook_list": TEAM,
    "sheets:office_workbook_cells": TEAM,
    "sheets:office_workbook_trial": TEAM,
    "sheets:office_workbook_withdraw": TEAM,
    "sheets:form_list": CITY,
    "sheets:form_new": CITY,
    "sheets:form_detail": CITY,
    "sheets:form_share": CITY,
    "sheets:form_unshare": CITY,
    "sheets:item_act": CITY,
    "sheets:item_add": CITY,
    "sheets:item_edit": CITY,
    "sheets:version_adopt": CITY,
    "sheets:version_detail": CITY,
    "sheets:version_differences": CITY,
    "sheets:version_discard": CITY,
    "sheets:version_drop": CITY,
    "sheets:version_edit": CITY,
    "sheets:version_json": CITY,
    "sheets:version_pdf": CITY,
    "sheets:version_publish": CITY,
    "sheets:version_start": CITY,
    "sheets:version_try": CITY,
    "sheets:version_upload": CITY,
    "sheets:version_withdraw": CITY,
    "sheets:version_workbook": CITY,
}
