"""All addresses. Public pages come from ``portal``, staff pages from their rooms."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path


def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """For the proxy and the start command: answers when pages and database do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz/", healthz, name="healthz"),
    path("accounts/", include("renkei.foundation.accounts.urls")),
    path("accounts/", include("renkei.foundation.accounts.sign_in_urls")),
    path("audit/", include("renkei.foundation.accounts.trail_urls")),
    path("areas/", include("renkei.foundation.areas.urls")),
    path("notifications/", include("renkei.foundation.accounts.notification_urls")),
    path("papers/", include("renkei.foundation.papers.urls")),
    path("sheets/", include("renkei.foundation.sheets.urls")),
    path("register/", include("renkei.registry.facilities.urls")),
    path("patients/", include("renkei.care.patients.urls")),
    path("", include("renkei.care.patients.urls_desk")),
    path("", include("renkei.care.timelines.urls")),
    path("transitions/", include("renkei.care.transitions.urls")),
    path("indicators/", include("renkei.programme.indicators.urls")),
    path("planning/", include("renkei.programme.planning.urls")),
    path("styleguide/", include("renkei.foundation.common.urls")),
    path("", include("renkei.gateways.portal.urls")),
]
