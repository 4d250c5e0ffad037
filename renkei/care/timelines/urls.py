"""Addresses of 情報共有."""

from __future__ import annotations

from django.urls import URLPattern

from renkei.care.timelines import urls_visit

app_name = "timelines"
urlpatterns: list[URLPattern] = [*urls_visit.urlpatterns]
