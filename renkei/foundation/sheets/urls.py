from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from renkei.foundation.sheets.views import documents, editor, forms, office_workbooks, sharing

app_name = "sheets"
VERSION = "versions/<uuid:version_uid>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", forms.form_list, name="form_list"),
    path("forms/new/", forms.form_new, name="form_new"),
    path("forms/<uuid:form_uid>/", forms.form_detail, name="form_detail"),
    path("forms/<uuid:form_uid>/start/", forms.version_start, name="version_start"),
    path("forms/<uuid:form_uid>/share/", sharing.form_share, name="form_share"),
    path(
        "forms/<uuid:form_uid>/unshare/<uuid:agreement_uid>/",
        sharing.form_unshare,
        name="form_unshare",
    ),
    path(VERSION, forms.version_detail, name="version_detail"),
    path(VERSION + "differences/", forms.version_differences, name="version_differences"),
    path(VERSION + "publish/", forms.version_publish, name="version_publish"),
    path(VERSION + "withdraw/", forms.version_withdraw, name="version_withdraw"),
    path(VERSION + "discard/", forms.version_discard, name="version_discard"),
    path(VERSION + "adopt/", sharing.version_adopt, name="version_adopt"),
    path(VERSION + "drop/", sharing.version_drop, name="version_drop"),
    path(VERSION + "edit/", editor.version_edit, name="version_edit"),
    path(VERSION + "upload/", editor.version_upload, name="version_upload"),
    path(VERSION + "items/add/", editor.item_add, name="item_add"),
    path(VERSION + "items/<str:link_id>/", editor.item_edit, name="item_edit"),
    path(VERSION + "items/<str:link_id>/act/", editor.item_act, name="item_act"),
    path(VERSION + "try/", documents.version_try, name="version_try"),
    path(VERSION + "paper.pdf", documents.version_pdf, name="version_pdf"),
    path(VERSION + "workbook.xlsx", documents.version_workbook, name="version_workbook"),
    path(VERSION + "questionnaire.json", documents.version_json, name="version_json"),
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
