"""Addresses of referrals."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.care.transitions.views import referrals

PERSON = "patients/<uuid:patient_uid>/referrals/"
ONE = "referrals/<uuid:referral_uid>/"

urlpatterns: list[URLPattern] = [
    path(PERSON, referrals.patient_referrals, name="patient_referrals"),
    path(f"{PERSON}new/", referrals.referral_new, name="referral_new"),
    path("referrals/", referrals.referral_list, name="referral_list"),
    path(ONE, referrals.referral_detail, name="referral_detail"),
    path(f"{ONE}accept/", referrals.referral_accept, name="referral_accept"),
    path(f"{ONE}acts/<slug:act>/", referrals.referral_act, name="referral_act"),
    path(f"{ONE}fax/", referrals.referral_fax_page, name="referral_fax"),
    path(
        f"{ONE}documents/<uuid:answer_uid>/",
        referrals.referral_document,
        name="referral_document",
    ),
    path(f"{ONE}papers/<uuid:file_uid>/", referrals.referral_paper, name="referral_paper"),
]
