"""An indicator as a file."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.media_types import XLSX
from renkei.programme.indicators import exports, presenters
from renkei.programme.indicators.models import IndicatorVersion
from renkei.programme.indicators.rules import may_read_indicators
from renkei.programme.indicators.services.disclosure import release_problem
from renkei.programme.indicators.services.exporting import note_export
from renkei.programme.indicators.views.catalogue import compared_versions, found_for

TYPES = {
    "xlsx": XLSX,
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
}


@staff_page(may_read_indicators)
@require_safe
def indicator_file(request: ViewerRequest, code: str, kind: str) -> HttpResponse:
    """The very numbers of the page, suppressed as there."""
    if kind not in TYPES:
        raise Http404
    indicator, areas = found_for(request, code)
    shown, _earlier = compared_versions(request, indicator, areas)
    if refused := refused_release(request, shown.version):
        return refused
    trend = presenters.trend_of(shown)
    if kind in {"svg", "png"} and not trend.charts:
        raise Http404
    content: bytes | str
    if kind == "xlsx":
        content = exports.workbook_of(trend, shown)
    elif kind == "csv":
        content = exports.csv_of(shown)
    elif kind == "svg":
        content = exports.svg_of(trend)
    elif kind == "png":
        content = exports.png_of(trend)
    else:
        content = exports.pdf_of(trend, town=request.viewer.organisation_name)
    note_export(viewer=request.viewer, indicator=indicator, kind=kind)
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="indicator-{indicator.code}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


def refused_release(request: ViewerRequest, version: IndicatorVersion) -> HttpResponse | None:
    """The page that says why a table does not leave the house; None where nothing speaks against.

    Every file of numbers asks, maps too.
    """
    problem = release_problem(version)
    if not problem:
        return None
    context = {"problem": problem, "indicator": version.indicator}
    return render(request, "indicators/not_released.html", context, status=422)
