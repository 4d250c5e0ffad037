"""The background map: off by default, the only host beyond ours that a page may reach."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from django.http import HttpResponse

from renkei.gateways.portal.models import Site
from renkei.registry.facilities.presenters_search import SearchScreen


def with_basemap(screen: SearchScreen, site: Site) -> SearchScreen:
    """The screen whose map lies on the background the installation chose."""
    if screen.map_config is None or not site.basemap_url:
        return screen
    basemap = {"url": site.basemap_url, "attribution": site.basemap_attribution}
    return replace(screen, map_config={**screen.map_config, "basemap": basemap})


def allow_basemap(response: HttpResponse, site: Site) -> HttpResponse:
    """Let a page with a map fetch the background's pictures."""
    if site.basemap_url:
        parts = urlsplit(site.basemap_url)
        origin = f"{parts.scheme}://{parts.netloc}"
        response._csp_update = {"img-src": [origin], "connect-src": [origin]}  # type: ignore[attr-defined]  # noqa: SLF001 - django-csp's way
    return response
