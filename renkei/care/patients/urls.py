"""Addresses of 療養者."""

from __future__ import annotations

from django.urls import URLPattern

from renkei.care.patients import urls_consent, urls_emergency, urls_people, urls_team

app_name = "patients"
urlpatterns: list[URLPattern] = [
    *urls_people.urlpatterns,
    *urls_consent.urlpatterns,
    *urls_team.urlpatterns,
    *urls_emergency.urlpatterns,
]
