"""One person's way along a path, derived from the events in whatever order they came. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from renkei.care.transitions.models.paths import PathAct
from renkei.care.transitions.path_content import Goal, PathContent, Phase, Variance


class Event(Protocol):
    """As much of a row as is needed here."""

    pk: int
    act: str
    on: date
    phase_code: str
    goal_code: str
    variance_code: str
    reason: str
    institution_name: str
    corrects_id: int | None
    author_name: str
    organisation_name: str


@dataclass(frozen=True)
class GoalView:
    """One goal: reached on a day by whom, or how it stands. ``due_on`` counts from entering."""

    goal: Goal
    reached: Event | None
    due_on: date | None
    is_late: bool


@dataclass(frozen=True)
class VarianceView:
    """One difference from the plan."""

    event: Event
    variance: Variance | None
    goal: Goal | None


@dataclass(frozen=True)
class PhaseView:
    """One phase as this person went through it."""

    phase: Phase
    entered: Event | None
    left_on: date | None
    days: int
    over_days: int
    is_current: bool
    goals: tuple[GoalView, ...]
    variances: tuple[VarianceView, ...]
    handed_on: Event | None

    @property
    def reached_count(self) -> int:
        """How many goals of the phase are reached."""
        return sum(one.reached is not None for one in self.goals)


@dataclass(frozen=True)
class Overview:
    """The whole way. ``waiting_for``: handed on, and nobody entered the next phase yet."""

    phases: tuple[PhaseView, ...]
    current: str
    is_open: bool
    ended: Event | None
    waiting_for: Event | None
    effective: tuple[Event, ...] = field(default=(), repr=False)


def effective(events: Iterable[Event]) -> tuple[Event, ...]:
    """What holds: nothing that was taken back, in the order of the days."""
    rows = list(events)
    gone = {row.corrects_id for row in rows if row.corrects_id is not None}
    kept = [row for row in rows if row.pk not in gone and row.act != PathAct.RETRACTED]
    return tuple(sorted(kept, key=lambda row: (row.on, row.pk)))


def derive(content: PathContent, events: Iterable[Event], today: date) -> Overview:
    """The way so far."""
    rows = effective(events)
    entries = [row for row in rows if row.act == PathAct.ENTERED]
    current = entries[-1].phase_code if entries else ""
    ended = next((row for row in reversed(rows) if row.act == PathAct.ENDED), None)
    handed = [row for row in rows if row.act == PathAct.HANDED_ON]
    waiting = handed[-1] if handed else None
    if waiting is not None:
        # Whoever enters a later phase, on that day or after, has taken it.
        taken = any(
            row.phase_code == waiting.phase_code and row.on >= waiting.on for row in entries
        )
        waiting = None if taken or ended else waiting
    phases = tuple(
        _phase_view(content, phase, rows, current=current, ended=ended, today=today)
        for phase in content.phases
    )
    return Overview(phases, current, ended is None, ended, waiting, rows)


def _phase_view(
    content: PathContent,
    phase: Phase,
    rows: tuple[Event, ...],
    *,
    current: str,
    ended: Event | None,
    today: date,
) -> PhaseView:
    entered = next(
        (row for row in rows if row.act == PathAct.ENTERED and row.phase_code == phase.code), None
    )
    left_on = _left_on(rows, entered, ended)
    until = left_on or today
    days = max((until - entered.on).days + 1, 0) if entered else 0
    is_current = phase.code == current and ended is None
    over = days - phase.expected_days if phase.expected_days and entered else 0
    own = {goal.code for goal in phase.goals}
    return PhaseView(
        phase=phase,
        entered=entered,
        left_on=left_on,
        days=days,
        over_days=max(over, 0),
        is_current=is_current,
        goals=tuple(_goal_view(goal, rows, entered, until) for goal in phase.goals),
        variances=tuple(
            VarianceView(
                row,
                next((one for one in content.variances if one.code == row.variance_code), None),
                content.goal(row.goal_code),
            )
            for row in rows
            if row.act == PathAct.VARIANCE
            and (row.phase_code == phase.code or row.goal_code in own)
        ),
        handed_on=next(
            (
                row
                for row in rows
                if row.act == PathAct.HANDED_ON
                and (following := content.after(phase.code)) is not None
                and row.phase_code == following.code
            ),
            None,
        ),
    )


def _left_on(rows: tuple[Event, ...], entered: Event | None, ended: Event | None) -> date | None:
    if entered is None:
        return None
    later = (
        row.on
        for row in rows
        if row.act == PathAct.ENTERED
        and row.phase_code != entered.phase_code
        and (row.on, row.pk) > (entered.on, entered.pk)
    )
    return next(later, ended.on if ended else None)


def _goal_view(goal: Goal, rows: tuple[Event, ...], entered: Event | None, until: date) -> GoalView:
    reached = next(
        (row for row in rows if row.act == PathAct.REACHED and row.goal_code == goal.code), None
    )
    due = None
    if entered is not None and goal.by_day is not None:
        due = entered.on + timedelta(days=goal.by_day - 1)
    late = due is not None and (reached.on if reached else until) > due
    return GoalView(goal, reached, due, late)
