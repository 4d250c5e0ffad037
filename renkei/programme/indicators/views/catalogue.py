"""The first screen, the list of indicators, and one page for each."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.areas.models import Area
from renkei.programme.indicators import presenters, presenters_lists
from renkei.programme.indicators.forms import AreasForm, asked_areas
from renkei.programme.indicators.models import Indicator, Scene
from renkei.programme.indicators.queries.catalogue import (
    indicator_for,
    indicators_for,
    neighbours_in_catalogue,
)
from renkei.programme.indicators.queries.comparing import (
    Comparison,
    areas_with_values,
    chosen_areas,
    comparison,
    newest_values,
)
from renkei.programme.indicators.queries.progress import progress_of, survey_days
from renkei.programme.indicators.queries.values import sight_of
from renkei.programme.indicators.rules import (
    may_bring_in_values,
    may_read_indicators,
    runs_programme,
)
from renkei.programme.indicators.shipped.region import CARDS


@staff_page(may_read_indicators)
@require_safe
def first_screen(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    held = {one.code: one for one in indicators_for(viewer).filter(code__in=CARDS)}
    cards = [held[code] for code in CARDS if code in held]
    wanted = asked_areas(request.GET.getlist("area"))
    areas = chosen_areas(viewer, cards, wanted, name=request.GET.get("name", "").strip())
    form = AreasForm(request.GET or None, choices=areas_with_values(viewer, cards), chosen=areas)
    sight = sight_of(viewer)
    compared = [comparison(viewer, card.latest, areas, newest=6, sight=sight) for card in cards]
    trends = [
        (card.code, presenters.trend_of(one)) for card, one in zip(cards, compared, strict=True)
    ]
    context = {
        "form": form,
        "areas": areas,
        "cards": [
            (trend, presenters.indicator_url(code, [area.pk for area in areas]))
            for code, trend in trends
        ],
        "may_bring_in": may_bring_in_values(viewer),
    }
    return render(request, "indicators/first_screen.html", context)


@staff_page(may_read_indicators)
@require_safe
def indicator_list(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    own = own_area_of(viewer)
    wanted = request.GET.get("scene", "")
    scene = Scene(wanted) if wanted in Scene.values else Scene.HOSPITAL
    indicators = list(indicators_for(viewer))
    newest = newest_values(viewer, own, indicators)
    context = {
        "area": own,
        "scene": scene,
        "tabs": presenters_lists.scene_tabs(scene, presenters_lists.counts_of(indicators, newest)),
        "groups": presenters_lists.groups_of(indicators, scene, newest, own),
        "may_bring_in": may_bring_in_values(viewer),
    }
    return render(request, "indicators/indicator_list.html", context)


def found_for(request: ViewerRequest, code: str) -> tuple[Indicator, list[Area]]:
    """The indicator of an address, and the areas it asks for."""
    viewer = request.viewer
    try:
        indicator = indicator_for(viewer, code)
    except Indicator.DoesNotExist as error:
        raise Http404 from error
    wanted = asked_areas(request.GET.getlist("area"))
    name = request.GET.get("name", "").strip()
    return indicator, chosen_areas(viewer, [indicator], wanted, name=name)


def compared_versions(
    request: ViewerRequest, indicator: Indicator, areas: list[Area]
) -> tuple[Comparison, list[Comparison]]:
    """The newest definition that has values, and the others: they are never drawn together."""
    versions = sorted(indicator.versions.all(), key=lambda version: -version.number)
    sight = sight_of(request.viewer)
    compared = [comparison(request.viewer, version, areas, sight=sight) for version in versions]
    shown = next((one for one in compared if one.has_values), compared[0])
    return shown, [one for one in compared if one is not shown and one.periods]


@staff_page(may_read_indicators)
@require_safe
def indicator_detail(request: ViewerRequest, code: str) -> HttpResponse:
    viewer = request.viewer
    indicator, areas = found_for(request, code)
    shown, earlier = compared_versions(request, indicator, areas)
    name = request.GET.get("name", "").strip()
    context = {
        "indicator": indicator,
        "version": shown.version,
        "trend": presenters.trend_of(shown),
        "earlier": [presenters.trend_of(one) for one in earlier],
        "areas": areas,
        "form": AreasForm(
            request.GET or None, choices=areas_with_values(viewer, [indicator]), chosen=areas
        ),
        "name_not_found": name if name and name not in {area.name for area in areas} else "",
        "query": presenters.query_of([area.pk for area in areas]),
        "related": [
            (one, presenters.indicator_url(one.code))
            for one in neighbours_in_catalogue(viewer, indicator)
        ],
    }
    return render(request, "indicators/indicator_detail.html", context)


@staff_page(may_read_indicators)
@require_safe
def progress(request: ViewerRequest) -> HttpResponse:
    viewer = request.viewer
    days = survey_days(viewer)
    wanted = request.GET.get("day", "")
    day = wanted if wanted in days else (days[0] if days else "")
    own = own_area_of(viewer)
    prefecture = own.prefecture_code if own else ""
    found = progress_of(viewer, day, named=prefecture) if day else None
    context = {
        "days": days,
        "progress": found,
        # Names of one prefecture; the sums are of everybody.
        "answers": presenters_lists.answer_rows(found, prefecture) if found else [],
        "day": presenters_lists.day_words(day),
        "manages": runs_programme(viewer),
    }
    return render(request, "indicators/progress.html", context)
