"""Who is called first for one person: at every instant exactly one contact or a named hole.

Pure. Source: acceptance.md T-C1; domain/training-outreach-consult.md §7.1, §12 item 5.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from operator import attrgetter

from renkei.care.transitions.duty_rosters import Absence, Duty, DutyRoster, Turn, turns_of


class HoleReason(Enum):
    """Why nobody can be called; in words for the board."""

    NOT_ARRANGED = "電話する先が決まっていません"
    NOBODY_ON_DUTY = "当番が入っていません"
    ABSENT = "当番の人が不在です"
    BOTH_ABSENT = "主治医も副主治医も不在です"
    NO_PHONE = "当番の電話番号がありません"


class StepRole(Enum):
    """What somebody is for the person."""

    DUTY = "当番"
    MAIN = "主治医"
    DEPUTY = "副主治医"


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One place to call, in the person's order; only between its two instants.

    Thousands of persons share a step: it is the same one, and told apart by being it.
    """

    roster: DutyRoster
    role: StepRole = StepRole.DUTY
    since: datetime | None = None
    until: datetime | None = None

    def holds_at(self, instant: datetime) -> bool:
        return (self.since is None or self.since <= instant) and (
            self.until is None or instant < self.until
        )


@dataclass(frozen=True, slots=True)
class Contact:
    """Who to call: name and number, of which office, as what."""

    name: str
    phone: str
    office: str
    role: StepRole
    roster_key: str


@dataclass(frozen=True, slots=True)
class Hole:
    """Nobody, and why."""

    reason: HoleReason


Outcome = Contact | Hole
Stretch = tuple[datetime, datetime]
_starts_at = attrgetter("starts_at")


@dataclass(frozen=True, slots=True)
class Span:
    """One outcome from one instant to another; neighbours differ."""

    starts_at: datetime
    ends_at: datetime
    outcome: Outcome

    @property
    def is_hole(self) -> bool:
        return isinstance(self.outcome, Hole)


class Cover:
    """A window of time, worked out once per roster and per arrangement, however many persons."""

    def __init__(
        self, *, since: datetime, until: datetime, absences: Iterable[Absence] = ()
    ) -> None:
        self.since, self.until = since, until
        self._absences = tuple(absences)
        self._turns: dict[DutyRoster, tuple[Turn, ...]] = {}
        self._silent: dict[Step, tuple[Stretch, ...]] = {}
        self._spans: dict[tuple[Step, ...], tuple[Span, ...]] = {}
        self._holes: dict[tuple[Step, ...], tuple[Span, ...]] = {}

    def of(self, steps: Sequence[Step]) -> tuple[Span, ...]:
        """The whole window in exact intervals, in order, without gap or overlap."""
        key = tuple(steps)
        if key not in self._spans:
            self._spans[key] = tuple(self._between(key, self.since, self.until))
        return self._spans[key]

    def turns(self, roster: DutyRoster) -> tuple[Turn, ...]:
        """The window of one roster."""
        if roster not in self._turns:
            self._turns[roster] = turns_of(
                roster, since=self.since, until=self.until, absences=self._absences
            )
        return self._turns[roster]

    def has_hole(self, steps: Iterable[Step]) -> bool:
        """Whether at any instant nobody answers."""
        return bool(self.silence(steps))

    def silence(self, steps: Iterable[Step]) -> Sequence[Stretch]:
        """When nobody answers: the holes of ``of``, whatever their reason, in a fraction of its
        time. A hole is where every step is silent.
        """
        left: Sequence[Stretch] = ((self.since, self.until),)
        for step in steps:
            silent = self._silence(step)
            if not silent:
                return ()
            left = common(left, silent)
            if not left:
                return ()
        return left

    def holes(self, steps: Sequence[Step]) -> tuple[Span, ...]:
        """The holes of ``of`` with their reasons."""
        key = tuple(steps)
        if key not in self._holes:
            self._holes[key] = tuple(
                span for one in self.silence(key) for span in self._between(key, *one)
            )
        return self._holes[key]

    def _between(self, steps: tuple[Step, ...], begins: datetime, ends: datetime) -> list[Span]:
        """What is in a stretch of the window."""
        turns = [self.turns(step.roster) for step in steps]
        edges = {begins, ends}
        for step, of_step in zip(steps, turns, strict=True):
            edges.update(
                turn.starts_at
                for turn in of_step[_place(of_step, begins) : _place(of_step, ends) + 1]
            )
            edges.update(each for each in (step.since, step.until) if each is not None)
        inside = sorted(edge for edge in edges if begins <= edge <= ends)
        spans: list[Span] = []
        for begin, end in itertools.pairwise(inside):
            outcome = _outcome(
                (step, of_step[_place(of_step, begin)])
                for step, of_step in zip(steps, turns, strict=True)
                if step.holds_at(begin)
            )
            if spans and spans[-1].outcome == outcome:
                spans[-1] = Span(spans[-1].starts_at, end, outcome)
            else:
                spans.append(Span(begin, end, outcome))
        return spans

    def now(self, steps: Iterable[Step]) -> Outcome:
        """Who is called at the first instant of the window."""
        return _outcome(
            (step, self.turns(step.roster)[0]) for step in steps if step.holds_at(self.since)
        )

    def _silence(self, step: Step) -> tuple[Stretch, ...]:
        if step not in self._silent:
            found = [
                (turn.starts_at, turn.ends_at)
                for turn in self.turns(step.roster)
                if turn.duty != Duty.ON
            ]
            begins, ends = step.since or self.since, step.until or self.until
            outside = [(self.since, begins), (ends, self.until)]
            held = common(found, [(begins, ends)])
            self._silent[step] = tuple(joined([*outside, *held]))
        return self._silent[step]


def _place(turns: Sequence[Turn], instant: datetime) -> int:
    """Which turn holds at an instant; the last one at the end of the window."""
    return bisect_right(turns, instant, key=_starts_at) - 1


def common(some: Iterable[Stretch], others: Iterable[Stretch]) -> list[Stretch]:
    """Where both are; each in order of time and without overlap."""
    found: list[Stretch] = []
    first, second = iter(some), iter(others)
    one, other = next(first, None), next(second, None)
    while one is not None and other is not None:
        begins, ends = max(one[0], other[0]), min(one[1], other[1])
        if begins < ends:
            found.append((begins, ends))
        if one[1] <= other[1]:
            one = next(first, None)
        else:
            other = next(second, None)
    return found


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time in order, without overlap; what touches is one."""
    found: list[Stretch] = []
    for begins, ends in sorted(stretches):
        if begins >= ends:
            continue
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(ends, found[-1][1]))
        else:
            found.append((begins, ends))
    return found


def coverage(
    steps: Sequence[Step], *, since: datetime, until: datetime, absences: Iterable[Absence] = ()
) -> tuple[Span, ...]:
    """Every instant of a window: one contact or a hole, as exact intervals."""
    return Cover(since=since, until=until, absences=absences).of(steps)


def first_contact(
    steps: Sequence[Step], at: datetime, *, absences: Iterable[Absence] = ()
) -> Outcome:
    """Who is called at one instant."""
    window = coverage(steps, since=at, until=at + timedelta(microseconds=1), absences=absences)
    return window[0].outcome


def holes_in(spans: Iterable[Span]) -> list[Span]:
    """The holes of a window, in order."""
    return [span for span in spans if span.is_hole]


def hole_minutes(spans: Iterable[Span]) -> int:
    """Whole minutes without a first contact, for the counters."""
    empty = sum((span.ends_at - span.starts_at for span in holes_in(spans)), start=timedelta())
    return empty // timedelta(minutes=1)


def _outcome(duties: Iterable[tuple[Step, Turn]]) -> Outcome:
    silent = []
    for step, turn in duties:
        if turn.duty == Duty.ON and turn.who is not None:
            return Contact(
                name=turn.who.name,
                phone=turn.who.phone,
                office=step.roster.label,
                role=step.role,
                roster_key=step.roster.key,
            )
        silent.append((step, turn))
    if not silent:
        return Hole(HoleReason.NOT_ARRANGED)
    absent = {step.role for step, turn in silent if turn.duty == Duty.ABSENT}
    if {StepRole.MAIN, StepRole.DEPUTY} <= absent:
        return Hole(HoleReason.BOTH_ABSENT)
    if absent:
        return Hole(HoleReason.ABSENT)
    if any(turn.duty == Duty.NO_PHONE for _, turn in silent):
        return Hole(HoleReason.NO_PHONE)
    return Hole(HoleReason.NOBODY_ON_DUTY)
