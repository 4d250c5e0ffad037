"""Addresses of what councils and plans show residents."""

from __future__ import annotations

from django.urls import URLPattern, path

from renkei.gateways.portal.views import programme

urlpatterns: list[URLPattern] = [
    path("programme/", programme.programme, name="programme"),
    path("programme/meetings/<uuid:uid>/", programme.digest, name="digest"),
    path("programme/meetings/<uuid:uid>/summary.pdf", programme.digest_pdf, name="digest_pdf"),
    path("programme/plans/<uuid:uid>/", programme.plan, name="plan"),
]
