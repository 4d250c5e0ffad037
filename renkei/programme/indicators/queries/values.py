"""Values as a viewer may read them: suppressed, missing and zero stay apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Q, QuerySet

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.common import clock
from renkei.foundation.common.kept_queries import kept
from renkei.programme.indicators.cells import Cell
from renkei.programme.indicators.expressions import Expression, parse
from renkei.programme.indicators.models import (
    Absence,
    Indicator,
    IndicatorVersion,
    Quality,
    Sharing,
    Value,
)
from renkei.programme.indicators.numerals import number_text
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.persons import is_telling
from renkei.programme.indicators.rules import may_read_indicators

# Who reads what an area shares with those around and above it.
_BESIDE: Final = frozenset({Role.MUNICIPAL_STAFF, Role.PREFECTURE})


@dataclass(frozen=True)
class Reading:
    """One number as one viewer may read it, with all one needs to cite it."""

    code: str
    name: str
    definition_number: int
    definition_text: str
    area_key: str
    area_code: str
    area_name: str
    period: Period
    period_label: str
    value: Decimal | None
    absence: str
    unit: str
    # As printed, with its unit: 「38.2 %」「非公開」「記録なし」.
    text: str
    # Without the unit, for tables whose head says it.
    figure: str
    source: str
    as_of: date | None
    flag: str
    note: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    n: int | None = None

    @property
    def is_doubtful(self) -> bool:
        return bool(self.flag)


@dataclass(frozen=True)
class Sight:
    """What a viewer may see of values; asked once per page."""

    own_ids: frozenset[int]
    sees_shared: bool


def sight_of(viewer: Viewer) -> Sight:
    """The areas a viewer is at home in, and whether it reads what others share."""
    own = own_area_of(viewer) if may_read_indicators(viewer) else None
    # The prefecture reads what its municipalities share, not what they keep to themselves.
    is_above = viewer.role == Role.PREFECTURE
    inside = _inside([own.pk], clock.today()) if own and not is_above else []
    return Sight(frozenset(area.pk for area in inside), viewer.role in _BESIDE)


@kept
def _inside(areas: list[int], day: date) -> QuerySet[Area]:
    """The area itself and what lies in it; asked by every reading."""
    return descendants_on(areas, day).only("pk")


def values_for(viewer: Viewer, *, sight: Sight | None = None) -> QuerySet[Value]:
    """The values a viewer may read; deny by default."""
    if not may_read_indicators(viewer):
        return Value.objects.none()
    sight = sight or sight_of(viewer)
    seen = Q(sharing=Sharing.OPEN) | Q(area__in=sight.own_ids)
    if sight.sees_shared:
        seen |= Q(sharing=Sharing.SHARED)
    return Value.objects.filter(seen)


def readings(
    viewer: Viewer,
    version: IndicatorVersion,
    areas: Collection[Area],
    *,
    periods: Iterable[Period] | None = None,
    sight: Sight | None = None,
) -> dict[tuple[int, Period], Reading]:
    """What is known of one definition by area and period, in one query beside the sight."""
    sight = sight or sight_of(viewer)
    rows = values_for(viewer, sight=sight).filter(
        version=version, area__in=[area.pk for area in areas]
    )
    wanted = None if periods is None else set(periods)
    if wanted is not None:
        rows = rows.filter(period__in={period.key for period in wanted})
    by_pk = {area.pk: area for area in areas}
    found = {}
    for row in rows.order_by("area_id", "period"):
        period = Period(row.period_kind, row.period)
        found[row.area_id, period] = reading_of(row, version, by_pk[row.area_id])
    if version.expression:
        for place, one in _worked_out(viewer, version, areas, sight).items():
            if wanted is None or place[1] in wanted:
                found.setdefault(place, one)
    return found


def _worked_out(
    viewer: Viewer, version: IndicatorVersion, areas: Collection[Area], sight: Sight
) -> dict[tuple[int, Period], Reading]:
    """The values of an expression, from what the viewer may read of its indicators."""
    expression = parse(version.expression)
    operands = IndicatorVersion.objects.filter(
        indicator__code__in=expression.codes, period_kind=version.period_kind
    ).select_related("indicator")
    newest = {one.indicator.code: one for one in operands.order_by("number")}
    # An expression over expressions would ask round and round.
    known = {
        code: readings(viewer, one, areas, sight=sight)
        for code, one in newest.items()
        if not one.expression
    }
    by_pk = {area.pk: area for area in areas}
    places = {place for found in known.values() for place in found}
    return {
        place: _computed(version, by_pk[place[0]], place[1], expression, known)
        for place in sorted(places)
    }


def _computed(
    version: IndicatorVersion,
    area: Area,
    period: Period,
    expression: Expression,
    known: Mapping[str, Mapping[tuple[int, Period], Reading]],
) -> Reading:
    def lookup(code: str, before: int) -> Cell:
        at = period.before(before) if before else period
        one = known.get(code, {}).get((area.pk, at))
        if one is None:
            return Cell.without(Absence.NOT_RECORDED)
        return Cell(one.value, one.absence)

    cell = expression.value(lookup)
    if cell.value is None:
        return missing(version, area, period, Absence(cell.absence))
    used = [one for found in known.values() if (one := found.get((area.pk, period)))]
    figure = number_text(cell.value, version.decimals)
    return replace(
        missing(version, area, period),
        value=cell.value,
        absence="",
        figure=figure,
        text=_with_unit(figure, version.unit, cell.value),
        source="、".join(dict.fromkeys(one.source for one in used)),
        as_of=min((one.as_of for one in used if one.as_of), default=None),
        flag=next((one.flag for one in used if one.flag), ""),
    )


def reading(viewer: Viewer, indicator: Indicator, area: Area, period: Period | str) -> Reading:
    """One number under the newest definition that has one; 記録なし where nobody has."""
    versions = sorted(indicator.versions.all(), key=lambda one: -one.number)
    if isinstance(period, str):
        period = Period(versions[0].period_kind, period)
    rows = values_for(viewer).filter(
        indicator=indicator, area=area, period_kind=period.kind, period=period.key
    )
    row = rows.select_related("version").order_by("-version__number").first()
    if row is None and versions[0].expression:
        worked = readings(viewer, versions[0], [area], periods=[period])
        return worked.get((area.pk, period)) or missing(versions[0], area, period)
    if row is None:
        return missing(versions[0], area, period)
    return reading_of(row, row.version, area, code=indicator.code)


def reading_of(
    row: Value, version: IndicatorVersion, area: Area, *, code: str | None = None
) -> Reading:
    """A stored value as it is read: a small number of persons of an unpublished count is hidden."""
    period = Period(row.period_kind, row.period)
    hidden = is_hidden(row, version)
    value = None if hidden else row.value
    absence = Absence.SUPPRESSED.value if hidden else row.absence
    figure = _figure(value, absence, version, row.printed)
    return Reading(
        code=code or version.indicator.code,
        name=version.name,
        definition_number=version.number,
        definition_text=version.text,
        area_key=area.key,
        area_code=area.code,
        area_name=area.name,
        period=period,
        period_label=period.label,
        value=value,
        absence=absence,
        unit=row.unit,
        text=_with_unit(figure, row.unit, value),
        figure=figure,
        source=row.source,
        as_of=row.as_of,
        flag="" if row.quality == Quality.OK else Quality(row.quality).label,
        note=row.note,
        numerator=None if hidden else row.numerator,
        denominator=None if hidden else row.denominator,
        n=None if hidden else row.n,
    )


def missing(
    version: IndicatorVersion,
    area: Area,
    period: Period,
    absence: Absence = Absence.NOT_RECORDED,
) -> Reading:
    """There is no value: that is said, never zero."""
    return Reading(
        code=version.indicator.code,
        name=version.name,
        definition_number=version.number,
        definition_text=version.text,
        area_key=area.key,
        area_code=area.code,
        area_name=area.name,
        period=period,
        period_label=period.label,
        value=None,
        absence=absence.value,
        unit=version.unit,
        text=absence.label,
        figure=absence.label,
        source="",
        as_of=None,
        flag="",
    )


def is_hidden(row: Value, version: IndicatorVersion) -> bool:
    """What ``settle`` decided; a small number on its own is hidden even before that."""
    if row.is_hidden:
        return True
    return row.sharing != Sharing.OPEN and version.counts_persons and is_telling(row, version)


def _figure(value: Decimal | None, absence: str, version: IndicatorVersion, printed: str) -> str:
    if value is None:
        return str(Absence(absence).label)
    return number_text(value, version.decimals, printed)


def _with_unit(figure: str, unit: str, value: Decimal | None) -> str:
    return figure if value is None else f"{figure} {unit}"
