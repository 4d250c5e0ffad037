"""All addresses. Public pages come from ``portal``, staff pages from their rooms."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("renkei.foundation.accounts.urls")),
    path("audit/", include("renkei.foundation.audit.urls")),
    path("areas/", include("renkei.foundation.areas.urls")),
    path("register/", include("renkei.registry.facilities.urls")),
    path("styleguide/", include("renkei.foundation.common.urls")),
    path("", include("renkei.gateways.portal.urls")),
]
