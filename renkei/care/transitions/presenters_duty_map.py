"""The 24 hours of an area's duty: a week of bars, and one day in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from renkei.care.transitions.duty_rosters import Duty, Turn
from renkei.care.transitions.duty_times import instant_of
from renkei.care.transitions.first_contacts import Stretch, common
from renkei.care.transitions.presenters_duties import WEEK, clock_words, day_note, day_words
from renkei.care.transitions.queries.duty_map import DutyMap, MapRow

# A bar is so wide: four units an hour.
HOUR_WIDTH: Final = 4
SECONDS: Final = 3600
WHOLE: Final = "24時間"
NONE: Final = "当番なし"
_WHY: Final = {
    Duty.NOBODY: "当番なし",
    Duty.ABSENT: "休み",
    Duty.NO_PHONE: "電話番号なし",
}


@dataclass(frozen=True)
class Block:
    """A part of a bar: where it begins and how wide it is."""

    x: str
    width: str


@dataclass(frozen=True)
class DayBar:
    """One roster's day: its bar, and the hours in words."""

    day: str
    blocks: Sequence[Block]
    words: str
    is_empty: bool


@dataclass(frozen=True)
class DayColumn:
    """One day of the week."""

    day: date
    words: str
    note: str
    url: str
    current: bool


@dataclass(frozen=True)
class WeekRow:
    """One roster's week."""

    office: str
    name: str
    phone: str
    days: Sequence[DayBar]


@dataclass(frozen=True)
class TurnLine:
    """A stretch of the chosen day: when, who, or why nobody."""

    when: str
    who: str
    hole: str


@dataclass(frozen=True)
class DayRow:
    """One roster on the chosen day."""

    office: str
    name: str
    phone: str
    lines: Sequence[TurnLine]


@dataclass(frozen=True)
class Group:
    """Rosters of one sort."""

    title: str
    week: Sequence[WeekRow]
    day: Sequence[DayRow]


@dataclass(frozen=True)
class MapPage:
    """The whole page."""

    area: str
    columns: Sequence[DayColumn]
    groups: Sequence[Group]
    nobody: Sequence[DayBar]
    chosen: str

    @property
    def nobody_lines(self) -> list[tuple[str, str]]:
        """The days on which at some time nobody of the area answers, in words."""
        return [(bar.day, bar.words) for bar in self.nobody if not bar.is_empty]


def map_page(found: DutyMap, *, first: date, chosen: date) -> MapPage:
    """The page of a week with one day in words."""
    days = [first + timedelta(days=count) for count in range(WEEK)]
    groups = []
    for title, is_desk in (("医療機関・介護事業所", False), ("相談窓口・団体", True)):
        rows = [row for row in found.rows if row.is_desk == is_desk]
        if rows:
            groups.append(
                Group(
                    title, [_week(row, days) for row in rows], [_day(row, chosen) for row in rows]
                )
            )
    return MapPage(
        area=found.area.name if found.area else "",
        columns=[
            DayColumn(day, day_words(day), day_note(day), f"?on={day.isoformat()}", day == chosen)
            for day in days
        ],
        groups=groups,
        nobody=[_bar(found.nobody, day, whole="終日") for day in days],
        chosen=day_words(chosen),
    )


def _week(row: MapRow, days: Sequence[date]) -> WeekRow:
    on = [(turn.starts_at, turn.ends_at) for turn in row.turns if turn.duty == Duty.ON]
    roster = row.roster
    return WeekRow(
        roster.organisation.name, roster.name, roster.phone, [_bar(on, day) for day in days]
    )


def _bar(stretches: Sequence[Stretch], day: date, *, whole: str = WHOLE) -> DayBar:
    begins, ends = instant_of(day, 0), instant_of(day + timedelta(days=1), 0)
    within = common(stretches, [(begins, ends)])
    joined: list[Stretch] = []
    for start, stop in within:
        # Whoever is on duty changes; the telephone is answered all the same.
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    is_whole = joined == [(begins, ends)]
    words = "、".join(
        f"{clock_words(start, day)}～{clock_words(stop, day)}" for start, stop in joined
    )
    return DayBar(
        day=day_words(day),
        blocks=[Block(_units(start - begins), _units(stop - start)) for start, stop in joined],
        words=whole if is_whole else words or NONE,
        is_empty=not joined,
    )


def _units(length: timedelta) -> str:
    return f"{length.total_seconds() / SECONDS * HOUR_WIDTH:.2f}"


def _day(row: MapRow, day: date) -> DayRow:
    begins, ends = instant_of(day, 0), instant_of(day + timedelta(days=1), 0)
    lines = [
        _line(turn, day) for turn in row.turns if turn.starts_at < ends and turn.ends_at > begins
    ]
    roster = row.roster
    return DayRow(roster.organisation.name, roster.name, roster.phone, lines)


def _line(turn: Turn, day: date) -> TurnLine:
    begins, ends = instant_of(day, 0), instant_of(day + timedelta(days=1), 0)
    start, stop = max(turn.starts_at, begins), min(turn.ends_at, ends)
    return TurnLine(
        f"{clock_words(start, day)}～{clock_words(stop, day)}",
        turn.who.name if turn.who else "",
        _WHY.get(turn.duty, ""),
    )
