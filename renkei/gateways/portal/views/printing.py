"""Paper for residents: a result as a list, a place as a sheet, the booklets the town released."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from renkei.foundation.accounts.viewers import ANYBODY
from renkei.foundation.common import clock
from renkei.foundation.common.media_types import PDF
from renkei.registry.facilities.composing import compose_list, compose_sheet
from renkei.registry.facilities.forms_search import read_terms
from renkei.registry.facilities.queries import facility_for
from renkei.registry.facilities.queries_booklets import released_booklets
from renkei.registry.facilities.views.printing import booklet_response


@require_safe
def search_list_pdf(request: HttpRequest) -> HttpResponse:
    """The places of a result on A4, in the same order."""
    terms, _ = read_terms(request.GET)
    address = request.build_absolute_uri(f"/search/?{terms.on_page(1).query()}")
    pdf = compose_list(terms, viewer=ANYBODY, address=address)
    if pdf is None:
        return render(request, "portal/print_nothing.html", {"query": terms.query()})
    return _pdf(pdf, "list.pdf")


@require_safe
def facility_sheet_pdf(request: HttpRequest, facility_id: int) -> HttpResponse:
    """One place on one page."""
    place = facility_for(facility_id, viewer=ANYBODY)
    address = request.build_absolute_uri(reverse("portal:facility", args=[place.pk]))
    return _pdf(compose_sheet(place, now=clock.now(), address=address), "facility.pdf")


@require_safe
def booklets(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/booklets.html", {"booklets": released_booklets()})


@require_safe
def booklet_file(request: HttpRequest, uid: UUID) -> FileResponse:  # noqa: ARG001 - a view
    order = released_booklets().filter(uid=uid).first()
    if order is None:
        raise Http404
    return booklet_response(order)


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type=PDF, headers=headers)
