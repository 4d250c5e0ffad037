"""Addresses of the indicators."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.indicators.views import catalogue

app_name = "indicators"
urlpatterns: list[URLPattern] = [
    path("", catalogue.first_screen, name="first_screen"),
    path("list/", catalogue.indicator_list, name="indicator_list"),
    path("of/<str:code>/", catalogue.indicator_detail, name="indicator_detail"),
]
