"""Values as a viewer may read them: suppressed, missing and zero stay apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Q, QuerySet

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.common import clock
from renkei.foundation.common.suppression import is_small
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
from renkei.programme.indicators.queries.catalogue import area_of
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
    own = area_of(viewer) if may_read_indicators(viewer) else None
    inside = descendants_on(own, clock.today()).values_list("pk", flat=True) if own else []
    # The prefecture reads what its municipalities share, not what they keep to themselves.
    at_home = frozenset(inside) if viewer.role != Role.PREFECTURE else frozenset()
    return Sight(at_home, viewer.role in _BESIDE)


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
) -> dict[tuple[int, Period], Reading]:
    """What is known of one definition by area and period, in one query beside the sight."""
    rows = values_for(viewer).filter(version=version, area__in=[area.pk for area in areas])
    if periods is not None:
        keys = {period.key for period in periods}
        rows = rows.filter(period__in=keys)
    by_pk = {area.pk: area for area in areas}
    found = {}
    for row in rows.order_by("area_id", "period"):
        period = Period(row.period_kind, row.period)
        found[row.area_id, period] = reading_of(row, version, by_pk[row.area_id])
    return found


def reading(viewer: Viewer, indicator: Indicator, area: Area, period: Period | str) -> Reading:
    """One number under the newest definition that has one; 記録なし where nobody has."""
    versions = sorted(indicator.versions.all(), key=lambda one: -one.number)
    if isinstance(period, str):
        period = Period(versions[0].period_kind, period)
    rows = values_for(viewer).filter(
        indicator=indicator, area=area, period_kind=period.kind, period=period.key
    )
    row = rows.select_related("version").order_by("-version__number").first()
    if row is None:
        return missing(versions[0], area, period)
    return reading_of(row, row.version, area, code=indicator.code)


def reading_of(
    row: Value, version: IndicatorVersion, area: Area, *, code: str | None = None
) -> Reading:
    """A stored value as it is read: a small number of persons of an unpublished count is hidden."""
    period = Period(row.period_kind, row.period)
    hidden = row.sharing != Sharing.OPEN and version.counts_persons and _is_small(row)
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


def _is_small(row: Value) -> bool:
    """The persons themselves, the rest of a share, or a plain count of them."""
    if row.numerator is not None:
        rest = (row.denominator or row.numerator) - row.numerator
        return is_small(int(row.numerator)) or is_small(int(rest))
    return row.value is not None and row.n is None and is_small(int(row.value))


def _figure(value: Decimal | None, absence: str, version: IndicatorVersion, printed: str) -> str:
    if value is None:
        return str(Absence(absence).label)
    return number_text(value, version.decimals, printed)


def _with_unit(figure: str, unit: str, value: Decimal | None) -> str:
    return figure if value is None else f"{figure} {unit}"
