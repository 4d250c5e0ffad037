"""Which areas an indicator can be compared over, and the numbers side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import ancestors_on
from renkei.foundation.common import clock
from renkei.programme.indicators.expressions import parse
from renkei.programme.indicators.models import Indicator, IndicatorVersion, Value
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.queries.catalogue import area_of
from renkei.programme.indicators.queries.values import Reading, missing, readings, values_for

# More lines than this nobody can tell apart.
MOST_AREAS: Final = 8
MOST_CHOICES: Final = 80
# A chart of more periods than this shows the newest.
MOST_PERIODS: Final = 24
_ORDER: Final = (
    AreaLevel.NATION,
    AreaLevel.PREFECTURE,
    AreaLevel.TERTIARY_MEDICAL,
    AreaLevel.SECONDARY_MEDICAL,
    AreaLevel.HOME_CARE,
    AreaLevel.WIDE_AREA_UNION,
    AreaLevel.MUNICIPALITY,
)


@dataclass(frozen=True)
class Side:
    """One area beside the others, a reading for each period of the table."""

    area: Area
    cells: Sequence[Reading]


@dataclass(frozen=True)
class Comparison:
    """One definition over areas and periods, from the oldest."""

    version: IndicatorVersion
    periods: Sequence[Period]
    sides: Sequence[Side]

    @property
    def has_values(self) -> bool:
        return any(cell.value is not None for side in self.sides for cell in side.cells)


def areas_with_values(viewer: Viewer, indicators: Collection[Indicator]) -> list[Area]:
    """Areas the viewer can choose: those around their own first, then the rest by code."""
    held = _held(viewer, indicators).values("area").distinct()
    own = area_of(viewer)
    around = Q(prefecture_code=own.prefecture_code) if own else Q()
    wide = Q(level__in=(AreaLevel.NATION, AreaLevel.PREFECTURE))
    found = Area.objects.filter(pk__in=held)
    near = list(found.filter(around | wide).order_by("code", "key")[:MOST_CHOICES])
    if len(near) < MOST_CHOICES and own:
        rest = found.exclude(around | wide).order_by("code", "key")
        near += list(rest[: MOST_CHOICES - len(near)])
    return sorted(near, key=lambda area: (_rank(area), area.code, area.key))


def _held(viewer: Viewer, indicators: Collection[Indicator]) -> QuerySet[Value]:
    """What there is of these indicators, or of those they are worked out from."""
    codes = {indicator.code for indicator in indicators}
    for indicator in indicators:
        if expression := indicator.latest.expression:
            codes |= parse(expression).codes
    return values_for(viewer).filter(indicator__code__in=codes)


def _rank(area: Area) -> int:
    level = AreaLevel(area.level)
    return _ORDER.index(level) if level in _ORDER else len(_ORDER)


def chosen_areas(
    viewer: Viewer, indicators: Collection[Indicator], wanted: Sequence[int], *, name: str = ""
) -> list[Area]:
    """The areas to show: those asked for, else one's own beside those above it that have values."""
    held = set(_held(viewer, indicators).values_list("area", flat=True))
    asked = Area.objects.in_bulk([pk for pk in wanted if pk in held][:MOST_AREAS])
    found = [asked[pk] for pk in dict.fromkeys(wanted) if pk in asked]
    if name:
        named = Area.objects.filter(pk__in=held, name=name).exclude(pk__in=asked)
        found += list(named.order_by("code")[:1])
    if name and len(found) == 1:
        # Beside what lies above it, as one's own area is.
        found += _above(found[0], held)
    return found[:MOST_AREAS] or _by_default(viewer, held)


def _above(area: Area, held: set[int]) -> list[Area]:
    """The areas above one that have values, nearest first."""
    above = [one.area for one in ancestors_on(area, clock.today()) if one.area.pk in held]
    return list({one.pk: one for one in above}.values())[:3]


def _by_default(viewer: Viewer, held: set[int]) -> list[Area]:
    own = area_of(viewer)
    near = [own, *(one.area for one in ancestors_on(own, clock.today()))] if own else []
    nation = Area.objects.filter(level=AreaLevel.NATION).first()
    near += [nation] if nation else []
    found = {area.pk: area for area in near if area.pk in held}
    if found and (own is None or own.pk in held):
        return list(found.values())[:4]
    others = Area.objects.filter(pk__in=held - set(found), level=AreaLevel.MUNICIPALITY)
    if own:
        inside = others.filter(prefecture_code=own.prefecture_code).order_by("code").first()
        first = inside or (None if found else others.order_by("code").first())
    else:
        first = others.order_by("code").first()
    areas = [first, *found.values()] if first else list(found.values())
    if not areas:
        areas = list(Area.objects.filter(pk__in=held).order_by("code", "key")[:2])
    if first and not found:
        areas += _above(first, held)
    return areas[:4]


def comparison(
    viewer: Viewer, version: IndicatorVersion, areas: Sequence[Area], *, newest: int = MOST_PERIODS
) -> Comparison:
    """The numbers of these areas beside each other; a gap is said, never filled."""
    found = readings(viewer, version, areas)
    periods = sorted({period for _area, period in found})[-newest:]
    return Comparison(
        version,
        periods,
        [
            Side(
                area,
                [
                    found.get((area.pk, period)) or missing(version, area, period)
                    for period in periods
                ],
            )
            for area in areas
        ],
    )


def newest_values(
    viewer: Viewer, area: Area | None, indicators: Collection[Indicator]
) -> dict[int, Value]:
    """The newest value of an area by indicator, in one query."""
    rows = (
        values_for(viewer)
        .filter(area=area, indicator__in=indicators)
        .select_related("version", "version__indicator", "area")
        .order_by("indicator_id", "-version__number", "-period")
        .distinct("indicator_id")
    )
    return {row.indicator_id: row for row in rows}
