"""The clock of a stay: from rule, facts and the offices' calendars to deadlines. Pure.

Every deadline of the rule has exactly one timer, whatever happened and in whatever order: a timer
can be met, late or not concern the person, but it cannot be lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from renkei.care.transitions.models.cases import CaseState, FactKind, Side
from renkei.care.transitions.office_calendar import OfficeCalendar, end_of
from renkei.care.transitions.rule_content import (
    BUSINESS_DAYS,
    HOURS,
    NEXT_BUSINESS_DAY,
    Deadline,
    RuleContent,
)
from renkei.care.transitions.states import DISCHARGES, LEFT, Derived
from renkei.foundation.common.clock import TOKYO


class TimerState(StrEnum):
    """Five states of a deadline, and one for those that do not concern the stay any more."""

    FUTURE = "future"
    IN_TIME = "in"
    SOON = "soon"
    OVER = "over"
    DONE = "done"
    NOT_NEEDED = "not_needed"


WORDS: Mapping[TimerState, str] = {
    TimerState.FUTURE: "未到来",
    TimerState.IN_TIME: "期限内",
    TimerState.SOON: "間近",
    TimerState.OVER: "超過",
    TimerState.DONE: "実施",
    TimerState.NOT_NEEDED: "対象外",
}
_NEVER = datetime.max.replace(tzinfo=TOKYO)
RUNNING = frozenset({TimerState.IN_TIME, TimerState.SOON, TimerState.OVER})


@dataclass(frozen=True)
class Timer:
    """One deadline of one stay at one moment."""

    deadline: Deadline
    state: TimerState
    started_at: datetime | None
    due_at: datetime | None
    # Until when the acting office can really act: its last open moment before the deadline.
    practical_at: datetime | None
    done_at: datetime | None
    # Whole days past the deadline, begun ones included; 0 where none passed.
    days_over: int
    # Somebody can still do it: a missed notice stays missed once the person is home.
    can_be_met: bool

    @property
    def code(self) -> str:
        return self.deadline.code

    @property
    def side(self) -> Side:
        return Side(self.deadline.side)

    @property
    def was_late(self) -> bool:
        return bool(self.done_at and self.due_at and self.done_at > self.due_at)


def timers_of(
    content: RuleContent,
    derived: Derived,
    calendars: Mapping[Side, OfficeCalendar],
    now: datetime,
) -> tuple[Timer, ...]:
    """One timer for each deadline of the rule, in its order."""
    return tuple(
        _timer(deadline, derived, calendars[Side(deadline.side)], now)
        for deadline in content.deadlines
    )


def next_timer(timers: tuple[Timer, ...]) -> Timer | None:
    """The deadline to look at first: the earliest that runs and is not met."""
    running = [timer for timer in timers if timer.state in RUNNING and timer.can_be_met]
    return min(running, key=lambda timer: (timer.due_at or _NEVER, timer.code), default=None)


def _timer(deadline: Deadline, derived: Derived, office: OfficeCalendar, now: datetime) -> Timer:
    start, due = _start(deadline, derived), due_of(deadline, derived, office)
    done = derived.first(*deadline.done_by)
    state = _state(deadline, derived, office, now)
    stopped = _stopped_at(deadline, derived)
    over_until = done.at if done else min(now, stopped or now)
    return Timer(
        deadline=deadline,
        state=state,
        started_at=start,
        due_at=due,
        practical_at=office.last_open_before(due) if due else None,
        done_at=done.at if done else None,
        days_over=_days_over(due, over_until),
        can_be_met=stopped is None and state != TimerState.NOT_NEEDED,
    )


def _start(deadline: Deadline, derived: Derived) -> datetime | None:
    """When the time began to run: a deadline before discharge runs from the admission on."""
    if deadline.counts_back:
        return derived.admitted_at
    fact = derived.first(*_starts(deadline))
    return fact.at if fact else None


def _starts(deadline: Deadline) -> tuple[str, ...]:
    # However the person came home: the follow-up is due.
    return tuple(DISCHARGES) if deadline.starts in DISCHARGES else (deadline.starts,)


def due_of(deadline: Deadline, derived: Derived, office: OfficeCalendar) -> datetime | None:
    """The last moment for this deadline; None while nothing says from when to count."""
    if deadline.counts_back:
        left = derived.discharged_at
        # The last plan while in hospital; once home, the day it was.
        day = left.astimezone(TOKYO).date() if left else derived.planned_discharge_on
        return _counted_back(deadline, day, office) if day else None
    start = _start(deadline, derived)
    if start is None:
        return None
    if deadline.unit == HOURS:
        begins = start if deadline.after_hours != NEXT_BUSINESS_DAY else office.opens_after(start)
        return begins + timedelta(hours=deadline.amount)
    day_zero = start.astimezone(TOKYO).date()
    if deadline.after_hours == NEXT_BUSINESS_DAY:
        day_zero = office.counted_day(start)
    return _last_moment(deadline, _forward(deadline, day_zero, office), office)


def _forward(deadline: Deadline, day: date, office: OfficeCalendar) -> date:
    if deadline.unit == BUSINESS_DAYS:
        last = office.calendar.add_business_days(day, deadline.amount)
    else:
        last = day + timedelta(days=deadline.amount)
    if deadline.closed_day == NEXT_BUSINESS_DAY and not office.is_business_day(last):
        last = office.calendar.next_business_day(last)
    return last


def _counted_back(deadline: Deadline, day: date, office: OfficeCalendar) -> datetime:
    if deadline.unit == BUSINESS_DAYS:
        last = office.calendar.add_business_days(day, -deadline.amount)
    else:
        last = day - timedelta(days=deadline.amount)
    return _last_moment(deadline, last, office)


def _last_moment(deadline: Deadline, day: date, office: OfficeCalendar) -> datetime:
    """Days of the calendar end at midnight, working days when the office closes."""
    if deadline.unit == BUSINESS_DAYS and office.is_business_day(day):
        return office.closes_at(day)
    return end_of(day)


def _state(
    deadline: Deadline, derived: Derived, office: OfficeCalendar, now: datetime
) -> TimerState:
    if derived.first(*deadline.done_by) is not None:
        return TimerState.DONE
    if derived.patient_class not in deadline.classes or _is_void(deadline, derived):
        return TimerState.NOT_NEEDED
    due, stopped = due_of(deadline, derived, office), _stopped_at(deadline, derived)
    if stopped is not None:
        # What was missed stays missed: leaks and rates are counted from it.
        return TimerState.OVER if due and due < stopped else TimerState.NOT_NEEDED
    if due is None or _start(deadline, derived) is None:
        return TimerState.FUTURE
    if now > due:
        return TimerState.OVER
    soon_from = office.last_open_before(due) - timedelta(days=deadline.soon_days)
    begins = datetime.combine(soon_from.astimezone(TOKYO).date(), time(0), tzinfo=TOKYO)
    return TimerState.SOON if now >= begins else TimerState.IN_TIME


def _is_void(deadline: Deadline, derived: Derived) -> bool:
    """Nothing of a cancelled stay counts; who died or was transferred did not go home."""
    if derived.state == CaseState.CANCELLED:
        return True
    elsewhere = {CaseState.DIED_IN_HOSPITAL, CaseState.TRANSFERRED}
    return derived.state in elsewhere and deadline.counts_back


def _stopped_at(deadline: Deadline, derived: Derived) -> datetime | None:
    """When there was nothing left to do for this deadline; None while there is."""
    if deadline.starts in DISCHARGES and derived.state != CaseState.CLOSED:
        away = derived.state in {CaseState.DIED_IN_HOSPITAL, CaseState.TRANSFERRED}
        return derived.discharged_at if away else None
    if derived.state == CaseState.CLOSED:
        closed = derived.last(FactKind.CLOSED)
        if deadline.starts in DISCHARGES and closed:
            return closed.at
        return derived.discharged_at or (closed.at if closed else None)
    return derived.discharged_at if derived.state in LEFT else None


def _days_over(due: datetime | None, until: datetime) -> int:
    if due is None or until <= due:
        return 0
    return (until.astimezone(TOKYO).date() - due.astimezone(TOKYO).date()).days or 1
