"""Who is on duty when: a weekly pattern, days of their own, absences. Pure; times are aware."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum, IntEnum

from renkei.care.transitions.duty_times import instant_of
from renkei.foundation.common.calendars import holiday_name, is_year_end
from renkei.foundation.common.clock import TOKYO

_ONE_DAY = timedelta(days=1)


class DayKind(IntEnum):
    """What a weekly row is for; the weekdays as in ``date.weekday()``."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6
    # 祝日, and 12/29–1/3: their rows take the place of the weekday's where there are any.
    HOLIDAY = 7
    YEAR_END = 8


@dataclass(frozen=True, slots=True)
class Who:
    """A person, or a telephone that somebody carries. ``key`` finds their absences."""

    name: str
    phone: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One shift: minutes from its day's midnight. A lower ``line`` is called first."""

    starts: int
    ends: int
    who: Who
    line: int = 1


@dataclass(frozen=True, slots=True)
class WeeklyRow:
    """A shift that comes back. No ``slot``: nobody on such a day. ``until`` is not included."""

    day_kind: int
    slot: Slot | None
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (
            self.until is None or day < self.until
        )


@dataclass(frozen=True, eq=False)
class DutyRoster:
    """当番表. ``days`` replaces the pattern for a whole day, with no slots too."""

    key: str
    label: str
    phone: str = ""
    weekly: tuple[WeeklyRow, ...] = ()
    days: Mapping[date, tuple[Slot, ...]] = field(default_factory=dict)

    def everybody(self) -> Iterator[Who]:
        """Whoever can be on duty here, several times over."""
        slots = [row.slot for row in self.weekly if row.slot is not None]
        for slot in itertools.chain(slots, *self.days.values()):
            yield slot.who

    def slots_on(self, day: date) -> tuple[Slot, ...]:
        """The shifts that begin on a day; the tail of the day before is not among them."""
        own = self.days.get(day)
        if own is not None:
            return own
        rows = [row for row in self.weekly if row.holds_on(day)]
        kinds = []
        if is_year_end(day):
            kinds.append(DayKind.YEAR_END)
        if holiday_name(day):
            kinds.append(DayKind.HOLIDAY)
        for kind in (*kinds, day.weekday()):
            found = [row for row in rows if row.day_kind == kind]
            if found:
                return tuple(row.slot for row in found if row.slot is not None)
        return ()


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody cannot be called from one second to another."""

    key: str
    starts_at: datetime
    ends_at: datetime


class Duty(Enum):
    """What a roster says of an instant."""

    ON = "on"
    NOBODY = "nobody"
    ABSENT = "absent"
    NO_PHONE = "no_phone"


@dataclass(frozen=True, slots=True)
class Turn:
    """A roster between two instants: who, or why nobody."""

    starts_at: datetime
    ends_at: datetime
    duty: Duty
    who: Who | None = None


@dataclass(frozen=True, slots=True)
class _Shift:
    starts_at: datetime
    ends_at: datetime
    order: tuple[int, datetime, int]
    who: Who


def turns_of(
    roster: DutyRoster, *, since: datetime, until: datetime, absences: Iterable[Absence] = ()
) -> tuple[Turn, ...]:
    """The window cut at every change, without gap or overlap; neighbours differ.

    Of several on duty at once the lowest line is called, then who began first: at a handover
    whoever still is on duty keeps the telephone.
    """
    away = _absences_by_key(absences)
    shifts = sorted(_shifts(roster, since, until), key=lambda shift: shift.starts_at)
    turns: list[Turn] = []
    active: list[_Shift] = []
    coming = iter([*shifts, None])
    ahead = next(coming)
    for begin, end in _segments(since, until, shifts, away):
        while ahead is not None and ahead.starts_at <= begin:
            active.append(ahead)
            ahead = next(coming)
        active = [shift for shift in active if shift.ends_at > begin]
        duty, who = _called(roster, active, begin, away)
        if turns and (turns[-1].duty, turns[-1].who) == (duty, who):
            turns[-1] = Turn(turns[-1].starts_at, end, duty, who)
        else:
            turns.append(Turn(begin, end, duty, who))
    return tuple(turns)


def _shifts(roster: DutyRoster, since: datetime, until: datetime) -> Iterator[_Shift]:
    # A shift lasts at most a day from the day on which it begins, so it ends on the next one.
    day = since.astimezone(TOKYO).date() - 2 * _ONE_DAY
    last = until.astimezone(TOKYO).date()
    while day <= last:
        for place, slot in enumerate(roster.slots_on(day)):
            starts_at, ends_at = instant_of(day, slot.starts), instant_of(day, slot.ends)
            if starts_at < until and ends_at > since:
                yield _Shift(starts_at, ends_at, (slot.line, starts_at, place), slot.who)
        day += _ONE_DAY


def _absences_by_key(absences: Iterable[Absence]) -> dict[str, list[Absence]]:
    found: dict[str, list[Absence]] = {}
    for absence in absences:
        found.setdefault(absence.key, []).append(absence)
    return found


def _segments(
    since: datetime,
    until: datetime,
    shifts: Sequence[_Shift],
    away: Mapping[str, Sequence[Absence]],
) -> Iterator[tuple[datetime, datetime]]:
    edges = {since, until}
    for shift in shifts:
        edges |= {shift.starts_at, shift.ends_at}
    for key in {shift.who.key for shift in shifts} & set(away):
        for absence in away[key]:
            edges |= {absence.starts_at, absence.ends_at}
    inside = sorted(edge for edge in edges if since <= edge <= until)
    return itertools.pairwise(inside)


def _called(
    roster: DutyRoster,
    active: Sequence[_Shift],
    at: datetime,
    away: Mapping[str, Sequence[Absence]],
) -> tuple[Duty, Who | None]:
    if not active:
        return Duty.NOBODY, None
    outcome: tuple[Duty, Who | None] = (Duty.ABSENT, None)
    for shift in sorted(active, key=lambda each: each.order):
        absences = away.get(shift.who.key, ()) if shift.who.key else ()
        if any(absence.starts_at <= at < absence.ends_at for absence in absences):
            continue
        phone = shift.who.phone or roster.phone
        if phone:
            return Duty.ON, Who(shift.who.name, phone, shift.who.key)
        outcome = (Duty.NO_PHONE, None)
    return outcome
