"""Public pages of areas: a list, a page each, and their boundaries for the map."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from renkei.foundation.areas import presenters
from renkei.foundation.areas.forms import DayForm
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.profiles import area_profile, areas_of_prefecture_on, prefectures_on
from renkei.foundation.areas.queries import all_areas, home_care_areas_on
from renkei.foundation.areas.reference import hokkaido_home_care_areas as hokkaido
from renkei.foundation.areas.shapes import boundary_collection, boundary_stamp, drawing_of
from renkei.foundation.areas.statistics import insurance_of, population_of, projection_of
from renkei.foundation.common import clock
from renkei.foundation.common.prefectures import prefecture_name


def _day_of(request: HttpRequest) -> tuple[DayForm, date]:
    form = DayForm(request.GET)
    return form, form.chosen(today=clock.today())


@require_safe
def area_list(request: HttpRequest) -> HttpResponse:
    form, day = _day_of(request)
    prefectures = prefectures_on(day)
    code = request.GET.get("prefecture", "")
    if not code and len(prefectures) == 1:
        code = prefectures[0][0].prefecture_code
    chosen = next((area for area, _ in prefectures if area.prefecture_code == code), None)
    context: dict[str, Any] = {"form": form, "day": day, "prefectures": prefectures}
    if chosen:
        home_care = home_care_areas_on(day, prefecture_code=chosen.prefecture_code)
        context |= {
            "prefecture": chosen,
            "levels": areas_of_prefecture_on(chosen.prefecture_code, day),
            "home_care": home_care,
            "coinciding_count": sum(row.coincides for row in home_care),
            "one_municipality_count": sum(row.is_one_municipality for row in home_care),
            "printed": hokkaido.PRINTED if code == hokkaido.PREFECTURE_CODE else None,
            "printed_source": hokkaido.SOURCE,
        }
    return render(request, "areas/area_list.html", context)


@require_safe
def area_detail(request: HttpRequest, pk: int) -> HttpResponse:
    area = get_object_or_404(all_areas(), pk=pk)
    form, day = _day_of(request)
    context: dict[str, Any] = {
        "form": form,
        "area": area,
        "kind": presenters.kind_of(area),
        "prefecture_name": prefecture_name(area.prefecture_code),
        "profile": area_profile(area, day),
        "drawing": drawing_of(area, day),
        "insurance": insurance_of(area, day),
    }
    population = population_of(area, day)
    if population:
        context |= {
            "population": population,
            "population_sentence": presenters.population_sentence(area, population),
            "pyramid": presenters.pyramid(population) if population.classes else None,
        }
    years = projection_of(area, day)
    if years:
        context |= {
            "projection": years,
            "projection_sentence": presenters.projection_sentence(area, years),
            "projection_chart": presenters.projection_chart(years),
        }
    return render(request, "areas/area_detail.html", context)


def _parent_of(request: HttpRequest) -> Area:
    parent = request.GET.get("parent", "")
    if not (parent.isascii() and parent.isdecimal()) or len(parent) > len("1234567890123"):
        raise Http404
    return get_object_or_404(all_areas(), pk=int(parent))


def _boundaries_etag(request: HttpRequest) -> str:
    _, day = _day_of(request)
    return f'"{boundary_stamp()}-{request.GET.get("parent", "")}-{day}"'.replace(" ", "")


@require_safe
@cache_control(public=True, max_age=3600)
@condition(etag_func=_boundaries_etag)
def area_boundaries(request: HttpRequest) -> HttpResponse:
    area = _parent_of(request)
    _, day = _day_of(request)
    return JsonResponse(boundary_collection(area, day), content_type="application/geo+json")
