"""Finding places on staff pages. The portal shows the same screen to residents."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.rules import may_edit_register, may_read_staff_pages
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.registry.facilities.forms_search import MapViewForm, SearchForm
from renkei.registry.facilities.presenters_search import (
    Paths,
    facet_options,
    marks_json,
    search_screen,
)


def staff_paths() -> Paths:
    """Where the pages of finding live for staff and professionals."""
    register = reverse("facilities:facility_list")
    return Paths(
        search=register,
        place=f"{register}facilities/",
        map_marks=reverse("facilities:map_marks"),
        facets=reverse("facilities:facility_facets"),
        files=f"{register}files/",
        # The portal's print: values for residents, which may go to anybody's hands.
        list_pdf="/search/list.pdf",
    )


@staff_page(may_read_staff_pages)
@require_safe
def facility_list(request: ViewerRequest) -> HttpResponse:
    """The register: search, filters, list, cards, table, map, files."""
    screen = search_screen(request.GET, viewer=request.viewer, paths=staff_paths(), now=clock.now())
    context = {
        "screen": screen,
        "may_edit": may_edit_register(request.viewer),
    }
    return render(request, "facilities/facility_list.html", context)


@staff_page(may_read_staff_pages)
@require_safe
def facility_facets(request: ViewerRequest) -> HttpResponse:
    """The counts beside the filters, swapped in after the page has been painted."""
    groups = facet_options(SearchForm(request.GET).terms(), viewer=request.viewer)
    return render(request, "facilities/_facets.html", {"groups": groups})


@staff_page(may_read_staff_pages)
@require_safe
def map_marks(request: ViewerRequest) -> HttpResponse:
    """The marks of one view of the map."""
    view = MapViewForm(request.GET)
    if not view.is_valid():
        return JsonResponse({"detail": view.problems[0]}, status=400)
    marks = marks_json(request.GET, view.box, view.zoom, viewer=request.viewer)
    return JsonResponse(marks, json_dumps_params={"ensure_ascii": False})
