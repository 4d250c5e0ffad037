"""Addresses of the indicators."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.indicators.views import catalogue

app_name = "indicators"
urlpatterns: list[URLPattern] = [
    path("", catalogue.indicator_list, name="indicator_list"),
]
