"""What programs read: robots.txt, security.txt, sitemap.xml."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from renkei.foundation.common import clock
from renkei.gateways.portal.pages import PAGES
from renkei.gateways.portal.queries import (
    areas_with_facilities,
    current_site,
    places_in_sitemap,
    sitemap_parts,
)
from renkei.gateways.portal.sitemap import index_lines, url_lines

# A reader asks again well within a year (RFC 9116 §2.5.5).
SECURITY_TXT_VALID = timedelta(days=180)


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
    names = ("home", "easy_home", "booklets", "open_data")
    addresses = [reverse(f"portal:{name}") for name in names]
    addresses += [reverse(f"portal:{name}") for name in ("booklets", "open_data", "programme")]
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
