from __future__ import annotations

from datetime import date, timedelta

import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.foundation.common import calendars
from renkei.foundation.common.calendars import BusinessCalendar

DAYS = st.dates(date(2019, 1, 1), date(2035, 12, 31))


def test_holidays_agree_with_a_second_opinion_from_2019_to_2035():
    days = [date(2019, 1, 1) + timedelta(days=number) for number in range(17 * 366)]
    days = [day for day in days if day.year <= 2035]

    ours = [day for day in days if calendars.holiday_name(day)]

    assert ours == [day for day in days if jpholiday.is_holiday(day)]
    assert len(ours) == 308


def test_holiday_name_knows_substitute_days():
    assert "振替休日" in calendars.holiday_name(date(2026, 5, 6))
    assert calendars.holiday_name(date(2026, 9, 22)) == "国民の休日"
    assert calendars.holiday_name(date(2026, 11, 24)) == ""


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 23), False),
        (date(2026, 11, 24), True),
    ],
)
def test_is_business_day_of_an_office(day, works):
    assert calendars.is_business_day(day) is works


def test_next_business_day_steps_over_the_year_end():
    assert calendars.next_business_day(date(2026, 12, 28)) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        (date(2026, 4, 28), 1, date(2026, 4, 30)),
        (date(2026, 4, 28), 3, date(2026, 5, 7)),
        (date(2026, 5, 7), -3, date(2026, 4, 28)),
        (date(2026, 5, 3), 0, date(2026, 5, 3)),
        (date(2026, 5, 3), 1, date(2026, 5, 7)),
    ],
)
def test_add_business_days_over_golden_week(day, count, result):
    assert calendars.add_business_days(day, count) == result


def test_calendar_of_a_clinic_with_its_own_days():
    clinic = BusinessCalendar(
        closed_weekdays=frozenset({3, 6}),
        closed_days=frozenset({date(2026, 8, 14)}),
        open_days=frozenset({date(2026, 11, 22)}),
        closes_on_holidays=False,
        closes_at_year_end=False,
    )

    days = [
        date(2026, 11, 26),
        date(2026, 8, 14),
        date(2026, 11, 22),
        date(2026, 11, 23),
        date(2026, 12, 29),
    ]
    assert [calendars.is_business_day(day, clinic) for day in days] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_calendar_without_any_working_weekday_is_refused():
    with pytest.raises(ValueError, match="every weekday"):
        BusinessCalendar(closed_weekdays=frozenset(range(7)))


@given(DAYS, st.integers(1, 30))
def test_going_forth_and_back_ends_on_or_before_the_start(day, count):
    forth = calendars.add_business_days(day, count)

    back = calendars.add_business_days(forth, -count)
    assert calendars.is_business_day(forth)
    assert back == day if calendars.is_business_day(day) else back < day
