"""Addresses of the room; each theme brings its own list."""

from __future__ import annotations

from django.urls import URLPattern

from renkei.care.transitions import (
    urls_cards,
    urls_caseforms,
    urls_cases,
    urls_contacts,
    urls_duties,
    urls_emergencies,
    urls_end_of_life,
    urls_homes,
    urls_numbers,
    urls_paths,
    urls_referrals,
    urls_rules,
)

app_name = "transitions"

urlpatterns: list[URLPattern] = [
    *urls_cases.urlpatterns,
    *urls_rules.urlpatterns,
    *urls_duties.urlpatterns,
    *urls_homes.urlpatterns,
    *urls_end_of_life.urlpatterns,
    *urls_contacts.urlpatterns,
    *urls_emergencies.urlpatterns,
    *urls_referrals.urlpatterns,
    *urls_cards.urlpatterns,
    *urls_paths.urlpatterns,
    *urls_numbers.urlpatterns,
    *urls_caseforms.urlpatterns,
]
