"""One indicator as a map."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest
from renkei.foundation.areas.models import AreaLevel
from renkei.foundation.common import clock
from renkei.foundation.common.media_types import XLSX
from renkei.programme.indicators import exports_map
from renkei.programme.indicators.forms import MapForm
from renkei.programme.indicators.map_points import OFFERED, points_of
from renkei.programme.indicators.map_shapes import drawing_of
from renkei.programme.indicators.models import Indicator, IndicatorVersion
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.presenters_map import MapPage, map_page
from renkei.programme.indicators.queries.catalogue import indicator_for
from renkei.programme.indicators.queries.maps import (
    MODES,
    THEN,
    TOWN,
    AreaMap,
    Frame,
    area_map,
    levels_on,
    periods_with_values,
    prefecture_code_of,
    prefectures_with_areas,
)
from renkei.programme.indicators.rules import may_read_indicators
from renkei.programme.indicators.services.exporting import note_export
from renkei.programme.indicators.views.files import refused_release
from renkei.registry.facilities.catalogue import GROUPS

TYPES = {
    "xlsx": XLSX,
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
}
NATION = "all"


@dataclass(frozen=True)
class Shown:
    """What an address asks for, and what was found."""

    indicator: Indicator
    version: IndicatorVersion
    form: MapForm
    map: AreaMap | None
    page: MapPage | None
    query: str


def _asked(request: ViewerRequest, code: str) -> Shown:
    viewer = request.viewer
    try:
        indicator = indicator_for(viewer, code)
    except Indicator.DoesNotExist as error:
        raise Http404 from error
    versions = sorted(indicator.versions.all(), key=lambda one: -one.number)
    dated = [(one, periods_with_values(viewer, one)) for one in versions]
    version, periods = next(((one, found) for one, found in dated if found), dated[0])
    form = _form(request, periods)
    if not periods:
        return Shown(indicator, version, form, None, None, "")
    prefecture = form.chosen["prefecture"]
    key = form.chosen["period"]
    frame = Frame(
        level=form.chosen["level"],
        prefecture="" if prefecture == NATION else prefecture,
        period=Period(version.period_kind, key),
        mode=form.chosen["mode"],
    )
    found = area_map(viewer, version, frame)
    drawing = drawing_of(found.units, frame.level, frame.day, frame.prefecture)
    groups = form.chosen["group"]
    points = None
    if drawing and groups:
        points = points_of(viewer, drawing.view, prefecture_code_of(frame.prefecture), groups)
    page = map_page(found, drawing, points)
    query = urlencode(
        [
            ("level", frame.level),
            ("prefecture", prefecture),
            ("period", key),
            ("mode", frame.mode),
            *(("group", one) for one in groups),
        ]
    )
    return Shown(indicator, version, form, found, page, query)


def _form(request: ViewerRequest, periods: list[Period]) -> MapForm:
    today = clock.today()
    prefectures = prefectures_with_areas(today)
    home = _home(request.viewer)
    usual = home if home in prefectures else next(iter(prefectures), NATION)
    asked = request.GET.get("prefecture", usual)
    levels = levels_on(today, asked if asked in prefectures else "")
    return MapForm(
        request.GET,
        choices={
            "level": [(one, str(AreaLevel(one).label)) for one in levels],
            "prefecture": [*prefectures.items(), (NATION, "全国")],
            "period": [(one.key, one.label) for one in periods],
            "mode": list(MODES.items()),
            "group": [(key, GROUPS[key].label) for key in OFFERED],
        },
        usual={
            "level": TOWN if TOWN in levels else next(iter(levels), TOWN),
            "prefecture": usual,
            "period": periods[0].key if periods else "",
            "mode": THEN,
        },
    )


def _home(viewer: Viewer) -> str:
    own = own_area_of(viewer)
    return own.prefecture_code if own else ""


@staff_page(may_read_indicators)
@require_safe
def indicator_map(request: ViewerRequest, code: str) -> HttpResponse:
    shown = _asked(request, code)
    context = {
        "indicator": shown.indicator,
        "version": shown.version,
        "form": shown.form,
        "map": shown.map,
        "page": shown.page,
        "query": shown.query,
    }
    return render(request, "indicators/map.html", context)


@staff_page(may_read_indicators)
@require_safe
def indicator_map_file(request: ViewerRequest, code: str, kind: str) -> HttpResponse:
    """The map of the page as a file, hidden cells hidden."""
    if kind not in TYPES:
        raise Http404
    shown = _asked(request, code)
    if shown.page is None or shown.map is None:
        raise Http404
    if kind in {"svg", "png"} and shown.page.picture is None:
        raise Http404
    if refused := refused_release(request, shown.map.version):
        return refused
    content = exports_map.file_of(
        kind, shown.page, shown.map, town=request.viewer.organisation_name
    )
    note_export(viewer=request.viewer, indicator=shown.indicator, kind=f"map.{kind}")
    response = HttpResponse(content, content_type=TYPES[kind])
    name = f"indicator-{shown.indicator.code}-map.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
