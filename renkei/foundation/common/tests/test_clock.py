"""The one clock."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from renkei.foundation.common import clock


def test_a_story_told_happens_at_its_own_time_and_ends_with_it():
    then = datetime(2026, 3, 31, 23, 59, tzinfo=clock.TOKYO)

    with clock.told_at(then):
        told = (clock.now(), clock.today())

    assert told == (then, date(2026, 3, 31))
    assert clock.now() > then


def test_a_story_broken_off_leaves_the_present():
    then = datetime(2026, 3, 31, tzinfo=clock.TOKYO)

    with pytest.raises(ValueError, match="broken off"), clock.told_at(then):
        raise ValueError("broken off")

    assert clock.now() > then


def test_a_day_lasts_from_midnight_to_midnight_in_japan():
    day = date(2026, 3, 31)

    assert clock.midnight(day).isoformat() == "2026-03-31T00:00:00+09:00"
    assert clock.end_of(day) == clock.midnight(date(2026, 4, 1))
    # Somebody may type it; there is no day after it.
    assert clock.end_of(date.max).date() == date.max
