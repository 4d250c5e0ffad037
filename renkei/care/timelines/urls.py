"""Addresses of 情報共有."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "timelines"
urlpatterns: list[URLPattern] = []
