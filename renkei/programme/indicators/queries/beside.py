"""Municipalities beside each other for one indicator and period, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log
from typing import Final

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel, AreaNeighbour
from renkei.foundation.areas.queries import ancestors_on, descendants_on
from renkei.foundation.common import clock
from renkei.programme.indicators.intervals import UNKNOWN, Interval, interval_of, standing
from renkei.programme.indicators.models import IndicatorVersion
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.queries.values import Reading, readings, values_for

PREFECTURE, SECONDARY, NEIGHBOURS, SIMILAR = "prefecture", "secondary", "neighbours", "similar"
GROUPS: Final = {
    PREFECTURE: "同じ県の市区町村",
    SECONDARY: "同じ二次医療圏",
    NEIGHBOURS: "隣り合う市区町村",
    SIMILAR: "似た市区町村",
}
# How many municipalities of a like size and age stand beside one's own.
SIMILAR_COUNT: Final = 10
_POPULATION, _AGEING = "R-POP", "R-65-R"
# Ten points of ageing weigh as much as a population twice as large.
_AGEING_WEIGHT: Final = 0.07


@dataclass(frozen=True)
class Standing:
    """One municipality: its number, how sure it is, and where it stands to the whole."""

    area: Area
    reading: Reading
    interval: Interval | None
    side: str
    is_own: bool


@dataclass(frozen=True)
class Beside:
    """A group in one period. ``whole`` is of all with numerator and denominator together."""

    version: IndicatorVersion
    period: Period
    group: str
    rows: Sequence[Standing]
    whole: float | None

    @property
    def own(self) -> Standing | None:
        return next((row for row in self.rows if row.is_own), None)


def members_of(viewer: Viewer, own: Area, group: str) -> list[Area]:
    """The municipalities of a group around one's own, itself among them, by code."""
    today = clock.today()
    towns = Area.objects.filter(level=AreaLevel.MUNICIPALITY, period__contains=today)
    if group == NEIGHBOURS:
        links = AreaNeighbour.objects.filter(area=own).values("neighbour")
        found = towns.filter(pk__in=links) | towns.filter(pk=own.pk)
    elif group == SECONDARY:
        above = [
            one.area.pk
            for one in ancestors_on(own, today)
            if one.area.level == AreaLevel.SECONDARY_MEDICAL
        ]
        found = descendants_on(above or [own.pk], today).filter(
            level=AreaLevel.MUNICIPALITY, period__contains=today
        )
    elif group == SIMILAR:
        found = towns.filter(pk__in=_similar(viewer, own))
    else:
        found = towns.filter(prefecture_code=own.prefecture_code)
    return list(found.order_by("code", "key"))


def _similar(viewer: Viewer, own: Area) -> list[int]:
    """Nearest in population and ageing, by the newest of both."""
    seen = values_for(viewer).filter(
        indicator__code__in=(_POPULATION, _AGEING), value__isnull=False
    )
    # The newest of one's own: those of other years are not of a like size.
    newest = seen.filter(area=own).order_by("-period").values_list("period", flat=True)[:1]
    rows = seen.filter(period__in=list(newest), area__level=AreaLevel.MUNICIPALITY).values_list(
        "area_id", "indicator__code", "value"
    )
    facts: dict[int, dict[str, float]] = {}
    for area_id, code, value in rows:
        facts.setdefault(area_id, {})[code] = float(value or 0)
    mine = facts.get(own.pk, {})
    if not mine.get(_POPULATION) or _AGEING not in mine:
        return [own.pk]

    def distance(one: dict[str, float]) -> float:
        size = abs(log(one[_POPULATION] / mine[_POPULATION]) / log(2))
        return size + abs(one[_AGEING] - mine[_AGEING]) * _AGEING_WEIGHT * 10 / 7

    known = {pk: one for pk, one in facts.items() if one.get(_POPULATION) and _AGEING in one}
    return sorted(known, key=lambda pk: (distance(known[pk]), pk))[: SIMILAR_COUNT + 1]


def newest_period(
    viewer: Viewer, version: IndicatorVersion, areas: Sequence[Area]
) -> Period | None:
    """The newest period in which any of these areas has a number."""
    row = (
        values_for(viewer)
        .filter(version=version, area__in=areas, value__isnull=False)
        .order_by("-period")
        .values("period_kind", "period")
        .first()
    )
    return Period(row["period_kind"], row["period"]) if row else None


def beside(
    viewer: Viewer, version: IndicatorVersion, own: Area, period: Period, group: str
) -> Beside:
    """The group's numbers with intervals, in the order of codes: no ranking."""
    areas = members_of(viewer, own, group)
    found = readings(viewer, version, areas, periods=[period])
    known = [(area, found[area.pk, period]) for area in areas if (area.pk, period) in found]
    whole = _whole(version, [reading for _area, reading in known])
    rows = [_standing(version, area, reading, whole, own) for area, reading in known]
    return Beside(version, period, group, rows, whole)


def _whole(version: IndicatorVersion, rows: Sequence[Reading]) -> float | None:
    parts = [
        (row.numerator, row.denominator)
        for row in rows
        if row.numerator is not None and row.denominator
    ]
    bottom = sum((bottom for _top, bottom in parts if bottom), Decimal(0))
    if not bottom:
        return None
    return float(sum((top for top, _bottom in parts), Decimal(0)) / bottom * version.factor)


def _standing(
    version: IndicatorVersion, area: Area, reading: Reading, whole: float | None, own: Area
) -> Standing:
    top, bottom = reading.numerator, reading.denominator
    if top is None or not bottom or whole is None:
        return Standing(area, reading, None, UNKNOWN, area.pk == own.pk)
    return Standing(
        area,
        reading,
        interval_of(float(top), float(bottom), version.factor),
        standing(float(top), float(bottom), whole, version.factor),
        area.pk == own.pk,
    )


def periods_of(viewer: Viewer, version: IndicatorVersion, own: Area) -> list[Period]:
    """The periods one's own area has a number for, the newest first."""
    rows = values_for(viewer).filter(version=version, area=own, value__isnull=False)
    keys = rows.order_by("-period").values_list("period_kind", "period")[:12]
    return [Period(kind, key) for kind, key in keys]
