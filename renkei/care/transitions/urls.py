"""Addresses of the room; each theme brings its own list."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "transitions"

urlpatterns: list[URLPattern] = []
