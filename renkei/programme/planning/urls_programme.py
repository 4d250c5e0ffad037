"""Addresses of the programme's contracts, related programmes, deadlines and calendar."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.planning.views import due, programme, publicity

HERE = "programme/"
ONE = f"{HERE}arrangements/<uuid:arrangement_uid>/"
TOLD = f"{HERE}publicity/<uuid:line_uid>/"

urlpatterns: list[URLPattern] = [
    path(HERE, programme.programme, name="programme"),
    path(f"{HERE}of/<slug:code>/", programme.programme_of, name="programme_of"),
    path(f"{HERE}arrangements/add/", programme.arrangement_add, name="arrangement_add"),
    path(ONE, programme.arrangement_edit, name="arrangement_edit"),
    path(f"{ONE}outline/", programme.outline_file, name="outline_file"),
    path(f"{ONE}reports/add/", programme.report_add, name="report_add"),
    path(f"{HERE}reports/<uuid:report_uid>/", programme.report_edit, name="report_edit"),
    path(f"{HERE}reports/<uuid:report_uid>/file/", programme.report_file, name="report_file"),
    path(f"{HERE}related/", programme.sister_list, name="sister_list"),
    path(f"{HERE}related/add/", programme.sister_add, name="sister_add"),
    path(f"{HERE}related/<uuid:sister_uid>/", programme.sister_edit, name="sister_edit"),
    path(f"{HERE}publicity/", publicity.publicity_list, name="publicity_list"),
    path(f"{HERE}publicity/add/", publicity.publicity_add, name="publicity_add"),
    path(TOLD, publicity.publicity_edit, name="publicity_edit"),
    path(f"{TOLD}remove/", publicity.publicity_remove, name="publicity_remove"),
    path(f"{HERE}due/", due.due_list, name="due_list"),
    path(f"{HERE}calendar/", due.calendar, name="calendar"),
    path(f"{HERE}calendar/add/", due.calendar_add, name="calendar_add"),
    path(f"{HERE}calendar/<slug:key>/", due.calendar_edit, name="calendar_edit"),
    path(f"{HERE}calendar/<slug:key>/tick/", due.calendar_tick, name="calendar_tick"),
]
