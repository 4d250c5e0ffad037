"""Pages of stays."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import cases, facts, member_absences, office

urlpatterns: list[URLPattern] = [
    path("", cases.case_list, name="case_list"),
    path("leave/", member_absences.member_absence_list, name="member_absence_list"),
    path(
        "leave/<uuid:absence_uid>/cancel/",
        member_absences.member_absence_cancel,
        name="member_absence_cancel",
    ),
    path("office/overdue/", office.office_overdue, name="office_overdue"),
    path("persons/<uuid:patient_uid>/", cases.patient_cases, name="patient_cases"),
    path("persons/<uuid:patient_uid>/admission/", cases.case_open, name="case_open"),
    path("cases/<uuid:case_uid>/", cases.case_detail, name="case_detail"),
    path("cases/<uuid:case_uid>/parties/", cases.case_arrange, name="case_arrange"),
    path("cases/<uuid:case_uid>/transfer/", cases.case_transfer, name="case_transfer"),
    path("cases/<uuid:case_uid>/facts/<slug:kind>/", facts.fact_add, name="fact_add"),
    path(
        "cases/<uuid:case_uid>/facts/<uuid:fact_uid>/correct/",
        facts.fact_correct,
        name="fact_correct",
    ),
    path(
        "cases/<uuid:case_uid>/facts/<uuid:fact_uid>/retract/",
        facts.fact_retract,
        name="fact_retract",
    ),
]
