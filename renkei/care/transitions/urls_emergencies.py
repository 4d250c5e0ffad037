"""Addresses of the hospital of a sudden turn, and of calls to hospitals."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import agreements, emergencies

PERSON = "patients/<uuid:patient_uid>/emergency/"
CALL = f"{PERSON}calls/<uuid:call_uid>/"
AGREEMENT = f"{PERSON}agreement/"

urlpatterns: list[URLPattern] = [
    path(PERSON, emergencies.person_emergency, name="person_emergency"),
    path(f"{PERSON}calls/", emergencies.emergency_call_add, name="emergency_call_add"),
    path(CALL, emergencies.emergency_call, name="emergency_call"),
    path(f"{CALL}steps/<str:step>/", emergencies.emergency_call_step, name="emergency_call_step"),
    path(AGREEMENT, agreements.person_agreement, name="person_agreement"),
    path(f"{AGREEMENT}confirm/", agreements.agreement_confirm, name="agreement_confirm"),
    path(f"{AGREEMENT}told/<str:audience>/", agreements.agreement_tell, name="agreement_tell"),
    path(f"{AGREEMENT}end/", agreements.agreement_end, name="agreement_end"),
    path("emergency-calls/", emergencies.hospital_calls, name="hospital_calls"),
    path(
        "emergency-calls/<uuid:call_uid>/<str:step>/",
        emergencies.hospital_answer,
        name="hospital_answer",
    ),
]
