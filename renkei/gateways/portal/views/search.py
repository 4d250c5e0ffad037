"""Finding a place, as residents may see it: whoever looks, these pages show what is for 住民."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renkei.foundation.accounts.viewers import ANYBODY
from renkei.foundation.common import clock
from renkei.gateways.portal.basemap import allow_basemap, with_basemap
from renkei.gateways.portal.queries import current_site
from renkei.registry.facilities.forms_search import MapViewForm, SearchForm
from renkei.registry.facilities.presenters_search import (
    Paths,
    facet_options,
    marks_json,
    search_screen,
)
from renkei.registry.facilities.search.terms import View


def public_paths() -> Paths:
    """Where the pages of finding live for residents."""
    return Paths(
        search=reverse("portal:search"),
        place="/facilities/",
        map_marks=reverse("portal:map_marks"),
        facets=reverse("portal:search_facets"),
        list_pdf=reverse("portal:search_list_pdf"),
    )


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """A result with its filters, its list and the map of the same places."""
    site = current_site()
    screen = search_screen(request.GET, viewer=ANYBODY, paths=public_paths(), now=clock.now())
    context = {
        "screen": with_basemap(screen, site),
        "basemap_attribution": site.basemap_attribution if site.basemap_url else "",
    }
    return allow_basemap(render(request, "portal/search.html", context), site)


@require_safe
def search_facets(request: HttpRequest) -> HttpResponse:
    """The counts beside the filters, swapped in after the page has been painted."""
    groups = facet_options(SearchForm(request.GET).terms(), viewer=ANYBODY)
    return render(request, "facilities/_facets.html", {"groups": groups})


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """The large map is one way to show a result; its address is that of the result."""
    terms = SearchForm(request.GET).terms().shown_as(View.MAP)
    return redirect(f"{reverse('portal:search')}?{terms.query()}")


@require_safe
def map_marks(request: HttpRequest) -> HttpResponse:
    """The marks of one view of the map, under the filters of the list."""
    view = MapViewForm(request.GET)
    if not view.is_valid():
        detail = "地図の範囲を読み取れませんでした。ページを読み込み直してください。"
        return JsonResponse({"detail": detail}, status=400)
    return JsonResponse(marks_json(request.GET, view.box, view.zoom, viewer=ANYBODY))
