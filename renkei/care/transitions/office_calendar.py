"""When an office can act: its days, its hours, and how a moment outside them counts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from renkei.foundation.common.calendars import BusinessCalendar
from renkei.foundation.common.clock import TOKYO

Spans = tuple[tuple[time, time], ...]
_WEEKDAYS: Final = range(7)
# Where an office has not told its hours. Shown as an assumption, never as its own word.
ASSUMED_OPEN: Final = time(8, 30)
ASSUMED_CLOSE: Final = time(17, 15)
_DAY: Final = timedelta(days=1)
# No office is closed longer; a calendar that is would never answer.
_LOOK: Final = 60


def assumed_hours() -> dict[int, Spans]:
    """Monday to Friday, 8:30 to 17:15."""
    return dict.fromkeys(range(5), ((ASSUMED_OPEN, ASSUMED_CLOSE),))


@dataclass(frozen=True)
class OfficeCalendar:
    """The days and hours of one office. All instants are read in Asia/Tokyo."""

    calendar: BusinessCalendar = field(default_factory=BusinessCalendar)
    hours: Mapping[int, Spans] = field(default_factory=assumed_hours)
    is_assumed: bool = True

    def is_business_day(self, day: date) -> bool:
        return self.calendar.is_business_day(day)

    def closes_at(self, day: date) -> datetime:
        """The end of that working day; of a day without hours of its own, the assumed one."""
        spans = self.hours.get(day.weekday(), ())
        return _at(day, max((end for _, end in spans), default=ASSUMED_CLOSE))

    def opens_at(self, day: date) -> datetime:
        """The beginning of that working day."""
        spans = self.hours.get(day.weekday(), ())
        return _at(day, min((start for start, _ in spans), default=ASSUMED_OPEN))

    def is_open_at(self, instant: datetime) -> bool:
        local = instant.astimezone(TOKYO)
        spans = self.hours.get(local.weekday(), ())
        return self.is_business_day(local.date()) and any(
            _at(local.date(), start) <= local < _at(local.date(), end) for start, end in spans
        )

    def counted_day(self, instant: datetime) -> date:
        """The day a moment counts as: the next working day, once the office has closed."""
        local = instant.astimezone(TOKYO)
        day = local.date()
        if self.is_business_day(day) and local < self.closes_at(day):
            return day
        return self.calendar.next_business_day(day)

    def last_open_before(self, instant: datetime) -> datetime:
        """Until when somebody of the office can be reached at the latest: at most ``instant``."""
        local = instant.astimezone(TOKYO)
        day = local.date()
        for _ in range(_LOOK):
            if self.is_business_day(day) and self.opens_at(day) < local:
                return min(self.closes_at(day), local)
            day -= _DAY
        return local

    def opens_after(self, instant: datetime) -> datetime:
        """The same moment while the office is open; otherwise when it opens next."""
        local = instant.astimezone(TOKYO)
        day = local.date()
        if self.is_business_day(day) and local < self.closes_at(day):
            return max(local, self.opens_at(day))
        return self.opens_at(self.calendar.next_business_day(day))


def end_of(day: date) -> datetime:
    """The last moment of a day."""
    return _at(day, time(23, 59, 59))


def _at(day: date, moment: time) -> datetime:
    return datetime.combine(day, moment, tzinfo=TOKYO)


def read_hours(raw: Any) -> dict[int, Spans]:
    """``{"0": [["08:30", "17:15"]]}`` as stored; what cannot be read is left out."""
    hours: dict[int, Spans] = {}
    for weekday, spans in (raw or {}).items():
        if str(weekday).isdigit() and int(weekday) in _WEEKDAYS and spans:
            hours[int(weekday)] = tuple(
                (time.fromisoformat(start), time.fromisoformat(end)) for start, end in spans
            )
    return hours


def office_calendar(
    hours: Mapping[int, Spans],
    *,
    closes_on_holidays: bool,
    closes_at_year_end: bool,
    closed_days: frozenset[date] = frozenset(),
) -> OfficeCalendar:
    """The calendar of an office that told its hours; without any, the assumed one."""
    if not hours:
        return OfficeCalendar()
    closed = frozenset(day for day in _WEEKDAYS if day not in hours)
    calendar = BusinessCalendar(
        closed_weekdays=closed,
        closed_days=closed_days,
        closes_on_holidays=closes_on_holidays,
        closes_at_year_end=closes_at_year_end,
    )
    return OfficeCalendar(calendar, dict(hours), is_assumed=False)
