"""Addresses of consent."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.patients.views import consent, consent_fax

ONE = "<uuid:patient_uid>/"
urlpatterns: list[URLPattern] = [
    path("consents/ending/", consent.consent_ending, name="consent_ending"),
    path(f"{ONE}consent/", consent.consent_detail, name="consent_detail"),
    path(f"{ONE}consent/new/", consent.consent_add, name="consent_add"),
    path(f"{ONE}consent/withdraw/", consent.consent_withdraw, name="consent_withdraw"),
    path(f"{ONE}consent/explanation/", consent.consent_explanation, name="consent_explanation"),
    path(f"{ONE}consent/forms/<slug:kind>/", consent.consent_paper, name="consent_paper"),
    path(f"{ONE}consent/fax/", consent_fax.consent_fax, name="consent_fax"),
    path(f"{ONE}consent/papers/<uuid:paper_uid>/", consent.consent_scan, name="consent_scan"),
    path(
        f"{ONE}consent/papers/<uuid:paper_uid>/aside/",
        consent.consent_paper_aside,
        name="consent_paper_aside",
    ),
    path(
        f"{ONE}relatives/<uuid:relative_uid>/consent/",
        consent.relative_consent,
        name="relative_consent",
    ),
]
