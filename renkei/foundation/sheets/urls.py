"""Addresses of 様式."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "sheets"
urlpatterns: list[URLPattern] = []
