"""Assumptions as saved, those to begin with, and the population they work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import ancestors_on, descendants_on
from renkei.foundation.areas.statistics import (
    LATE_OLD_AGE,
    PopulationFigures,
    population_of,
    projection_of,
)
from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_screen
from renkei.programme.indicators.models import Scenario, ScenarioVersion, Value
from renkei.programme.indicators.numerals import rounded
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.projecting import (
    ASSUMPTIONS,
    BASE_YEAR,
    LAST_YEAR,
    Figure,
    People,
    figure_of,
)
from renkei.programme.indicators.queries.values import reading_of, values_for
from renkei.programme.indicators.rules import may_read_indicators

VERY_OLD_AGE: Final = 85
EMPTY: Final = "値がありません。地域の数を入力してください。"
_SAME_RATE: Final = "年齢別の数がないため、75歳以上に同じ割合を当てています。"
# The kinds of area whose own number may stand in for a municipality's.
_STAND_IN: Final = (AreaLevel.SECONDARY_MEDICAL, AreaLevel.HOME_CARE, AreaLevel.PREFECTURE)


@dataclass(frozen=True)
class Given:
    """One assumption as it stands."""

    value: Decimal | None
    source: str


Sheet = Mapping[str, Given]


def scenarios_for(viewer: Viewer) -> QuerySet[Scenario]:
    """Those of the viewer's own area and of the areas in it."""
    own = own_area_of(viewer) if may_read_indicators(viewer) else None
    if own is None:
        return Scenario.objects.none()
    inside = descendants_on(own, clock.today())
    return (
        Scenario.objects.filter(area__in=inside)
        .select_related("area")
        .prefetch_related("versions")
        .order_by("area__code", "name")
    )


def scenario_for(viewer: Viewer, uid: UUID, number: int | None = None) -> ScenarioVersion:
    """One version, the newest where none is named.

    Raises:
        ScenarioVersion.DoesNotExist: there is none, or the viewer may not find it.
    """
    rows = ScenarioVersion.objects.filter(
        scenario__in=scenarios_for(viewer), scenario__uid=uid
    ).select_related("scenario", "scenario__area")
    if number is not None:
        return rows.get(number=number)
    found = rows.order_by("-number").first()
    if found is None:
        raise ScenarioVersion.DoesNotExist
    return found


def people_of(area: Area) -> list[People]:
    """The projected population of an area, to 2050."""
    return [
        People(one.year, one.total, one.aged_65, one.aged_75)
        for one in projection_of(area, clock.today())
        if one.year <= LAST_YEAR
    ]


def sheet_of(version: ScenarioVersion) -> dict[str, Given]:
    """The assumptions as saved; one that is new in the product is empty."""
    found = {}
    for one in ASSUMPTIONS:
        kept = version.assumptions.get(one.key, {})
        found[one.key] = Given(_number(kept.get("value", "")), kept.get("source", EMPTY))
    return found


def figure_for(people: Sequence[People], sheet: Sheet) -> Figure:
    """The figure an assumption sheet gives."""
    return figure_of(people, {key: given.value for key, given in sheet.items()})


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


# To begin with ------------------------------------------------------------------------------


def default_sheet(viewer: Viewer, area: Area, people: Sequence[People]) -> dict[str, Given]:
    """What the installation's own numbers say; what nobody counted is empty, not guessed."""
    today = clock.today()
    figures = population_of(area, today)
    sheet = {one.key: Given(None, EMPTY) for one in ASSUMPTIONS}
    years = [one.year for one in people]
    if years:
        past = [year for year in years if year <= today.year]
        sheet[BASE_YEAR] = Given(
            Decimal(max(past) if past else years[0]),
            "日本の地域別将来推計人口の年のうち、今日までで最も新しい年",
        )
    if figures and figures.aged(LATE_OLD_AGE):
        share = Decimal(figures.aged(VERY_OLD_AGE)) / figures.aged(LATE_OLD_AGE) * 100
        sheet["A-S85"] = Given(
            rounded(share, 1), f"住民基本台帳の人口（{format_screen(figures.as_of)}現在）"
        )
    still = "登録された将来推計に85歳以上の数がないため、割合は変わらないとしています。"
    sheet["A-S85G"] = Given(Decimal(0), still)
    sheet["A-HVN"] = Given(Decimal(2), "仮の値（月2回の訪問とした）。地域の数に直してください。")
    sheet["A-HOMEG"] = Given(Decimal(0), "割合は変わらないとしています。")
    return sheet | _from_indicators(viewer, area, figures)


def _from_indicators(
    viewer: Viewer, area: Area, figures: PopulationFigures | None
) -> dict[str, Given]:
    above = [one.area for one in ancestors_on(area, clock.today()) if one.area.level in _STAND_IN]
    places = [area, *{one.pk: one for one in above}.values()]
    sheet: dict[str, Given] = {}
    for code, keys in (("D-P1", ("A-HV75", "A-HV85")), ("D-P2", ("A-NU75", "A-NU85"))):
        found = _rate(viewer, code, places, figures, of_parts="numerator")
        if found:
            sheet |= dict.fromkeys(keys, Given(found.value, found.source + _SAME_RATE))
    deaths = _rate(viewer, "K-O2", places, figures, of_parts="denominator")
    if deaths:
        sheet["A-DEATH"] = deaths
    home = _newest(viewer, "K-O2", places)
    if home and home.value is not None:
        shown = reading_of(home, home.version, home.area)
        if shown.value is not None:
            sheet["A-HOME"] = Given(rounded(shown.value, 1), _source(home))
    return sheet


def _newest(viewer: Viewer, code: str, places: Sequence[Area]) -> Value | None:
    """The newest number of the nearest of these areas that has one."""
    for place in places:
        row = (
            values_for(viewer)
            .filter(indicator__code=code, area=place, value__isnull=False)
            .select_related("version", "version__indicator", "area")
            .order_by("-version__number", "-period")
            .first()
        )
        if row:
            return row
    return None


def _rate(
    viewer: Viewer,
    code: str,
    places: Sequence[Area],
    figures: PopulationFigures | None,
    *,
    of_parts: str,
) -> Given | None:
    """A count per 1,000 people of 75 and over in the same area."""
    row = _newest(viewer, code, places)
    if row is None:
        return None
    shown = reading_of(row, row.version, row.area)
    count = shown.numerator if of_parts == "numerator" else shown.denominator
    there = figures if row.area == places[0] else population_of(row.area, clock.today())
    base = there.aged(LATE_OLD_AGE) if there else 0
    if count is None or not base:
        return None
    return Given(
        rounded(count / base * 1000, 1), f"{_source(row)}を75歳以上の人口{base:,}人で割った数。"
    )


def _source(row: Value) -> str:
    period = Period(row.period_kind, row.period).label
    return f"{row.area.name}の{row.version.name}（{period}、{row.source}）"
