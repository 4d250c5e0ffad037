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
