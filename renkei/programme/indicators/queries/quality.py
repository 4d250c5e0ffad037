"""The numbers around a viewer that are worth a second look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.common import clock
from renkei.programme.indicators.models import FindingReview, Value
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.quality import Finding, Point, findings_in
from renkei.programme.indicators.queries.catalogue import area_of
from renkei.programme.indicators.queries.values import is_hidden, values_for

_WHOLES = (AreaLevel.PREFECTURE, AreaLevel.SECONDARY_MEDICAL, AreaLevel.HOME_CARE)


@dataclass(frozen=True)
class Checked:
    """What was looked at, what is odd, and what somebody already found to be right."""

    count: int
    open: Sequence[Finding]
    reviewed: Sequence[tuple[Finding, FindingReview]]


def checked_values(viewer: Viewer) -> Checked:
    """The rules over every value of the viewer's prefecture, in a fixed number of queries."""
    own = area_of(viewer)
    code = own.prefecture_code if own else ""
    rows = values_for(viewer).filter(value__isnull=False, area__prefecture_code=code)
    # One definition at a time: numbers of two are never compared.
    points = [
        _point(row)
        for row in rows.select_related("version", "area", "indicator").order_by("pk")
        # A finding says the number: what nobody may read is not looked at.
        if not row.version.expression and not is_hidden(row, row.version)
    ]
    found = findings_in(points, _sums(code) if points else {})
    reviews = {
        (review.value_id, review.rule): review
        for review in FindingReview.objects.filter(value__in=[one.point.pk for one in found])
    }
    still, reviewed = [], []
    for one in found:
        review = reviews.get((one.point.pk, one.rule))
        if review and review.seen == one.point.value:
            reviewed.append((one, review))
        else:
            still.append(one)
    return Checked(len(points), still, reviewed)


def value_for(viewer: Viewer, pk: int) -> Value | None:
    """One value the viewer may read."""
    return values_for(viewer).filter(pk=pk, value__isnull=False).first()


def _sums(prefecture_code: str) -> dict[int, list[int]]:
    today = clock.today()
    wholes = Area.objects.filter(
        prefecture_code=prefecture_code, level__in=_WHOLES, period__contains=today
    )
    found = {}
    for area in wholes:
        inside = descendants_on(area, today).filter(
            level=AreaLevel.MUNICIPALITY, period__contains=today
        )
        found[area.pk] = list(inside.values_list("pk", flat=True))
    return found


def _point(row: Value) -> Point:
    version = row.version
    return Point(
        pk=row.pk,
        # Definitions apart.
        code=f"{row.indicator.code}#{version.number}",
        name=version.name,
        area_id=row.area_id,
        area_name=row.area.name,
        period=Period(row.period_kind, row.period),
        value=row.value or Decimal(0),
        unit=row.unit,
        decimals=version.decimals,
        factor=version.factor,
        aggregation=version.aggregation,
        numerator=row.numerator,
        denominator=row.denominator,
        is_municipality=row.area.level == AreaLevel.MUNICIPALITY,
    )
