"""Addresses of reports."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.planning.views import reports

ONE = "reports/<uuid:report_uid>/"

urlpatterns: list[URLPattern] = [
    path("reports/", reports.report_list, name="report_list"),
    path("reports/grant/<int:year>/", reports.grant_list, name="grant_list"),
    path("reports/grant/<int:year>/<slug:question>/", reports.grant_answer, name="grant_answer"),
    path(ONE, reports.report_detail, name="report_detail"),
    path(f"{ONE}file.<slug:form>", reports.report_file_of, name="report_file"),
    path(f"{ONE}notes/<int:number>/", reports.report_note, name="report_note"),
]
