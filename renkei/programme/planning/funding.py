"""Who pays which share in which year, and how a sum is split to the yen.

Sources: S0 (Kurume, R6 council), S3 (national briefing, H27 and the FY2016 budget); both in
domain/source-features.md §1 F-FR-03. Shares that neither prints are marked as unconfirmed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.db import models


class CostCategory(models.TextChoices):
    """The nine 費目. Source: S4, 道事業 (domain/source-features.md §3 F-P-8)."""

    SALARY = "salary", "人件費"
    INSURANCE = "insurance", "雇用・社会保険料"
    FEE = "fee", "報償費"
    TRAVEL = "travel", "旅費"
    SUPPLIES = "supplies", "需用費"
    SERVICES = "services", "役務費"
    RENT = "rent", "使用料及び賃借料"
    CONTRACT = "contract", "委託料"
    EQUIPMENT = "equipment", "備品購入費"


class Funding(models.TextChoices):
    """財源 of a line."""

    COMPREHENSIVE = "comprehensive", "地域支援事業交付金（包括的支援事業・任意事業）"
    PREVENTION = "prevention", "地域支援事業交付金（総合事業）"
    FUND = "fund", "地域医療介護総合確保基金"
    SUBSIDY = "subsidy", "その他の補助金"
    OWN = "own", "市町村の一般財源"


# Source: F-P-7: the fund must be kept apart from the grant.
GRANTS: Final = frozenset({Funding.COMPREHENSIVE, Funding.PREVENTION})
BOTH: Final = (
    "同じ活動・項目・費目・内訳の行に、{other}がすでに付いています。"
    "地域支援事業交付金と地域医療介護総合確保基金は、1つの行の経費に重ねて使えません。"
    "どちらか一方にするか、経費を内訳で分けてください。"
)

STATE, PREFECTURE, TOWN, FIRST, SECOND = (
    "国", "都道府県", "市町村", "1号保険料", "2号保険料",
)  # fmt: skip
S0: Final = "久留米市 令和6年度協議会資料"
S3: Final = "厚生労働省 平成27年度資料"
COMMON: Final = "一般に知られた割合。原典では未確認"
BENEFIT: Final = "benefit"


@dataclass(frozen=True, slots=True)
class Split:
    """The shares of one 財源 in percent, from one fiscal year on."""

    funding: str
    first_year: int
    shares: Mapping[str, Fraction]
    source: str
    confirmed: bool = True

    @property
    def total(self) -> Fraction:
        return sum(self.shares.values(), Fraction(0))


def _split(
    funding: str, year: int, shares: Mapping[str, str], source: str, *, confirmed: bool = True
) -> Split:
    return Split(funding, year, {k: Fraction(v) for k, v in shares.items()}, source, confirmed)


def _five(state: str, prefecture: str, town: str, first: str, second: str) -> dict[str, str]:
    return {STATE: state, PREFECTURE: prefecture, TOWN: town, FIRST: first, SECOND: second}


def _four(state: str, prefecture: str, town: str, first: str) -> dict[str, str]:
    return {STATE: state, PREFECTURE: prefecture, TOWN: town, FIRST: first}


_BETWEEN: Final = "令和6年度の表と同じ割合。この期間の表は原典になく、未確認"
SPLITS: Final = (
    _split(BENEFIT, 2015, _five("25", "12.5", "12.5", "22", "28"), S3),
    _split(BENEFIT, 2018, _five("25", "12.5", "12.5", "23", "27"), _BETWEEN, confirmed=False),
    _split(BENEFIT, 2024, _five("25", "12.5", "12.5", "23", "27"), S0),
    _split(Funding.PREVENTION, 2015, _five("25", "12.5", "12.5", "22", "28"), S3),
    _split(
        Funding.PREVENTION, 2018, _five("25", "12.5", "12.5", "23", "27"), _BETWEEN,
        confirmed=False,
    ),
    _split(Funding.PREVENTION, 2024, _five("25", "12.5", "12.5", "23", "27"), S0),
    _split(Funding.COMPREHENSIVE, 2015, _four("39", "19.5", "19.5", "22"), S3),
    _split(
        Funding.COMPREHENSIVE, 2018, _four("38.5", "19.25", "19.25", "23"), _BETWEEN,
        confirmed=False,
    ),
    _split(Funding.COMPREHENSIVE, 2024, _four("38.5", "19.25", "19.25", "23"), S0),
    _split(
        Funding.FUND, 2014, {STATE: "200/3", PREFECTURE: "100/3"}, COMMON, confirmed=False
    ),
    _split(
        Funding.SUBSIDY, 2000, {"補助する団体": "100"}, "補助の割合は補助金ごとに違います",
        confirmed=False,
    ),
    _split(Funding.OWN, 2000, {TOWN: "100"}, "市町村の負担"),
)  # fmt: skip


def split_of(funding: str, fiscal_year: int) -> Split | None:
    """The shares in force in a fiscal year; None before the first table there is."""
    found = [one for one in SPLITS if one.funding == funding and one.first_year <= fiscal_year]
    return max(found, key=lambda one: one.first_year, default=None)


@dataclass(frozen=True, slots=True)
class Part:
    """What one payer bears of a sum. ``rounding``: the yen added to the whole yen of its share."""

    payer: str
    percent: Fraction
    floor: int
    rounding: int

    @property
    def yen(self) -> int:
        return self.floor + self.rounding

    @property
    def percent_text(self) -> str:
        return percent_text(self.percent)


def percent_text(percent: Fraction) -> str:
    """38.5％, or 2/3 where no decimal holds it."""
    if percent.denominator in {1, 2, 4, 5, 10, 20, 25, 50, 100}:
        return f"{float(percent):g}％"
    whole = percent / 100
    return f"{whole.numerator}/{whole.denominator}"


def parts_of(yen: int, split: Split) -> Sequence[Part]:
    """A sum in whole yen: each share cut to the yen, what is left goes by the largest remainder.

    The sources print no rule for odd yen. With equal remainders the order of the table decides.

    Raises:
        ValueError: the shares do not make a whole.
    """
    if split.total != 100:  # noqa: PLR2004 - percent
        raise ValueError(split.funding)
    exact = [(payer, percent, percent * yen / 100) for payer, percent in split.shares.items()]
    floors = [int(value) for _, _, value in exact]
    left = yen - sum(floors)
    by_rest = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i][2], i))
    lucky = set(by_rest[:left])
    return [
        Part(payer, percent, floors[i], int(i in lucky))
        for i, (payer, percent, _) in enumerate(exact)
    ]
