"""An invented prefecture whose tables overlap, and what a reader of all of them has in hand."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.test import Client
from django.urls import reverse

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.tests import factories as areas
from renkei.programme.indicators.models import IndicatorVersion
from renkei.programme.indicators.periods import Period, fiscal, months_of
from renkei.programme.indicators.queries.comparing import MOST_AREAS
from renkei.programme.indicators.services.values import NewValue, put
from renkei.programme.indicators.tests import factories
from renkei.programme.indicators.tests.attacker import Knowledge

YEAR = fiscal(2024)
# Counts of towns as they are: mostly few, now and then many.
SIZES = (0, 0, 1, 2, 3, 4, 6, 9, 14, 30, 60)


class Region:
    """Towns in a prefecture, cut by 二次医療圏, by 地区 across them, and by a 在宅医療圏."""

    def __init__(self, towns: int = 7) -> None:
        numbers = range(towns)
        self.towns = [areas.make_area(name=f"架空{number}町") for number in numbers]
        self.parts: dict[Area, Sequence[Area]] = {}
        self.prefecture = self._over(AreaLevel.PREFECTURE, "架空県", self.towns, "administrative")
        half = towns // 2
        self.medical = [
            self._over(AreaLevel.SECONDARY_MEDICAL, "北医療圏", self.towns[:half], "medical"),
            self._over(AreaLevel.SECONDARY_MEDICAL, "南医療圏", self.towns[half:], "medical"),
        ]
        # Across: every third town.
        self.districts = [
            self._over(
                AreaLevel.WIDE_AREA_UNION,
                f"架空地区{place}",
                self.towns[place::3],
                "wide_area_union",
            )
            for place in range(3)
        ]
        self._over(AreaLevel.HOME_CARE, "在宅圏", self.towns[1 : half + 1], "medical_association")

    def _over(self, level: AreaLevel, name: str, towns: Sequence[Area], code: str) -> Area:
        area = areas.make_area(level=level, key=f"{level}/{name}", name=name)
        for town in towns:
            hierarchy = areas.make_hierarchy(code, code, exclusive=False)
            areas.make_edge(hierarchy=hierarchy, child=town, parent=area)
        self.parts[area] = towns
        return area

    @property
    def all(self) -> list[Area]:
        return [*self.towns, *self.parts]

    def inside(self, area: Area) -> Sequence[Area]:
        return self.parts.get(area, [area])


Counts = dict[tuple[int, Period], int]


def counts_of(region: Region, chance: random.Random, periods: Iterable[Period]) -> Counts:
    """A number of persons for every town and period."""
    weights = [chance.choice((1, 1, 3)) for _ in region.towns]
    return {
        (town.pk, period): min(chance.choice(SIZES) * weight, 99)
        for town, weight in zip(region.towns, weights, strict=True)
        for period in periods
    }


def summed(region: Region, counts: Counts, periods: Iterable[Period]) -> Counts:
    """Every area of every hierarchy, by period and by the whole year."""
    periods = list(periods)
    found: Counts = {}
    for area in region.all:
        for period in periods:
            found[area.pk, period] = sum(counts[town.pk, period] for town in region.inside(area))
        if periods[0].kind == "month":
            found[area.pk, YEAR] = sum(found[area.pk, period] for period in periods)
    return found


def publish(
    version: IndicatorVersion, numbers: Counts, whole: Counts | None = None, **fields: object
) -> None:
    """As an import does: not published by its source, shared with the prefecture."""
    rows = []
    for (area, period), count in numbers.items():
        bottom = whole[area, period] if whole else None
        value = Decimal(count)
        if bottom is not None:
            value = Decimal(count * 100) / bottom if bottom else Decimal(0)
        rows.append(
            NewValue(
                version=version,
                area_id=area,
                period=period,
                value=round(value, 6),
                numerator=None if bottom is None else Decimal(count),
                denominator=None if bottom is None else Decimal(bottom),
                unit=version.unit,
                source="架空の記録",
                as_of=period.last,
                **({"sharing": "shared"} | fields),  # type: ignore[arg-type]
            )
        )
    put(rows)


def read(region: Region, version: IndicatorVersion) -> dict[tuple[int, str], Decimal | None]:
    """What stands in the files a prefecture's officer takes home: value by area and period."""
    found: dict[tuple[int, str], Decimal | None] = {}
    user = factories.membership(Role.PREFECTURE, region.prefecture).user
    client = accounts.sign_in(Client(), user)
    names = {area.name: area.pk for area in region.all}
    for start in range(0, len(region.all), MOST_AREAS):
        asked = region.all[start : start + MOST_AREAS]
        url = reverse("indicators:indicator_file", args=[version.indicator.code, "csv"])
        answer = client.get(url, {"area": [area.pk for area in asked]})
        assert answer.status_code == 200, answer.content.decode()
        for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))):
            number = Decimal(row["値"]) if row["値"] else None
            if number is None and row["値がない理由"] != "非公開":
                continue
            found[names[row["地域"]], row["期間"]] = number
    return found


def knowledge(
    region: Region, tables: dict[tuple[int, str], Decimal | None], periods: Sequence[Period]
) -> Knowledge:
    """The tables as equations: over every hierarchy and over the months of the year."""
    held = Knowledge()
    for cell, value in tables.items():
        if value is None:
            held.hidden[cell] = 1
        else:
            held.seen[cell] = float(value)
    all_periods = [*periods, *([YEAR] if periods[0].kind == "month" else [])]
    for period in all_periods:
        for area, towns in region.parts.items():
            held.add((area.pk, period.label), [(town.pk, period.label) for town in towns])
        for parts in (region.medical, region.districts):
            held.add(
                (region.prefecture.pk, period.label), [(part.pk, period.label) for part in parts]
            )
    if periods[0].kind == "month":
        for area in region.all:
            held.add((area.pk, YEAR.label), [(area.pk, one.label) for one in periods])
    return held


MONTHS = months_of(YEAR)
