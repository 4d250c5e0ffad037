"""Addresses of councils."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.planning.views import councils, meetings, minutes

urlpatterns: list[URLPattern] = [
    path("councils/", councils.council_list, name="council_list"),
    path("councils/add/", councils.council_add, name="council_add"),
    path("councils/<uuid:council_uid>/", councils.council_detail, name="council_detail"),
    path("councils/<uuid:council_uid>/edit/", councils.council_edit, name="council_edit"),
    path("councils/<uuid:council_uid>/groups/", councils.group_table, name="group_table"),
    path(
        "councils/<uuid:council_uid>/public.xlsx",
        councils.council_public_xlsx,
        name="council_public_xlsx",
    ),
    path("councils/<uuid:council_uid>/members/add/", councils.member_add, name="member_add"),
    path(
        "councils/<uuid:council_uid>/members/<uuid:member_uid>/edit/",
        councils.member_edit,
        name="member_edit",
    ),
    path("councils/<uuid:council_uid>/meetings/add/", meetings.meeting_add, name="meeting_add"),
    path("councils/meetings/<uuid:meeting_uid>/", meetings.meeting_detail, name="meeting_detail"),
    path("councils/meetings/<uuid:meeting_uid>/edit/", meetings.meeting_edit, name="meeting_edit"),
    path("councils/meetings/<uuid:meeting_uid>/call/", meetings.meeting_call, name="meeting_call"),
    path(
        "councils/meetings/<uuid:meeting_uid>/remind/",
        meetings.meeting_remind,
        name="meeting_remind",
    ),
    path(
        "councils/meetings/<uuid:meeting_uid>/cancel/",
        meetings.meeting_cancel,
        name="meeting_cancel",
    ),
    path("councils/meetings/<uuid:meeting_uid>/step/", meetings.meeting_step, name="meeting_step"),
    path("councils/meetings/<uuid:meeting_uid>/back/", meetings.meeting_back, name="meeting_back"),
    path(
        "councils/meetings/<uuid:meeting_uid>/attendance/",
        meetings.meeting_attendance,
        name="meeting_attendance",
    ),
    path("councils/meetings/<uuid:meeting_uid>/fees/", meetings.meeting_fees, name="meeting_fees"),
    path(
        "councils/meetings/<uuid:meeting_uid>/fees.xlsx",
        meetings.meeting_fees_xlsx,
        name="meeting_fees_xlsx",
    ),
    path(
        "councils/meetings/<uuid:meeting_uid>/calendar.ics",
        meetings.meeting_calendar,
        name="meeting_calendar",
    ),
    path(
        "councils/meetings/<uuid:meeting_uid>/papers/<slug:code>.<slug:form>",
        meetings.meeting_paper,
        name="meeting_paper",
    ),
    path(
        "councils/meetings/<uuid:meeting_uid>/seats/<uuid:seat_uid>/",
        meetings.seat_answer,
        name="seat_answer",
    ),
    path(
        "councils/meetings/<uuid:meeting_uid>/seats/<uuid:seat_uid>/reply/",
        meetings.seat_reply,
        name="seat_reply",
    ),
    path("councils/meetings/<uuid:meeting_uid>/agenda/add/", minutes.item_add, name="item_add"),
    path(
        "councils/meetings/<uuid:meeting_uid>/agenda/<uuid:item_uid>/edit/",
        minutes.item_edit,
        name="item_edit",
    ),
    path(
        "councils/meetings/<uuid:meeting_uid>/agenda/<uuid:item_uid>/raise/",
        minutes.item_raise,
        name="item_raise",
    ),
    path(
        "councils/meetings/<uuid:meeting_uid>/agenda/<uuid:item_uid>/remove/",
        minutes.item_remove,
        name="item_remove",
    ),
    path(
        "councils/meetings/<uuid:meeting_uid>/materials/add/",
        minutes.material_add,
        name="material_add",
    ),
    path(
        "councils/meetings/<uuid:meeting_uid>/materials/<uuid:material_uid>/",
        minutes.material_file,
        name="material_file",
    ),
    path(
        "councils/meetings/<uuid:meeting_uid>/materials/<uuid:material_uid>/remove/",
        minutes.material_remove,
        name="material_remove",
    ),
    path("councils/meetings/<uuid:meeting_uid>/minutes/add/", minutes.line_add, name="line_add"),
    path(
        "councils/meetings/<uuid:meeting_uid>/minutes/<uuid:line_uid>/edit/",
        minutes.line_edit,
        name="line_edit",
    ),
    path(
        "councils/meetings/<uuid:meeting_uid>/minutes/<uuid:line_uid>/remove/",
        minutes.line_remove,
        name="line_remove",
    ),
    path("councils/actions/", minutes.action_list, name="action_list"),
    path("councils/actions/<uuid:action_uid>/", minutes.action_edit, name="action_edit"),
    path("councils/withholding/", councils.rate_list, name="rate_list"),
    path("councils/withholding/<slug:code>/", councils.rate_edit, name="rate_edit"),
]
