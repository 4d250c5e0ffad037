"""Results as files."""

from __future__ import annotations

import io
from collections.abc import Callable

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.rules import may_read_staff_pages
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.media_types import XLSX
from renkei.registry.facilities.exports import to_csv, to_geojson, to_json, to_xlsx
from renkei.registry.facilities.forms_search import SearchForm
from renkei.registry.facilities.presenters_search import conditions_text
from renkei.registry.facilities.queries import all_facilities
from renkei.registry.facilities.search.terms import SearchTerms

# One file holds a prefecture's places of one kind; more is the open data of the ministries.
MOST_ROWS = 20_000
# Characters the page of losses names one by one.
LISTED = 100


@staff_page(may_read_staff_pages)
@require_safe
def facility_export(request: ViewerRequest, kind: str) -> HttpResponseBase:
    """The result as a file; CP932 asks first when characters would be lost."""
    terms = SearchForm(request.GET).terms()
    writer = _WRITERS.get(kind)
    if writer is None:
        raise Http404
    return writer(request, terms, request.viewer)


def _xlsx(_: ViewerRequest, terms: SearchTerms, viewer: Viewer) -> HttpResponseBase:
    stream = io.BytesIO()
    places = all_facilities(terms, viewer=viewer, limit=MOST_ROWS)
    to_xlsx(stream, places, conditions_text(terms))
    return _download(HttpResponse(stream.getvalue(), content_type=XLSX), "xlsx")


def _csv(_: ViewerRequest, terms: SearchTerms, viewer: Viewer) -> HttpResponseBase:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    places = all_facilities(terms, viewer=viewer, limit=MOST_ROWS)
    to_csv(response, places, encoding="utf-8-sig")
    return _download(response, "csv")


def _cp932(request: ViewerRequest, terms: SearchTerms, viewer: Viewer) -> HttpResponseBase:
    response = HttpResponse(content_type="text/csv; charset=shift_jis")
    places = all_facilities(terms, viewer=viewer, limit=MOST_ROWS)
    report = to_csv(response, places, encoding="cp932")
    if report.losses and "accept" not in request.GET:
        listed = report.losses[:LISTED]
        context = {
            "report": report,
            "losses": listed,
            "hidden_count": report.count - len(listed),
            "query": terms.query(),
        }
        return render(request, "facilities/export_losses.html", context)
    return _download(response, "csv")


def _geojson(_: ViewerRequest, terms: SearchTerms, viewer: Viewer) -> HttpResponseBase:
    places = all_facilities(terms, viewer=viewer, limit=MOST_ROWS)
    response = StreamingHttpResponse(to_geojson(places), content_type="application/geo+json")
    return _download(response, "geojson")


def _json(_: ViewerRequest, terms: SearchTerms, viewer: Viewer) -> HttpResponseBase:
    places = all_facilities(terms, viewer=viewer, limit=MOST_ROWS)
    response = StreamingHttpResponse(to_json(places), content_type="application/json")
    return _download(response, "json")


_WRITERS: dict[str, Callable[[ViewerRequest, SearchTerms, Viewer], HttpResponseBase]] = {
    "xlsx": _xlsx,
    "csv": _csv,
    "csv-cp932": _cp932,
    "geojson": _geojson,
    "json": _json,
}


def _download(response: HttpResponseBase, ending: str) -> HttpResponseBase:
    name = f"facilities-{clock.today():%Y%m%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
