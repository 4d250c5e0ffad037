"""Pages for residents. They work without script, and nobody signs in."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renkei.foundation.common import clock
from renkei.gateways.portal import accessibility
from renkei.gateways.portal.pages import ITEMS, PAGES, SCENES
from renkei.gateways.portal.queries import (
    areas_with_facilities,
    current_site,
    source_dates,
)
from renkei.registry.facilities.catalogue import GROUPS


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "groups": GROUPS.values(),
        "scenes": SCENES,
        "areas": areas_with_facilities(clock.today()),
    }
    return render(request, "portal/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return _fixed(request, "about", {"items": ITEMS, "scenes": SCENES})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return _fixed(request, "contact", {})


@require_safe
def accessibility_statement(request: HttpRequest) -> HttpResponse:
    return _fixed(request, "accessibility", {})


@require_safe
def accessibility_result(request: HttpRequest) -> HttpResponse:
    context = {"criteria": accessibility.CRITERIA, "tested_on": accessibility.TESTED_ON}
    return render(request, "portal/accessibility_result.html", context)


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    site = current_site()
    context = {
        "sources": source_dates(),
        "basemap_attribution": site.basemap_attribution if site.basemap_url else "",
    }
    return _fixed(request, "sources", context)


@require_safe
def easy_home(request: HttpRequest) -> HttpResponse:
    context = {
        "pages": PAGES.values(),
        "page": {"plain_title": "やさしい日本語"},
        "standard_url": reverse("portal:home"),
    }
    return render(request, "portal/easy/home.html", context)


@require_safe
def easy_page(request: HttpRequest, slug: str) -> HttpResponse:
    page = PAGES.get(slug)
    if page is None:
        raise Http404
    context = {"page": page, "standard_url": reverse(f"portal:{slug}")}
    return render(request, f"portal/easy/{slug}.html", context)


def _fixed(request: HttpRequest, slug: str, context: Mapping[str, object]) -> HttpResponse:
    page = PAGES[slug]
    easy_url = reverse("portal:easy_page", args=[slug])
    return render(request, f"portal/{slug}.html", {**context, "page": page, "easy_url": easy_url})
