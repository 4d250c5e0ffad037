"""Pages for residents. They work without script, and nobody signs in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.gateways.portal import accessibility
from renkei.gateways.portal.forms import SiteForm
from renkei.gateways.portal.pages import ITEMS, PAGES, SCENES
from renkei.gateways.portal.queries import (
    areas_with_facilities,
    current_site,
    places_in_sitemap,
    sitemap_parts,
    source_dates,
)
from renkei.gateways.portal.rules import may_edit_site
from renkei.gateways.portal.services import save_site
from renkei.gateways.portal.sitemap import index_lines, url_lines
from renkei.registry.facilities.catalogue import GROUPS

# A reader asks again well within a year (RFC 9116 §2.5.5).
SECURITY_TXT_VALID = timedelta(days=180)


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


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(may_edit_site)
def site_edit(request: HttpRequest) -> HttpResponse:
    """The region's name, desk and office."""
    site = current_site()
    form = SiteForm(request.POST if request.method == "POST" else None, instance=site)
    if form.is_valid():
        try:
            save_site(actor=cast("ViewerRequest", request).viewer.actor, site=form.instance)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "サイトの設定を保存しました。")
            return redirect("portal:site_edit")
    status = 422 if form.is_bound else 200
    return render(request, "portal/site_edit.html", {"form": form}, status=status)


def _fixed(request: HttpRequest, slug: str, context: Mapping[str, object]) -> HttpResponse:
    page = PAGES[slug]
    easy_url = reverse("portal:easy_page", args=[slug])
    return render(request, f"portal/{slug}.html", {**context, "page": page, "easy_url": easy_url})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search results have endless addresses; facilities are found through the sitemap."""
    lines = [
        "User-agent: *",
        "Disallow: /accounts/",
        "Disallow: /audit/",
        "Disallow: /register/",
        "Disallow: /search/",
        "Disallow: /site/",
        f"Sitemap: {request.build_absolute_uri(reverse('portal:sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness. Source: RFC 9116."""
    mail = current_site().security_contact
    contact = f"mailto:{mail}" if mail else request.build_absolute_uri(reverse("portal:contact"))
    expires = clock.now() + SECURITY_TXT_VALID
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires.isoformat(timespec='seconds')}",
        "Preferred-Languages: ja, en",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The parts: the fixed pages and areas first, then the places."""
    parts = [reverse("portal:sitemap_pages")]
    parts += [
        reverse("portal:sitemap_places", args=[part]) for part in range(1, sitemap_parts() + 1)
    ]
    text = "".join(index_lines(map(request.build_absolute_uri, parts)))
    return HttpResponse(text, content_type="application/xml")


@require_safe
def sitemap_pages(request: HttpRequest) -> HttpResponse:
    addresses = [reverse("portal:home"), reverse("portal:easy_home")]
    for slug in PAGES:
        addresses += [reverse(f"portal:{slug}"), reverse("portal:easy_page", args=[slug])]
    addresses += [f"/areas/{area.pk}/" for area in areas_with_facilities(clock.today())]
    text = "".join(url_lines((request.build_absolute_uri(url), None) for url in addresses))
    return HttpResponse(text, content_type="application/xml")


@require_safe
def sitemap_places(request: HttpRequest, part: int) -> StreamingHttpResponse:
    if not 1 <= part <= sitemap_parts():
        raise Http404
    home = request.build_absolute_uri("/")
    entries = ((f"{home}facilities/{key}/", day) for key, day in places_in_sitemap(part))
    return StreamingHttpResponse(url_lines(entries), content_type="application/xml")
