"""The numbers around a viewer that are worth a second look."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.common import clock
from renkei.programme.indicators.models import (
    CheckedTable,
    FindingReview,
    IndicatorVersion,
    Sharing,
    Value,
)
from renkei.programme.indicators.periods import Period
from renkei.programme.indicators.quality import Finding, Point, findings_in
from renkei.programme.indicators.queries.values import is_hidden, values_for
from renkei.programme.indicators.rules import may_read_indicators

_WHOLES = (AreaLevel.PREFECTURE, AreaLevel.SECONDARY_MEDICAL, AreaLevel.HOME_CARE)

# A table in which more is odd was read wrongly as a whole: these show it.
MOST_FINDINGS = 50


@dataclass(frozen=True)
class Checked:
    """What was looked at, what is odd, and what somebody already found to be right."""

    count: int
    open: Sequence[Finding]
    reviewed: Sequence[tuple[Finding, FindingReview]]
    # Worked out just now from published values; ``services.quality.keep_tables`` keeps it.
    fresh: Sequence[CheckedTable] = ()


def checked_values(viewer: Viewer) -> Checked:
    """The rules over every value of the viewer's prefecture, in a fixed number of queries.

    What was found among published values is the same for everybody and kept until one changes;
    where a definition has values that are not published, the viewer's own sight counts.
    """
    own = own_area_of(viewer)
    code = own.prefecture_code if own else ""
    closed = set(
        Value.objects.exclude(sharing=Sharing.OPEN)
        .filter(area__prefecture_code=code)
        .values_list("version_id", flat=True)
        .distinct()
    )
    kept, fresh = _tables(code, closed) if may_read_indicators(viewer) else ([], [])
    seen = values_for(viewer).filter(version__in=closed)
    count, found = _found_in(seen, code) if closed else (0, [])
    count += sum(table.count for table in kept)
    found += [_from_json(each) for table in kept for each in table.findings]
    found.sort(key=lambda one: (one.point.code, one.point.area_name, one.rule))
    reviews = {
        (review.value_id, review.rule): review
        for review in FindingReview.objects.filter(value__area__prefecture_code=code)
    }
    still, reviewed = [], []
    for one in found:
        review = reviews.get((one.point.pk, one.rule))
        if review and review.seen == one.point.value:
            reviewed.append((one, review))
        else:
            still.append(one)
    return Checked(count, still, reviewed, fresh)


def _tables(code: str, closed: Collection[int]) -> tuple[list[CheckedTable], list[CheckedTable]]:
    """What is known of the published definitions; and what of it was worked out just now."""
    tables = list(CheckedTable.objects.filter(prefecture_code=code).exclude(version__in=closed))
    missing = set(
        IndicatorVersion.objects.filter(expression="")
        .exclude(pk__in=[*closed, *(table.version_id for table in tables)])
        .values_list("pk", flat=True)
    )
    for pk in sorted(missing):
        count, found = _found_in(Value.objects.filter(version=pk), code)
        tables.append(
            CheckedTable(
                version_id=pk,
                prefecture_code=code,
                count=count,
                findings=[_to_json(one) for one in found[:MOST_FINDINGS]],
            )
        )
    return tables, [table for table in tables if table.version_id in missing]


def _found_in(rows: QuerySet[Value], code: str) -> tuple[int, list[Finding]]:
    """How many numbers were looked at, and what is odd about them."""
    known = rows.filter(value__isnull=False, area__prefecture_code=code)
    # One definition at a time: numbers of two are never compared.
    points = [
        _point(row)
        for row in known.select_related("version", "area", "indicator").order_by("pk")
        # A finding says the number: what nobody may read is not looked at.
        if not row.version.expression and not is_hidden(row, row.version)
    ]
    return len(points), findings_in(points, _sums(code) if points else {})


def _to_json(one: Finding) -> dict[str, Any]:
    point = asdict(one.point) | {
        "period": [one.point.period.kind, one.point.period.key],
        "value": str(one.point.value),
        "numerator": None,
        "denominator": None,
    }
    return {"rule": one.rule, "words": one.words, "point": point}


def _from_json(data: dict[str, Any]) -> Finding:
    point = dict(data["point"])
    kind, key = point.pop("period")
    value = Decimal(point.pop("value"))
    return Finding(
        Point(period=Period(kind, key), value=value, **point), data["rule"], data["words"]
    )


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
