"""Addresses of 通知: its pages live in ``accounts``, because who looks is a matter of accounts."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "notifications"
urlpatterns: list[URLPattern] = []
