"""How what is due and the programme's year are shown. Only formatting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year, format_screen
from renkei.programme.planning.calendar import MONTHS
from renkei.programme.planning.queries.due import Due, Entry

SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class DueLine:
    mark: str
    word: str
    day: str
    kind: str
    text: str
    sections: str
    url: str


def due_lines(found: Sequence[Due]) -> list[DueLine]:
    """Each with its state in a word."""
    today = clock.today()
    return [
        DueLine(
            *_state(one.on, today),
            day=format_screen(one.on),
            kind=one.kind,
            text=one.text,
            sections="、".join(one.sections),
            url=one.url,
        )
        for one in found
    ]


def _state(day: date, today: date) -> tuple[str, str]:
    if day < today:
        return "over", "超過"
    if day <= today + timedelta(days=SOON_DAYS):
        return "soon", "間近"
    return "in", "期限内"


@dataclass(frozen=True, slots=True)
class EntryLine:
    entry: Entry
    mark: str
    word: str


@dataclass(frozen=True, slots=True)
class MonthShown:
    month: int
    is_now: bool
    entries: list[EntryLine]


def year_shown(entries: Sequence[Entry]) -> list[MonthShown]:
    """April to March."""
    now = clock.today().month
    return [
        MonthShown(
            month,
            month == now,
            [EntryLine(one, *_entry_state(one, now)) for one in entries if one.month == month],
        )
        for month in MONTHS
    ]


def this_month(entries: Sequence[Entry]) -> list[EntryLine]:
    """今月やること of the year's entries."""
    now = clock.today().month
    return [
        EntryLine(one, *_entry_state(one, now))
        for one in entries
        if one.month == now and not one.is_dropped
    ]


def _entry_state(one: Entry, now: int) -> tuple[str, str]:
    if one.is_dropped:
        return "plain", "行わない"
    if one.done_on is not None:
        return "done", f"{format_screen(one.done_on)}に済み"
    if one.month == now:
        return "soon", "今月"
    if MONTHS.index(one.month) < MONTHS.index(now):
        return "ask", "済みの記録なし"
    return "future", "これから"


def this_year() -> str:
    """令和8年度."""
    return fiscal_year(clock.today()).label
