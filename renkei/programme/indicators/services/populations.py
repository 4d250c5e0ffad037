"""The registered population of every area becomes values: what comparisons rest on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, Sum

from renkei.foundation.areas.models import Population, Sex
from renkei.foundation.areas.statistics import LATE_OLD_AGE, OLD_AGE
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.programme.indicators.models import IndicatorVersion
from renkei.programme.indicators.numerals import rounded
from renkei.programme.indicators.periods import calendar_year
from renkei.programme.indicators.services.values import NewValue, Outcome, put

SOURCE: Final = "住民基本台帳に基づく人口（登録済みの資料）"
_COUNTS: Final = ("R-POP", "R-65", "R-75")
_SHARES: Final = (("R-65-R", 1), ("R-75-R", 2))


@transaction.atomic
def count_populations(*, actor: Actor) -> Outcome:
    """The populations of ``areas`` as values, in two queries however many areas there are."""
    versions = {
        version.indicator.code: version
        for version in IndicatorVersion.objects.filter(
            indicator__code__in=[*_COUNTS, *(code for code, _place in _SHARES)]
        ).select_related("indicator")
    }
    by_age = Q(sex__in=(Sex.MALE, Sex.FEMALE))
    rows = (
        Population.objects.exclude(as_of=None)
        .values("area", "as_of")
        .annotate(
            total=Sum("count", filter=Q(sex=Sex.BOTH, age_from=None)),
            known=Sum("count", filter=by_age & Q(age_from__isnull=False)),
            old=Sum("count", filter=by_age & Q(age_from__gte=OLD_AGE)),
            late=Sum("count", filter=by_age & Q(age_from__gte=LATE_OLD_AGE)),
        )
        .order_by("area", "as_of")
    )
    new = [value for row in rows for value in _values(row, versions)] if versions else []
    outcome = put(new)
    if outcome.added or outcome.changed:
        record_event(
            actor=actor,
            action="indicators.counted",
            target=("counters", "populations"),
            detail={"added": len(outcome.added), "changed": len(outcome.changed)},
        )
    return outcome


def _values(row: dict[str, Any], versions: dict[str, IndicatorVersion]) -> list[NewValue]:
    found = []
    counts = (row["total"], row["old"], row["late"])
    for code, count in zip(_COUNTS, counts, strict=True):
        if count is not None:
            found.append(_value(versions[code], row, Decimal(count)))
    if row["known"]:
        # Some residents are in the total only: a share is of those whose age is known.
        known = Decimal(row["known"])
        for code, place in _SHARES:
            part = Decimal(counts[place] or 0)
            share = rounded(part / known * 100, 6)
            found.append(_value(versions[code], row, share, (part, known)))
    return found


def _value(
    version: IndicatorVersion,
    row: dict[str, Any],
    value: Decimal,
    parts: tuple[Decimal, Decimal] | None = None,
) -> NewValue:
    return NewValue(
        version=version,
        area_id=row["area"],
        period=calendar_year(row["as_of"].year),
        value=value,
        unit=version.unit,
        numerator=parts[0] if parts else None,
        denominator=parts[1] if parts else None,
        source=SOURCE,
        as_of=row["as_of"],
    )
