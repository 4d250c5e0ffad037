"""Addresses of duty: the board, a person's week, the rosters of an office."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import doctors, duty_map, family, rosters, tonight

ROSTER = "rosters/<uuid:roster_uid>/"

urlpatterns: list[URLPattern] = [
    path("tonight/", tonight.tonight, name="tonight"),
    path("tonight/months/<str:month>/", tonight.tonight_month, name="tonight_month"),
    path("patients/<uuid:patient_uid>/tonight/", tonight.person_tonight, name="person_tonight"),
    path(
        "patients/<uuid:patient_uid>/tonight/edit/",
        tonight.person_tonight_edit,
        name="person_tonight_edit",
    ),
    path("patients/<uuid:patient_uid>/doctors/", doctors.person_pair, name="person_pair"),
    path("patients/<uuid:patient_uid>/doctors/propose/", doctors.pair_propose, name="pair_propose"),
    path(
        "patients/<uuid:patient_uid>/doctors/<uuid:pair_uid>/steps/<str:step>/",
        doctors.pair_step,
        name="pair_step",
    ),
    path(
        "patients/<uuid:patient_uid>/doctors/<uuid:pair_uid>/told/<str:audience>/",
        doctors.pair_tell,
        name="pair_tell",
    ),
    path(
        "patients/<uuid:patient_uid>/doctors/<uuid:pair_uid>/calls/",
        doctors.pair_call,
        name="pair_call",
    ),
    path(
        "family/<uuid:patient_uid>/contacts/", family.family_contacts_page, name="family_contacts"
    ),
    path(
        "family/<uuid:patient_uid>/contacts/<str:what>/",
        family.family_contacts_confirm,
        name="family_contacts_confirm",
    ),
    path("doctors/", doctors.doctor_list, name="doctor_list"),
    path("doctors/asked/<uuid:pair_uid>/", doctors.pair_agree, name="pair_agree"),
    path("doctors/add/", doctors.doctor_add, name="doctor_add"),
    path("doctors/<uuid:doctor_uid>/", doctors.doctor_edit, name="doctor_edit"),
    path("absences/<uuid:absence_uid>/cancel/", doctors.absence_cancel, name="absence_cancel"),
    path(
        "absences/<uuid:absence_uid>/cancel-office/",
        doctors.office_absence_cancel,
        name="office_absence_cancel",
    ),
    path("duty-map/", duty_map.duty_map_week, name="duty_map_week"),
    path("rosters/", rosters.roster_list, name="roster_list"),
    path(ROSTER, rosters.roster_week, name="roster_week"),
    path(f"{ROSTER}edit/", rosters.roster_edit, name="roster_edit"),
    path(f"{ROSTER}end/", rosters.roster_end, name="roster_end"),
    path(f"{ROSTER}days/<str:day>/", rosters.roster_day, name="roster_day"),
    path(f"{ROSTER}pattern/<int:day_kind>/", rosters.roster_pattern, name="roster_pattern"),
    path(f"{ROSTER}months/<str:month>/copy/", rosters.roster_copy, name="roster_copy"),
    path(f"{ROSTER}months/<str:month>/file/", rosters.roster_file, name="roster_file"),
]
