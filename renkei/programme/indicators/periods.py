"""Periods numbers belong to: 年度, 暦年, months, 計画期, days; reading and writing them. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.core.exceptions import ValidationError

from renkei.foundation.common.eras import ERAS, FiscalYear, era_of, format_western, parse_day
from renkei.programme.indicators.models import PeriodKind

# 介護保険事業計画: the first plan began in 2000. Source: 介護保険法 第117条.
FIRST_PLAN, PLAN_YEARS = 2000, 3
DECEMBER, APRIL = 12, 4
# Statistics in use; an older or later number in a heading is no year.
_YEARS: Final = range(1960, 2100)
_ERAS = {sign: era for era in ERAS for sign in (era.name, era.letter)}
_SIGNS = "|".join(_ERAS)
_YEAR = re.compile(rf"(?:({_SIGNS})\.?(元|\d{{1,2}})|(\d{{4}}))年?(度)?")
# 「H31/R1」「平成31・令和元年度」: one year under two names.
_TWO_NAMES = re.compile(rf"(?:{_SIGNS})\.?(?:元|\d{{1,2}})年?度?[/・(](?=(?:{_SIGNS}))")
_MONTH = re.compile(rf"(?:({_SIGNS})\.?(元|\d{{1,2}})|(\d{{4}}))[年./-](\d{{1,2}})月?")
_BEHIND = re.compile(r"\(.*$|(?:末|実績|時点|分)$")
_STAT_CODE = re.compile(r"^(\d{4})(?:000000|100000)$")
_PLAN = re.compile(r"第(\d{1,2})期")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One period; ``key`` as ``Value.period`` keeps it."""

    kind: str
    key: str

    @property
    def year(self) -> int:
        """The year it begins in: of the April for a 年度."""
        return int(self.key[:4])

    @property
    def first(self) -> date:
        if self.kind == PeriodKind.DAY:
            return date.fromisoformat(self.key)
        if self.kind == PeriodKind.MONTH:
            return date(self.year, int(self.key[5:7]), 1)
        return date(self.year, 1 if self.kind == PeriodKind.CALENDAR_YEAR else APRIL, 1)

    @property
    def last(self) -> date:
        """The last day: for areas and populations "as then"."""
        if self.kind == PeriodKind.DAY:
            return self.first
        if self.kind == PeriodKind.MONTH:
            return (self.first.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY
        if self.kind == PeriodKind.CALENDAR_YEAR:
            return date(self.year, DECEMBER, 31)
        years = PLAN_YEARS if self.kind == PeriodKind.PLAN else 1
        return date(self.year + years, APRIL, 1) - _DAY

    @property
    def label(self) -> str:
        """令和元年度, 令和元年（2019年）, 令和8年4月, 第9期（令和6～8年度）."""
        if self.kind == PeriodKind.FISCAL_YEAR:
            return FiscalYear(self.year).label
        if self.kind == PeriodKind.PLAN:
            number = (self.year - FIRST_PLAN) // PLAN_YEARS + 1
            return f"第{number}期（{self.year}～{self.year + PLAN_YEARS - 1}年度）"
        if self.kind == PeriodKind.DAY:
            return format_western(self.first)
        era = era_of(self.last)
        named = f"{era.label(self.year)}年" if era else f"{self.year}年"
        return f"{named}{self.first.month}月" if self.kind == PeriodKind.MONTH else named

    @property
    def short(self) -> str:
        """令和元, for the axis of a chart, where the heading says the kind."""
        if self.kind == PeriodKind.FISCAL_YEAR:
            return self.label.removesuffix("年度")
        if self.kind == PeriodKind.CALENDAR_YEAR:
            return self.label.removesuffix("年")
        if self.kind == PeriodKind.PLAN:
            return self.label.partition("（")[0]
        return self.key if self.kind == PeriodKind.DAY else self.label

    @property
    def western(self) -> str:
        """2019, under the era's year."""
        return self.key if self.kind == PeriodKind.DAY else str(self.year)

    def before(self, count: int = 1) -> Period:
        """The period of the same kind so many earlier; a day has none and stays."""
        if self.kind == PeriodKind.DAY:
            return self
        if self.kind == PeriodKind.MONTH:
            number = self.year * 12 + int(self.key[5:7]) - 1 - count
            return month(number // 12, number % 12 + 1)
        if self.kind == PeriodKind.PLAN:
            return plan(self.year - count * PLAN_YEARS)
        return Period(self.kind, str(self.year - count))


_DAY: Final = timedelta(days=1)


def fiscal(year: int) -> Period:
    return Period(PeriodKind.FISCAL_YEAR.value, str(year))


def calendar_year(year: int) -> Period:
    return Period(PeriodKind.CALENDAR_YEAR.value, str(year))


def month(year: int, number: int) -> Period:
    return Period(PeriodKind.MONTH.value, f"{year:04}-{number:02}")


def plan(year: int) -> Period:
    """The plan that began in April of this year."""
    return Period(PeriodKind.PLAN.value, f"{year}-{year + PLAN_YEARS - 1}")


def on_day(day: date) -> Period:
    return Period(PeriodKind.DAY.value, day.isoformat())


def months_of(year: Period) -> list[Period]:
    """April to March of a 年度, January to December of a 暦年."""
    if year.kind == PeriodKind.CALENDAR_YEAR:
        return [month(year.year, number) for number in range(1, 13)]
    return [
        month(year.year + (number < APRIL), number)
        for number in (*range(APRIL, 13), *range(1, APRIL))
    ]


def read_period(text: str, kind: str) -> Period | None:
    """The period a heading or cell names, as one of this kind; None where it names none.

    H29, 平成29年度, 2017, 2017年度, H31/R1, R元, 令和5年4月, 2017-04, 第9期, 2015年8月1日.
    """
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
    if kind == PeriodKind.DAY:
        return _read_day(plain)
    if kind == PeriodKind.MONTH:
        return _read_month(plain)
    if kind == PeriodKind.PLAN and (found := _PLAN.search(plain)):
        return plan(FIRST_PLAN + (int(found[1]) - 1) * PLAN_YEARS)
    year = _read_year(plain)
    if year is None:
        return None
    return plan(year) if kind == PeriodKind.PLAN else Period(kind, str(year))


def _read_day(plain: str) -> Period | None:
    try:
        return on_day(parse_day(plain))
    except ValidationError:
        return None


def _read_month(plain: str) -> Period | None:
    found = _MONTH.fullmatch(plain)
    if not found or not 1 <= int(found[4]) <= DECEMBER:
        return None
    year = _western(found[1], found[2], found[3])
    return month(year, int(found[4])) if year else None


def _read_year(plain: str) -> int | None:
    plain = _TWO_NAMES.sub("", plain).removesuffix(")")
    # 「令和3年（2021年）」「平成29年度末」「2019000000」 of e-Stat.
    plain = _STAT_CODE.sub(r"\1", _BEHIND.sub("", plain))
    found = _YEAR.fullmatch(plain)
    return _western(found[1], found[2], found[3]) if found else None


def _western(sign: str | None, number: str | None, western: str | None) -> int | None:
    if western:
        year = int(western)
    elif sign and number:
        year = _ERAS[sign].first.year + (1 if number == "元" else int(number)) - 1
    else:
        return None
    return year if year in _YEARS else None
