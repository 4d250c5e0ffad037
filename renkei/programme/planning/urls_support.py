"""Addresses of the support desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.planning.views import support

urlpatterns: list[URLPattern] = [
    path("support/", support.support_home, name="support_home"),
    path("support/log/", support.support_log, name="support_log"),
    path("support/log/add/", support.support_log_add, name="support_log_add"),
    path("support/requests/add/", support.request_add, name="support_request_add"),
    path("support/requests/<uuid:request_uid>/", support.request_detail, name="support_request"),
    path(
        "support/requests/<uuid:request_uid>/answer/",
        support.request_answer,
        name="support_request_answer",
    ),
    path(
        "support/requests/<uuid:request_uid>/close/",
        support.request_close,
        name="support_request_close",
    ),
    path("support/materials/", support.material_list, name="material_list"),
    path("support/materials/add/", support.material_share, name="material_share"),
    path("support/materials/<uuid:material_uid>/", support.material_edit, name="material_edit"),
    path(
        "support/materials/<uuid:material_uid>/file/",
        support.shared_material_file,
        name="shared_material_file",
    ),
    path(
        "support/materials/<uuid:material_uid>/withdraw/",
        support.material_withdraw,
        name="material_withdraw",
    ),
    path("support/cases/", support.case_list, name="good_case_list"),
    path("support/cases/add/", support.case_add, name="good_case_add"),
    path("support/cases/<uuid:case_uid>/", support.case_detail, name="good_case"),
    path("support/cases/<uuid:case_uid>/edit/", support.case_edit, name="good_case_edit"),
    path("support/cases/<uuid:case_uid>/publish/", support.case_publish, name="good_case_publish"),
]
