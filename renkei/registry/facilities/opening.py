"""Opening hours as people read them: the table of the week, today's line, 「今 開いています」."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from renkei.foundation.common.calendars import holiday_name
from renkei.registry.facilities.search.documents import WEEKDAYS
from renkei.registry.facilities.values import CLOSED, DAYS, NOT_RECORDED

Hours = Mapping[str, Sequence[Sequence[str]]]
_WORKING_DAYS = WEEKDAYS[:5]


@dataclass(frozen=True, slots=True)
class HoursRow:
    """One line of the week: neighbouring days with the same hours are one."""

    label: str
    text: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class OpenState:
    """How it stands now. ``text`` is empty where the hours of today are not recorded."""

    text: str = ""
    detail: str = ""
    is_open: bool = False


def day_key(day: date) -> str:
    """The key of a day in ``hours``; a 祝日 goes before its weekday."""
    return "holiday" if holiday_name(day) else WEEKDAYS[day.weekday()]


def week_rows(hours: Hours, today: date) -> list[HoursRow]:
    """The week from Monday to 祝日, days with the same hours together."""
    if not hours:
        return []
    now = day_key(today)
    texts = [(day, day_text(hours, day)) for day in DAYS]
    rows = []
    for (text, _), group in groupby(texts, key=lambda pair: (pair[1], pair[0] == now)):
        days = [day for day, _ in group]
        label = _span_label(days) + ("（きょう）" if days == [now] else "")
        rows.append(HoursRow(label, text, days == [now]))
    return rows


def summary(hours: Hours, days: str = "") -> list[str]:
    """Two or three short lines for a list: 「平日 8時30分～17時30分」."""
    if not hours:
        return [days.replace(",", "・")] if days else []
    open_days = [day for day in DAYS if hours.get(day)]
    lines = []
    for text, group in groupby(open_days, key=lambda day: day_text(hours, day)):
        lines.append(f"{_list_label(list(group))} {text}")
    return lines


def open_state(hours: Hours, now: datetime) -> OpenState:
    """Whether somebody is there at this moment, and if not, from when today."""
    today = day_key(now.date())
    if today not in hours:
        return OpenState()
    spans = [(start, end) for start, end in hours[today]]
    if not spans:
        return OpenState("きょうは休み")
    clock = f"{now:%H:%M}"
    for start, end in spans:
        if start <= clock < end or (end <= start <= clock):
            return OpenState("今 開いています", f"きょうは{clock_text(end)}まで", is_open=True)
    later = [start for start, _ in spans if start > clock]
    if not later:
        return OpenState("きょうは終わりました")
    word = "午後は" if later[0] >= "12:00" and len(spans) > 1 else "きょうは"
    return OpenState(f"{word}{clock_text(min(later))}から")


def day_text(hours: Hours, day: str) -> str:
    """8時30分～17時30分; 「休み」; 「記録なし」."""
    if day not in hours:
        return NOT_RECORDED
    spans = hours[day]
    if not spans:
        return CLOSED
    return "、".join(f"{clock_text(start)}～{clock_text(end)}" for start, end in spans)


def clock_text(time: str) -> str:
    """「08:30」 as 8時30分; past midnight as 翌6時."""
    hour, _, minute = time.partition(":")
    if not hour.isdecimal():
        return time
    late = int(hour) > 24  # noqa: PLR2004 - 30:00 is how night duty writes 6 in the morning
    text = f"{'翌' if late else ''}{int(hour) - 24 * late}時"
    return text + (f"{int(minute)}分" if minute.isdecimal() and int(minute) else "")


def _span_label(days: Sequence[str]) -> str:
    names = ["祝日" if day == "holiday" else DAYS[day] for day in days]
    if len(names) > 2 and days[-1] != "holiday":  # noqa: PLR2004
        return f"{names[0]}～{names[-1]}"
    return "・".join(names)


def _list_label(days: Sequence[str]) -> str:
    if tuple(days) == _WORKING_DAYS:
        return "平日"
    return _span_label(days)
