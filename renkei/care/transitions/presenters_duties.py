"""Duty in words: a stretch of time, a person's week, a roster's week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse

from renkei.care.transitions.duty_rosters import Absence, Duty, DutyRoster, Turn, turns_of
from renkei.care.transitions.duty_times import instant_of, times_words
from renkei.care.transitions.first_contacts import Contact, Span, StepRole
from renkei.care.transitions.queries.away import Away
from renkei.foundation.common import clock
from renkei.foundation.common.calendars import holiday_name, is_year_end

WEEKDAYS = "月火水木金土日"
WEEK = 7


@dataclass(frozen=True)
class Line:
    """One stretch of time: when, and whom to call or why nobody."""

    when: str
    name: str = ""
    phone: str = ""
    office: str = ""
    hole: str = ""


def away_lines(away: Sequence[Away], now: datetime) -> list[Line]:
    """Who is away, as far as it still lasts or comes."""
    lines = []
    for one in away:
        begins = "いま" if one.starts_at <= now else _moment(one.starts_at, now)
        lines.append(Line(f"{begins}～{_moment(one.ends_at, now)}", one.doctor, "", one.office))
    return lines


def line_of(span: Span, now: datetime, *, until: bool = False) -> Line:
    """A span in words; ``until``: its end alone, for what goes on now."""
    ends = _moment(span.ends_at, now)
    begins = "いま" if span.starts_at == now else _moment(span.starts_at, now)
    when = f"{ends}まで" if until else f"{begins}～{ends}"
    if not isinstance(span.outcome, Contact):
        return Line(when, hole=span.outcome.reason.value)
    contact = span.outcome
    role = "" if contact.role == StepRole.DUTY else f"{contact.role.value}　"
    return Line(when, f"{role}{contact.name}", contact.phone, contact.office)


def _moment(instant: datetime, now: datetime) -> str:
    local, today = instant.astimezone(clock.TOKYO), now.astimezone(clock.TOKYO).date()
    time = f"{local.hour}:{local.minute:02}" + (f":{local.second:02}" if local.second else "")
    if local.date() == today:
        return time
    if local.date() == today + timedelta(days=1):
        return f"あす{time}"
    return f"{day_words(local.date())}{time}"


def day_words(day: date) -> str:
    """11月23日（月・祝）."""
    holiday = "・祝" if holiday_name(day) else ""
    return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}{holiday}）"


@dataclass(frozen=True)
class DayLines:
    """One day of a week, with its stretches."""

    day: date
    words: str
    note: str
    lines: Sequence[Line]
    url: str = ""
    is_own: bool = False


def week_of_person(spans: Sequence[Span], first: date) -> list[DayLines]:
    """A person's week by days; a stretch over midnight stands on both."""
    days = []
    for day in (first + timedelta(days=count) for count in range(WEEK)):
        begin, end = instant_of(day, 0), instant_of(day + timedelta(days=1), 0)
        lines = []
        for span in spans:
            if span.starts_at < end and span.ends_at > begin:
                cut = Span(max(span.starts_at, begin), min(span.ends_at, end), span.outcome)
                lines.append(_day_line(cut, day))
        days.append(DayLines(day, day_words(day), day_note(day), lines))
    return days


def _day_line(span: Span, day: date) -> Line:
    line = line_of(span, span.ends_at)
    return Line(
        f"{clock_words(span.starts_at, day)}～{clock_words(span.ends_at, day)}",
        line.name,
        line.phone,
        line.office,
        line.hole,
    )


def clock_words(instant: datetime, day: date) -> str:
    """17:30, and 24:00 for the midnight that ends a day."""
    local = instant.astimezone(clock.TOKYO)
    if local.date() > day:
        return "24:00"
    return f"{local.hour}:{local.minute:02}" + (f":{local.second:02}" if local.second else "")


def week_of_roster(
    roster: DutyRoster,
    first: date,
    *,
    uid: object,
    own_days: set[date],
    absences: Sequence[Absence] = (),
) -> list[DayLines]:
    """A roster's week: the shifts as written, the times with nobody, and the office's rest."""
    since, until = instant_of(first, 0), instant_of(first + timedelta(days=WEEK), 0)
    turns = turns_of(roster, since=since, until=until, absences=absences)
    days = []
    for day in (first + timedelta(days=count) for count in range(WEEK)):
        begin, end = instant_of(day, 0), instant_of(day + timedelta(days=1), 0)
        within = [turn for turn in turns if turn.starts_at < end and turn.ends_at > begin]
        none = _times_of(within, Duty.NOBODY, "当番なし", day)
        rest = _times_of(within, Duty.ABSENT, "休み", day)
        days.append(
            DayLines(
                day,
                day_words(day),
                "　".join(part for part in (day_note(day), rest, none) if part),
                _slot_lines(roster, day),
                url=reverse("transitions:roster_day", args=[uid, day.isoformat()]),
                is_own=day in own_days,
            )
        )
    return days


def _times_of(turns: Sequence[Turn], duty: Duty, word: str, day: date) -> str:
    begin, end = instant_of(day, 0), instant_of(day + timedelta(days=1), 0)
    cut = [
        (max(turn.starts_at, begin), min(turn.ends_at, end)) for turn in turns if turn.duty == duty
    ]
    times = [f"{clock_words(start, day)}～{clock_words(stop, day)}" for start, stop in cut]
    return f"{word} {'、'.join(times)}" if times else ""


def _slot_lines(roster: DutyRoster, day: date) -> list[Line]:
    lines = []
    for slot in sorted(roster.slots_on(day), key=lambda slot: (slot.starts, slot.line)):
        phone = slot.who.phone or roster.phone
        line = f"　{slot.line}番目" if slot.line > 1 else ""
        lines.append(
            Line(
                times_words(slot.starts, slot.ends) + line,
                slot.who.name,
                phone,
                hole="" if phone else "電話番号がありません",
            )
        )
    return lines


def day_note(day: date) -> str:
    """憲法記念日, 年末年始; "" on other days."""
    return holiday_name(day) or ("年末年始" if is_year_end(day) else "")
