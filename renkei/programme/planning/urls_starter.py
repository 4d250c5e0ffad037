"""Addresses of はじめの一式."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.planning.views import starter

ONE = "starter/<uuid:kit_uid>/"

urlpatterns: list[URLPattern] = [
    path("starter/", starter.starter, name="starter"),
    path(f"{ONE}take-back/", starter.starter_take_back, name="starter_take_back"),
    path(f"{ONE}members/", starter.starter_members, name="starter_members"),
    path(f"{ONE}agenda/", starter.starter_agenda, name="starter_agenda"),
    path(f"{ONE}paper/", starter.starter_paper, name="starter_paper"),
]
