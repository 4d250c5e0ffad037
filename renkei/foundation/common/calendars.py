"""Working days: Saturdays, Sundays, 祝日, 年末年始 and what an office closes on its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

_SATURDAY, _SUNDAY, _WEEK = 5, 6, 7


@lru_cache(maxsize=256)
def _holidays_of(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("JP", years=year, language="ja"))


def holiday_name(day: date) -> str:
    """Name of the 祝日, its 振替休日 or 国民の休日; "" on other days.

    Years not yet published in the 官報 are computed. Source: 国民の祝日に関する法律
    (昭和23年法律第178号).
    """
    return _holidays_of(day.year).get(day, "")


def is_year_end(day: date) -> bool:
    """年末年始, 12/29–1/3. Source: 行政機関の休日に関する法律 第1条; 地方自治法 第4条の2."""
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """When an office works. ``closed_weekdays`` as in ``date.weekday()``: Monday is 0."""

    closed_weekdays: frozenset[int] = frozenset({_SATURDAY, _SUNDAY})
    closed_days: frozenset[date] = frozenset()
    # Days worked although the rules above close them.
    open_days: frozenset[date] = frozenset()
    closes_on_holidays: bool = True
    closes_at_year_end: bool = True

    def __post_init__(self) -> None:
        if self.closed_weekdays >= frozenset(range(_WEEK)):
            raise ValueError("an office that is closed on every weekday has no working days")

    def is_business_day(self, day: date) -> bool:
        if day in self.open_days:
            return True
        return not (
            day.weekday() in self.closed_weekdays
            or day in self.closed_days
            or (self.closes_at_year_end and is_year_end(day))
            or (self.closes_on_holidays and bool(holiday_name(day)))
        )

    def _business_days(self, day: date, step: timedelta) -> Iterator[date]:
        while True:
            day += step
            if self.is_business_day(day):
                yield day

    def next_business_day(self, day: date) -> date:
        """The first working day after the given one, never the day itself."""
        return next(self._business_days(day, timedelta(days=1)))

    def add_business_days(self, day: date, count: int) -> date:
        """The count-th working day after (or, negative, before) a day; 0 is the day itself."""
        days = self._business_days(day, timedelta(days=1 if count > 0 else -1))
        result = day
        for _ in range(abs(count)):
            result = next(days)
        return result


OFFICE = BusinessCalendar()


def is_business_day(day: date, calendar: BusinessCalendar = OFFICE) -> bool:
    return calendar.is_business_day(day)


def next_business_day(day: date, calendar: BusinessCalendar = OFFICE) -> date:
    return calendar.next_business_day(day)


def add_business_days(day: date, count: int, calendar: BusinessCalendar = OFFICE) -> date:
    return calendar.add_business_days(day, count)
