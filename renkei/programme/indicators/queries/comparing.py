"""Which areas an indicator can be compared over, and the numbers side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import ancestors_on
from renkei.foundation.common import clock
from renkei.programme.indicators.expressions import parse
from renkei.programme.indicators.models import Indicator, IndicatorVersion, Value
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.queries.values import (
    Reading,
    Sight,
    missing,
    readings,
    values_for,
)

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
    own = own_area_of(viewer)
    around = Q(prefecture_code=own.prefecture_code) if own else Q()
    wide = Q(level__in=(AreaLevel.NATION, AreaLevel.PREFECTURE))
    found = _with_values(viewer, indicators)
    near = list(found.filter(around | wide).order_by("code", "key")[:MOST_CHOICES])
    if len(near) < MOST_CHOICES and own:
        rest = found.exclude(around | wide).order_by("code", "key")
        near += list(rest[: MOST_CHOICES - len(near)])
    return sorted(near, key=lambda area: (_rank(area), area.code, area.key))


def _held(viewer: Viewer, indicators: Collection[Indicator]) -> QuerySet[Value]:
    """What there is of these indicators, or of those they are worked out from."""
    known = {indicator.pk for indicator in indicators}
    codes: set[str] = set()
    for indicator in indicators:
        if expression := indicator.latest.expression:
            codes |= parse(expression).codes
    if codes:
        known |= set(Indicator.objects.filter(code__in=codes).values_list("pk", flat=True))
    return values_for(viewer).filter(indicator__in=known)


def _with_values(viewer: Viewer, indicators: Collection[Indicator]) -> QuerySet[Area]:
    """The areas that have any: each is looked up, the values of the country are not read."""
    return Area.objects.filter(Exists(_held(viewer, indicators).filter(area=OuterRef("pk"))))


def _among(found: QuerySet[Area], areas: Collection[Area]) -> list[Area]:
    """Those of these areas, in their order."""
    held = set(found.filter(pk__in={area.pk for area in areas}).values_list("pk", flat=True))
    return list({area.pk: area for area in areas if area.pk in held}.values())


def _rank(area: Area) -> int:
    level = AreaLevel(area.level)
    return _ORDER.index(level) if level in _ORDER else len(_ORDER)


def chosen_areas(
    viewer: Viewer, indicators: Collection[Indicator], wanted: Sequence[int], *, name: str = ""
) -> list[Area]:
    """The areas to show: those asked for, else one's own beside those above it that have values."""
    held = _with_values(viewer, indicators)
    asked = held.in_bulk(wanted[: MOST_AREAS * 2]) if wanted else {}
    found = [asked[pk] for pk in dict.fromkeys(wanted) if pk in asked][:MOST_AREAS]
    if name:
        named = held.filter(name=name).exclude(pk__in=asked)
        found += list(named.order_by("code")[:1])
    if name and len(found) == 1:
        # Beside what lies above it, as one's own area is.
        found += _above(found[0], held)
    return found[:MOST_AREAS] or _by_default(viewer, held)


def _above(area: Area, held: QuerySet[Area]) -> list[Area]:
    """The areas above one that have values, nearest first."""
    return _among(held, [one.area for one in ancestors_on(area, clock.today())])[:3]


def _by_default(viewer: Viewer, held: QuerySet[Area]) -> list[Area]:
    own = own_area_of(viewer)
    near = [own, *(one.area for one in ancestors_on(own, clock.today()))] if own else []
    nation = Area.objects.filter(level=AreaLevel.NATION).first()
    near += [nation] if nation else []
    found = _among(held, near)
    if found and (own is None or own in found):
        return found[:4]
    others = held.filter(level=AreaLevel.MUNICIPALITY).exclude(pk__in=[one.pk for one in found])
    if own:
        inside = others.filter(prefecture_code=own.prefecture_code).order_by("code").first()
        first = inside or (None if found else others.order_by("code").first())
    else:
        first = others.order_by("code").first()
    areas = [first, *found] if first else found
    if not areas:
        areas = list(held.order_by("code", "key")[:2])
    if first and not found:
        areas += _above(first, held)
    return areas[:4]


def comparison(
    viewer: Viewer,
    version: IndicatorVersion,
    areas: Sequence[Area],
    *,
    newest: int = MOST_PERIODS,
    sight: Sight | None = None,
) -> Comparison:
    """The numbers of these areas beside each other; a gap is said, never filled."""
    found = readings(viewer, version, areas, sight=sight)
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
