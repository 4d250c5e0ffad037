"""Numbers of 架空広域 over eight years, and the printed values of the source documents."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.db import transaction

from renkei.demo import geography
from renkei.demo.region import municipalities
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.audit.actors import SYSTEM
from renkei.programme.indicators.models import IndicatorVersion
from renkei.programme.indicators.numerals import rounded
from renkei.programme.indicators.periods import Period, calendar_year, fiscal, on_day, plan
from renkei.programme.indicators.services.counting import count_values
from renkei.programme.indicators.services.reference import load_reference_values
from renkei.programme.indicators.services.values import NewValue, put
from renkei.programme.indicators.shipped.programme import FLAGS, ITEMS

Say = Callable[[str], None]
SEED: Final = 9902
YEARS: Final = range(2017, 2025)
SOURCE: Final = "架空県の統計（例）"
# Deaths per resident and year, and the share of certified persons among those of 65 and over.
_DEATHS, _CERTIFIED = 0.013, 0.19


@dataclass(frozen=True)
class _Rate:
    """A rate that moves from one level to another over the years, per so many of a population."""

    code: str
    first: float
    last: float
    # Index in (人口, 65歳以上, 75歳以上).
    base: int
    wobble: float = 0.08


_RATES: Final = (
    _Rate("A-P1", 0.0021, 0.0034, 0),
    _Rate("A-P2", 0.0009, 0.0015, 0),
    _Rate("D-P2", 0.021, 0.031, 1),
    _Rate("D-P1", 0.0052, 0.0066, 0),
    _Rate("E-P1", 0.0011, 0.0014, 0, 0.15),
    _Rate("K-P2", 0.00022, 0.00035, 0, 0.2),
)
_COUNTS: Final = (
    ("D-S2", 0.00016),
    ("D-S3", 0.00008),
    ("E-S1", 0.0002),
    ("K-S1", 0.00007),
)


@transaction.atomic
def measure_the_region(say: Say) -> None:
    """Eight years of numbers of the five municipalities and their prefecture, from a fixed seed."""
    load_reference_values(actor=SYSTEM)
    versions = {
        version.indicator.code: version
        for version in IndicatorVersion.objects.select_related("indicator")
    }
    chance = random.Random(SEED)
    places = {area.name: area for area in municipalities()}
    rows: list[NewValue] = []
    sums: dict[tuple[str, Period], list[Decimal]] = {}
    for one in geography.MUNICIPALITIES:
        for year in YEARS:
            for code, period, top, bottom in _of_year(one, year, chance):
                rows.append(_value(versions[code], places[one.name], period, top, bottom))
                total = sums.setdefault((code, period), [Decimal(0), Decimal(0)])
                total[0] += top
                total[1] += bottom or 0
    prefecture = Area.objects.filter(
        level=AreaLevel.PREFECTURE, prefecture_code=geography.PREFECTURE_CODE
    ).first()
    if prefecture:
        for (code, period), (top, bottom) in sums.items():
            if code not in {"R-COST", "R-PREM"}:
                rows.append(_value(versions[code], prefecture, period, top, bottom or None))
    rows += _money(versions, [*places.values(), *([prefecture] if prefecture else [])], chance)
    rows += _survey(versions, list(places.values()), chance)
    outcome = put(rows)
    counted = count_values(actor=SYSTEM)
    say(f"  指標の値 {len(outcome.added)}、記録から {len(counted.added)}")


def _of_year(
    one: geography.Municipality, year: int, chance: random.Random
) -> list[tuple[str, Period, Decimal, Decimal | None]]:
    """(code, period, numerator, denominator) of one municipality and year."""
    gone = 2026 - year
    people = round(one.population * (1 + 0.009 * gone))
    old = round(people * (one.share_65 - 0.35 * gone) / 100)
    late = round(people * (one.share_75 - 0.3 * gone) / 100)
    bases = (people, old, late)
    share = (year - YEARS[0]) / (len(YEARS) - 1)
    found: list[tuple[str, Period, Decimal, Decimal | None]] = [
        ("R-POP", calendar_year(year), Decimal(people), None),
        ("R-65", calendar_year(year), Decimal(old), None),
        ("R-75", calendar_year(year), Decimal(late), None),
        ("R-65-R", calendar_year(year), Decimal(old), Decimal(people)),
        ("R-75-R", calendar_year(year), Decimal(late), Decimal(people)),
    ]
    certified = round(old * _CERTIFIED * (1 + 0.02 * (chance.random() - 0.5)))
    found += [
        ("R-CERT", fiscal(year), Decimal(certified), None),
        ("R-CERT-R", fiscal(year), Decimal(certified), Decimal(old)),
    ]
    for rate in _RATES:
        level = rate.first + (rate.last - rate.first) * share
        count = bases[rate.base] * level * (1 + rate.wobble * (chance.random() * 2 - 1))
        found.append((rate.code, fiscal(year), Decimal(round(count)), Decimal(bases[rate.base])))
    deaths = round(people * _DEATHS)
    at_home = round(deaths * (0.13 + 0.05 * share) * (1 + 0.1 * (chance.random() * 2 - 1)))
    found += [
        ("K-O1", calendar_year(year), Decimal(at_home), None),
        ("K-O2", calendar_year(year), Decimal(at_home), Decimal(deaths)),
    ]
    for code, level in _COUNTS:
        found.append((code, fiscal(year), Decimal(max(round(people * level), 1)), None))
    return found


def _value(
    version: IndicatorVersion, area: Area, period: Period, top: Decimal, bottom: Decimal | None
) -> NewValue:
    value = top if bottom is None else rounded(top / bottom * version.factor, 6)
    return NewValue(
        version=version,
        area_id=area.pk,
        period=period,
        value=value,
        unit=version.unit,
        numerator=None if bottom is None else top,
        denominator=bottom,
        source=SOURCE,
        as_of=date(period.year + 1, 10, 1),
    )


def _money(
    versions: dict[str, IndicatorVersion], areas: list[Area], chance: random.Random
) -> list[NewValue]:
    """Costs of each year and premiums of each plan."""
    rows = []
    for area in areas:
        level = 0.95 + 0.1 * chance.random()
        for year in YEARS:
            cost = Decimal(round((21_000 + 420 * (year - YEARS[0])) * level, -1))
            rows.append(_value(versions["R-COST"], area, fiscal(year), cost, None))
        for number, year in enumerate((2015, 2018, 2021, 2024)):
            premium = Decimal(round((5_400 + 240 * number) * level, -1))
            rows.append(_value(versions["R-PREM"], area, plan(year), premium, None))
    return rows


def _survey(
    versions: dict[str, IndicatorVersion], areas: list[Area], chance: random.Random
) -> list[NewValue]:
    """What the municipalities answered on the eight items; the smallest has done least."""
    day = on_day(date(2026, 8, 1))
    rows = []
    for place, area in enumerate(areas):
        for letter in ITEMS:
            state = chance.choices((2, 1, 0), weights=(8 - place, 2, place))[0]
            rows.append(_answer(versions[f"J-{letter}"], area, day, state))
        rows += [_answer(versions[code], area, day, int(chance.random() < 0.6)) for code in FLAGS]
    return rows


def _answer(version: IndicatorVersion, area: Area, day: Period, value: int) -> NewValue:
    return NewValue(
        version=version,
        area_id=area.pk,
        period=day,
        value=Decimal(value),
        unit=version.unit,
        source="架空県の実施状況調査（例）",
        as_of=day.first,
    )
