"""Addresses of duty: the board, a person's week, the rosters of an office."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import rosters, tonight

ROSTER = "rosters/<uuid:roster_uid>/"

urlpatterns: list[URLPattern] = [
    path("tonight/", tonight.tonight, name="tonight"),
    path("patients/<uuid:patient_uid>/tonight/", tonight.person_tonight, name="person_tonight"),
    path(
        "patients/<uuid:patient_uid>/tonight/edit/",
        tonight.person_tonight_edit,
        name="person_tonight_edit",
    ),
    path("rosters/", rosters.roster_list, name="roster_list"),
    path(ROSTER, rosters.roster_week, name="roster_week"),
    path(f"{ROSTER}edit/", rosters.roster_edit, name="roster_edit"),
    path(f"{ROSTER}end/", rosters.roster_end, name="roster_end"),
    path(f"{ROSTER}days/<str:day>/", rosters.roster_day, name="roster_day"),
    path(f"{ROSTER}pattern/<int:day_kind>/", rosters.roster_pattern, name="roster_pattern"),
    path(f"{ROSTER}months/<str:month>/copy/", rosters.roster_copy, name="roster_copy"),
    path(f"{ROSTER}months/<str:month>/file/", rosters.roster_file, name="roster_file"),
]
