"""Projections: assumptions, figure, two side by side."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest
from renkei.foundation.areas.models import Area
from renkei.foundation.common.media_types import XLSX
from renkei.programme.indicators.exports_scenarios import workbook_of
from renkei.programme.indicators.forms_scenarios import ScenarioForm
from renkei.programme.indicators.models import Scenario, ScenarioVersion
from renkei.programme.indicators.presenters_scenarios import (
    compared,
    premises_of,
    projection_page,
)
from renkei.programme.indicators.queries.scenarios import (
    Sheet,
    default_sheet,
    figure_for,
    people_of,
    scenario_for,
    scenarios_for,
    sheet_of,
)
from renkei.programme.indicators.rules import may_bring_in_values, may_read_indicators
from renkei.programme.indicators.services.scenarios import note_workbook, save_scenario

USUAL = "初期値のまま"


@staff_page(may_read_indicators)
@require_safe
def projection_list(request: ViewerRequest) -> HttpResponse:
    """The figure the first values give, and the sets kept."""
    viewer = request.viewer
    area = own_area_of(viewer)
    people = people_of(area) if area else []
    sheet = default_sheet(viewer, area, people) if area and people else None
    page = projection_page(USUAL, figure_for(people, sheet), sheet) if sheet else None
    context = {
        "area": area,
        "page": page,
        "scenarios": [(one, one.latest) for one in scenarios_for(viewer)],
        "may_write": may_bring_in_values(viewer),
    }
    return render(request, "indicators/projection_list.html", context)


@staff_page(may_bring_in_values)
@require_http_methods(["GET", "POST"])
def projection_new(request: ViewerRequest) -> HttpResponse:
    area = own_area_of(request.viewer)
    people = people_of(area) if area else []
    if area is None or not people:
        return redirect("indicators:projection_list")
    return _edited(request, area, default_sheet(request.viewer, area, people), None)


@staff_page(may_bring_in_values)
@require_http_methods(["GET", "POST"])
def projection_edit(request: ViewerRequest, uid: UUID) -> HttpResponse:
    version = _version(request.viewer, uid, None)
    if own_area_of(request.viewer) != version.scenario.area:
        raise Http404
    return _edited(request, version.scenario.area, sheet_of(version), version.scenario)


def _edited(
    request: ViewerRequest, area: Area, sheet: Sheet, scenario: Scenario | None
) -> HttpResponse:
    years = [one.year for one in people_of(area)]
    form = ScenarioForm(
        request.POST if request.method == "POST" else None,
        sheet=sheet,
        years=years,
        initial={"name": scenario.name if scenario else ""},
    )
    if form.is_valid():
        try:
            version = save_scenario(
                viewer=request.viewer, area=area, name=form.cleaned_data["name"],
                sheet=form.given(), note=form.cleaned_data["note"], scenario=scenario,
            )  # fmt: skip
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"前提を保存しました（第{version.number}版）。")
            return redirect("indicators:projection_detail", version.scenario.uid)
    context = {"form": form, "area": area, "scenario": scenario}
    status = 422 if form.is_bound else 200
    return render(request, "indicators/projection_edit.html", context, status=status)


@staff_page(may_read_indicators)
@require_safe
def projection_detail(request: ViewerRequest, uid: UUID) -> HttpResponse:
    viewer = request.viewer
    version = _asked(request, uid)
    area = version.scenario.area
    people, sheet = people_of(area), sheet_of(version)
    context = {
        "version": version,
        "area": area,
        "page": projection_page(version.scenario.name, figure_for(people, sheet), sheet)
        if people
        else None,
        "versions": version.scenario.versions.order_by("-number"),
        "may_write": may_bring_in_values(viewer) and own_area_of(viewer) == area,
        "others": [one for one in scenarios_for(viewer) if one.area == area],
    }
    return render(request, "indicators/projection_detail.html", context)


@staff_page(may_read_indicators)
@require_safe
def projection_file(request: ViewerRequest, uid: UUID) -> HttpResponse:
    version = _asked(request, uid)
    area = version.scenario.area
    people, sheet = people_of(area), sheet_of(version)
    if not people:
        raise Http404
    name = version.scenario.name
    page = projection_page(name, figure_for(people, sheet), sheet)
    title = f"{area.name}　在宅医療の将来推計　{name}（第{version.number}版）"
    content = workbook_of(title, people, sheet, sentence=page.sentence)
    note_workbook(viewer=request.viewer, version=version)
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="projection.xlsx"'
    response["Cache-Control"] = "no-store"
    return response


@staff_page(may_read_indicators)
@require_safe
def projection_compare(request: ViewerRequest) -> HttpResponse:
    """Two sets of one area; without them, the form to choose."""
    viewer = request.viewer
    scenarios = list(scenarios_for(viewer))
    pair = [
        next((one for one in scenarios if str(one.uid) == request.GET.get(key)), None)
        for key in ("one", "other")
    ]
    context: dict[str, object] = {"scenarios": scenarios, "pair": pair}
    first, second = pair
    if first and second and first.area == second.area and first != second:
        people = people_of(first.area)
        sheets = sheet_of(first.latest), sheet_of(second.latest)
        figures = figure_for(people, sheets[0]), figure_for(people, sheets[1])
        context |= {
            "area": first.area,
            "years": [one.year for one in people],
            "drawings": compared((first.name, second.name), figures),
            "premises": premises_of(*sheets),
        }
    elif request.GET:
        context["problem"] = "同じ地域の、別の前提を2つ選んでください。"
    return render(request, "indicators/projection_compare.html", context)


def _asked(request: ViewerRequest, uid: UUID) -> ScenarioVersion:
    number = request.GET.get("version", "")
    usable = number.isascii() and number.isdigit() and len(number) < len("10000")
    return _version(request.viewer, uid, int(number) if usable else None)


def _version(viewer: Viewer, uid: UUID, number: int | None) -> ScenarioVersion:
    try:
        return scenario_for(viewer, uid, number)
    except ScenarioVersion.DoesNotExist as error:
        raise Http404 from error
