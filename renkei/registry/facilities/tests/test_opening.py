from __future__ import annotations

from datetime import date, datetime

import pytest

from renkei.foundation.common.clock import TOKYO
from renkei.registry.facilities.opening import (
    clock_text,
    day_key,
    open_state,
    summary,
    week_rows,
)

WEEK = {
    **{
        day: [["09:00", "12:00"], ["15:00", "18:30"]] for day in ("mon", "tue", "wed", "thu", "fri")
    },
    "sat": [["09:00", "12:00"]],
    "sun": [],
}
FRIDAY = date(2026, 11, 20)


def at(hour, minute=0, day=20):
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


def test_week_rows_put_same_days_together_and_mark_today():
    rows = [(row.label, row.text, row.is_today) for row in week_rows(WEEK, FRIDAY)]

    open_all_day = "9時～12時、15時～18時30分"
    assert rows == [
        ("月～木", open_all_day, False),
        ("金（きょう）", open_all_day, True),
        ("土", "9時～12時", False),
        ("日", "休み", False),
        ("祝日", "記録なし", False),
    ]
    assert week_rows({}, FRIDAY) == []


def test_day_key_puts_holidays_before_weekdays():
    assert day_key(FRIDAY) == "fri"
    # 勤労感謝の日, a Monday
    assert day_key(date(2026, 11, 23)) == "holiday"


def test_summary_names_working_days_and_leaves_closed_ones_out():
    assert summary(WEEK) == ["平日 9時～12時、15時～18時30分", "土 9時～12時"]
    assert summary({"tue": [["09:00", "12:00"]], "thu": [["09:00", "12:00"]]}) == [
        "火・木 9時～12時"
    ]
    assert summary({}, "平日,土曜日") == ["平日・土曜日"]
    assert summary({}) == []


@pytest.mark.parametrize(
    ("now", "text", "detail"),
    [
        (at(8), "きょうは9時から", ""),
        (at(9), "今 開いています", "きょうは12時まで"),
        (at(12), "午後は15時から", ""),
        (at(18, 29), "今 開いています", "きょうは18時30分まで"),
        (at(18, 30), "きょうは終わりました", ""),
        (at(10, day=22), "きょうは休み", ""),
        (at(10, day=23), "", ""),
    ],
)
def test_open_state_says_how_it_stands(now, text, detail):
    state = open_state(WEEK, now)

    assert (state.text, state.detail) == (text, detail)
    assert state.is_open == (text == "今 開いています")


def test_open_state_past_midnight():
    night = {"fri": [["17:00", "09:00"]]}

    assert open_state(night, at(23)).detail == "きょうは9時まで"


@pytest.mark.parametrize(
    ("time", "text"),
    [("08:30", "8時30分"), ("9:00", "9時"), ("24:00", "24時"), ("30:00", "翌6時"), ("朝", "朝")],
)
def test_clock_text(time, text):
    assert clock_text(time) == text
