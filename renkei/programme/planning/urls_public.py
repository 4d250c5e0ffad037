"""Addresses where staff decide what residents see."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.programme.planning.views import public

urlpatterns: list[URLPattern] = [
    path("plans/<uuid:plan_uid>/portal/", public.plan_portal, name="plan_portal"),
    path("councils/<uuid:council_uid>/portal/", public.members_portal, name="members_portal"),
]
