"""Pages of the forms of a stay."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import caseforms, checklists, conferences

CASE = "cases/<uuid:case_uid>/"
MEETING = f"{CASE}conferences/<uuid:conference_uid>/"
SEAT = f"{MEETING}seats/<uuid:seat_uid>/"

urlpatterns: list[URLPattern] = [
    path(f"{CASE}forms/<slug:code>/write/", caseforms.case_form_write, name="case_form_write"),
    path(f"{CASE}forms/<uuid:answer_uid>/hand/", caseforms.case_form_hand, name="case_form_hand"),
    path(f"{CASE}handed/<uuid:sending_uid>/", caseforms.sending_detail, name="sending_detail"),
    path(f"{CASE}handed/<uuid:sending_uid>/file/", caseforms.sending_file, name="sending_file"),
    path(f"{CASE}checklist/<uuid:line_uid>/", checklists.checklist_line, name="checklist_line"),
    path(f"{CASE}conferences/new/", conferences.conference_plan, name="conference_plan"),
    path(MEETING, conferences.conference_detail, name="conference_detail"),
    path(f"{MEETING}change/", conferences.conference_change, name="conference_change"),
    path(f"{MEETING}cancel/", conferences.conference_cancel, name="conference_cancel"),
    path(f"{MEETING}hold/", conferences.conference_hold, name="conference_hold"),
    path(f"{MEETING}calendar/", conferences.conference_calendar, name="conference_calendar"),
    path(f"{SEAT}answer/", conferences.seat_answer, name="seat_answer"),
    path(f"{SEAT}sheet/", conferences.seat_sheet, name="seat_sheet"),
]
