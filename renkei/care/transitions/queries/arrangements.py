"""Whom each of many persons calls first: their order and their doctors, as in force in a window.

One query reads every person's arrangement; rosters and absences, which they share, come once each.
The query is written out because it asks of each of thousands of persons what only a few tables of
the room know: the ORM's form of it cost ten times as much in Python.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet, TextField

from renkei.care.patients.models import Patient
from renkei.care.transitions.duty_rosters import DutyRoster
from renkei.care.transitions.first_contacts import Cover, Span, Step, StepRole
from renkei.care.transitions.models import CoordinationCase, Doctor, Roster
from renkei.care.transitions.pair_states import PairState
from renkei.care.transitions.queries.doctors import absences_in, roster_of_doctor
from renkei.care.transitions.queries.rosters import duty_rosters
from renkei.foundation.common.conditions import Condition

_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

# "12", or "12@since/until" in microseconds where it does not hold for the whole window.
_BOUNDS: Final = """
    CASE WHEN {begins} > {{since}} OR {ends} < {{until}}
    THEN '@' || (extract(epoch FROM greatest({begins}, {{since}})) * 1000000)::bigint
        || '/' || (extract(epoch FROM {ends}) * 1000000)::bigint
    ELSE '' END
"""
# An office that left the team is not called any more, whoever forgot to say so; nor is a roster
# that is no longer kept. 0 is the place of the person's doctors.
_CONTACTS: Final = f"""
    array_to_string(ARRAY(
        SELECT coalesce(contact.roster_id, 0)
            || {_BOUNDS.format(begins="contact.set_at", ends="ends.at")}
        FROM transitions_firstcontact contact
        LEFT JOIN transitions_roster roster ON roster.id = contact.roster_id
        LEFT JOIN LATERAL (
            SELECT max(coalesce(member.left_at, 'infinity')) AS at FROM patients_teammember member
            WHERE NOT roster.is_regional AND member.patient_id = contact.patient_id
            AND member.organisation_id = roster.organisation_id
        ) team ON true
        CROSS JOIN LATERAL (SELECT least(
            contact.ended_at, roster.ended_at, {{until}},
            CASE WHEN NOT roster.is_regional THEN coalesce(team.at, '-infinity') END
        ) AS at) ends
        WHERE contact.patient_id = {{patient}} AND contact.set_at < {{until}}
        AND ends.at > {{since}} AND ends.at > contact.set_at
        ORDER BY contact.set_at, contact.position
    ), ' ')
"""  # noqa: S608 - constants
_STATES: Final = ", ".join(
    f"'{state.value}'" for state in (PairState.ACTIVE, PairState.CHANGED, PairState.ENDED)
)
_PAIRS: Final = f"""
    array_to_string(ARRAY(
        SELECT pair.main_id || ',' || pair.deputy_id
            || {_BOUNDS.format(begins="pair.started_at", ends="ends.at")}
        FROM transitions_doctorpair pair
        CROSS JOIN LATERAL (SELECT least(pair.ended_at, {{until}}) AS at) ends
        WHERE pair.patient_id = {{patient}} AND pair.state IN ({_STATES})
        AND pair.started_at < {{until}} AND ends.at > {{since}}
        ORDER BY pair.started_at
    ), ' ')
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Arranged:
    """One person and whom they call in turn."""

    patient_id: int
    in_hospital: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Arrangements:
    """Many persons in one window, with what answers for them worked out once per arrangement."""

    persons: Sequence[Arranged]
    cover: Cover
    # Whatever can be called by anybody of them.
    rosters: Collection[DutyRoster]

    def spans(self, one: Arranged) -> tuple[Span, ...]:
        """The whole window of one person; none while in hospital."""
        return () if one.in_hospital else self.cover.of(one.steps)


def arrangements(persons: QuerySet[Patient], *, since: datetime, until: datetime) -> Arrangements:
    """The arrangements of these persons, who were found through the gate, in their order.

    Seven queries however many they are. Persons in hospital at present are marked.
    """
    window = {"since": since, "until": until}
    rows = list(
        persons.annotate(
            lying=Exists(present_stays(OuterRef("pk"))),
            called=Condition(_CONTACTS, columns={"patient": "pk"}, yields=TextField(), **window),
            paired=Condition(_PAIRS, columns={"patient": "pk"}, yields=TextField(), **window),
        ).values_list("pk", "lying", "called", "paired")
    )
    reader = _Reader({row[2] for row in rows}, {row[3] for row in rows}, since=since, until=until)
    found = [Arranged(pk, lying, reader.steps(*key)) for pk, lying, *key in rows]
    absences = absences_in(reader.made, since=since, until=until)
    cover = Cover(since=since, until=until, absences=absences)
    return Arrangements(found, cover, {step.roster for step in reader.made})


def present_stays(patient: Any) -> QuerySet[CoordinationCase]:
    """The stays in which a person lies in hospital now."""
    return CoordinationCase.objects.filter(
        patient=patient, in_hospital=True, admitted_at__isnull=False
    )


class _Held:
    """A key with the part of the window in which it holds; None: to its edge."""

    __slots__ = ("key", "since", "until")

    def __init__(self, text: str, window: tuple[datetime, datetime]) -> None:
        self.key, _, bounds = text.partition("@")
        self.since: datetime | None = None
        self.until: datetime | None = None
        if bounds:
            begins, ends = (_START + int(part) * _MICROSECOND for part in bounds.split("/"))
            self.since = begins if begins > window[0] else None
            self.until = ends if ends < window[1] else None


# When the person's doctors are called; None: the edge of the window.
Left = tuple[datetime | None, datetime | None]


class _Reader:
    """Arrangements as written by the query, as steps; equal steps are one object."""

    def __init__(
        self, orders: Collection[str], pairs: Collection[str], *, since: datetime, until: datetime
    ) -> None:
        self.window = (since, until)
        called = {text for order in orders for text in order.split()}
        paired = {text for some in pairs for text in some.split()}
        self._called = {text: _Held(text, self.window) for text in called}
        self._paired = {text: _Held(text, self.window) for text in paired}
        self._rosters = _rosters({int(one.key) for one in self._called.values()}, since, until)
        doctors = {int(key) for one in self._paired.values() for key in one.key.split(",")}
        self._doctors = _doctors(doctors)
        self._made: dict[tuple[Any, ...], Step] = {}
        self._steps: dict[tuple[str, str], tuple[Step, ...]] = {}
        self._parts: dict[tuple[Any, ...], tuple[Step, ...]] = {}
        self._orders = {order: self._order(order) for order in orders}

    @property
    def made(self) -> Collection[Step]:
        """Every step that was made so far, once."""
        return self._made.values()

    def steps(self, called: str, paired: str) -> tuple[Step, ...]:
        """In the order of the call. Doctors whom nobody put into it come after the offices."""
        key = (called, paired)
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = tuple(
                step
                for one in self._orders[called]
                for step in ((one,) if isinstance(one, Step) else self._both(paired, *one))
            )
        return found

    def _order(self, called: str) -> tuple[Step | Left, ...]:
        """The offices in turn, and the places in time of whoever the person's doctors are."""
        order: list[Step | Left] = []
        placed: list[_Held] = []
        for contact in (self._called[text] for text in called.split()):
            roster = self._rosters.get(int(contact.key))
            if roster is not None:
                order.append(self._step(roster, StepRole.DUTY, contact.since, contact.until))
            else:
                placed.append(contact)
                order.append((contact.since, contact.until))
        return (*order, *self._left_by(placed))

    def _left_by(self, placed: Sequence[_Held]) -> list[Left]:
        """When no order names the doctors; the orders follow each other in time."""
        left: list[Left] = []
        begin: datetime | None = self.window[0]
        for one in placed:
            if begin is None:
                break
            if one.since is not None and one.since > begin:
                left.append((_inside(begin, self.window[0]), one.since))
            begin = None if one.until is None else max(begin, one.until)
        if begin is not None:
            left.append((_inside(begin, self.window[0]), None))
        return left

    def _both(
        self, paired: str, since: datetime | None, until: datetime | None
    ) -> tuple[Step, ...]:
        """The doctors of every pair there was, each as long as it held."""
        key = (paired, since, until)
        if key in self._parts:
            return self._parts[key]
        steps: tuple[Step, ...] = ()
        for pair in (self._paired[text] for text in paired.split()):
            begins, ends = _latest(since, pair.since), _earliest(until, pair.until)
            if begins is not None and ends is not None and begins >= ends:
                continue
            main, deputy = (self._doctors[int(doctor)] for doctor in pair.key.split(","))
            steps += (
                self._step(main, StepRole.MAIN, begins, ends),
                self._step(deputy, StepRole.DEPUTY, begins, ends),
            )
        self._parts[key] = steps
        return steps

    def _step(
        self, roster: DutyRoster, role: StepRole, since: datetime | None, until: datetime | None
    ) -> Step:
        key = (roster.key, role, since, until)
        step = self._made.get(key)
        if step is None:
            step = self._made[key] = Step(roster, role, since, until)
        return step


def _rosters(keys: set[int], since: datetime, until: datetime) -> dict[int, DutyRoster]:
    found = Roster.objects.filter(pk__in=keys).select_related("organisation")
    return duty_rosters(found, since=since, until=until)


def _doctors(keys: set[int]) -> dict[int, DutyRoster]:
    found = Doctor.objects.filter(pk__in=keys).select_related("organisation")
    return {doctor.pk: roster_of_doctor(doctor) for doctor in found}


def _inside(moment: datetime, edge: datetime) -> datetime | None:
    return moment if moment > edge else None


def _latest(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return max(one, other)


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return min(one, other)
