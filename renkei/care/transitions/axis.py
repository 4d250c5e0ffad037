"""The deadlines of a stay on an axis of days, as plain numbers for an SVG. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from renkei.care.transitions.clock_rules import WORDS, Timer, TimerState
from renkei.care.transitions.office_calendar import OfficeCalendar
from renkei.care.transitions.states import Derived
from renkei.foundation.common.clock import TOKYO

WIDTH: Final = 1216
LEFT: Final = 196
TOP: Final = 30
ROW: Final = 34
LONGEST: Final = 70
WEEKDAYS: Final = "月火水木金土日"
ALMOST_ALL: Final = 0.9
# A date this near to 「きょう」 would stand under it.
_APART: Final = 90


@dataclass(frozen=True)
class Bar:
    """One deadline: from its start to the limit, and when it was met."""

    code: str
    label: str
    state: str
    word: str
    y: int
    text_y: int
    line_y: int
    from_x: float
    to_x: float
    done_x: float | None
    word_x: float


@dataclass(frozen=True)
class Mark:
    """A day on the axis."""

    x: float
    width: float
    words: str


@dataclass(frozen=True)
class Axis:
    """Everything the picture draws."""

    height: int
    bottom: int
    today_x: float
    today_left: float
    bars: Sequence[Bar]
    closed: Sequence[Mark]
    mondays: Sequence[Mark]


def axis_of(
    timers: tuple[Timer, ...], derived: Derived, office: OfficeCalendar, now: datetime
) -> Axis | None:
    """The picture; None while no deadline runs."""
    shown = [timer for timer in timers if timer.due_at and timer.started_at]
    if not shown or derived.admitted_at is None:
        return None
    ends = [timer.due_at for timer in shown if timer.due_at]
    first = min(derived.admitted_at, now).astimezone(TOKYO).date() - timedelta(days=2)
    last = max(*ends, now).astimezone(TOKYO).date() + timedelta(days=2)
    # A long stay: its last weeks, so that a day stays wide enough to be seen.
    first = max(first, last - timedelta(days=LONGEST))
    scale = _Scale(first, (last - first).days + 1)
    bottom = TOP + ROW * len(shown)
    today_x = scale.x(now)
    return Axis(
        height=bottom + 8,
        bottom=bottom,
        today_x=today_x,
        today_left=today_x - 25,
        bars=[_bar(timer, place, scale) for place, timer in enumerate(shown)],
        closed=[
            Mark(scale.day_x(day), scale.day, "")
            for day in scale.days()
            if not office.is_business_day(day)
        ],
        mondays=[
            Mark(scale.day_x(day), scale.day, f"{day.month}/{day.day}（月）")
            for day in scale.days()
            if day.weekday() == 0 and abs(scale.day_x(day) - today_x) > _APART
        ],
    )


class _Scale:
    """Days to places."""

    def __init__(self, first: date, count: int) -> None:
        self.first, self.count = first, count
        self.day = round((WIDTH - LEFT) / count, 1)

    def days(self) -> list[date]:
        return [self.first + timedelta(days=place) for place in range(self.count)]

    def day_x(self, day: date) -> float:
        return round(LEFT + (day - self.first).days * self.day, 1)

    def x(self, instant: datetime) -> float:
        start = datetime.combine(self.first, time(0), tzinfo=TOKYO)
        days = (instant - start) / timedelta(days=1)
        return round(min(max(LEFT + days * self.day, LEFT), WIDTH - 4), 1)


def _bar(timer: Timer, place: int, scale: _Scale) -> Bar:
    assert timer.due_at is not None  # noqa: S101 - chosen by the caller
    assert timer.started_at is not None  # noqa: S101 - same
    y = TOP + ROW * place + 18
    to_x = scale.x(timer.due_at)
    word = WORDS[timer.state]
    if timer.state == TimerState.OVER:
        word = f"{word} {timer.days_over}日"
    crowded = to_x > WIDTH * ALMOST_ALL
    return Bar(
        code=timer.code,
        label=timer.deadline.label,
        state=timer.state.value,
        word=word,
        y=y,
        text_y=y + 5,
        line_y=y + 17,
        from_x=scale.x(timer.started_at),
        to_x=to_x,
        done_x=scale.x(timer.done_at) if timer.done_at else None,
        word_x=to_x - 90 if crowded else to_x + 16,
    )
