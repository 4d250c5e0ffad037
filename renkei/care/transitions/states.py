"""The state of a stay, derived from its facts in whatever order they came. Pure, no database.

Source: domain/admission-discharge-rules.md §4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from renkei.care.transitions.models.cases import CaseFact, CaseState, FactKind, PatientClass, Side

# From the end to the beginning: the first that happened says where a stay is.
_LADDER: Final = (
    (CaseState.CANCELLED, {FactKind.CANCELLED}),
    (CaseState.DIED_IN_HOSPITAL, {FactKind.DIED_IN_HOSPITAL}),
    (CaseState.TRANSFERRED, {FactKind.TRANSFER_NOTIFIED}),
    (CaseState.CLOSED, {FactKind.CLOSED}),
    (CaseState.FOLLOWED_UP, {FactKind.FOLLOW_UP_REPORTED}),
    (CaseState.DISCHARGED, {FactKind.DISCHARGED, FactKind.DISCHARGED_WITHOUT_NOTICE}),
    (CaseState.PLAN_READY, {FactKind.PLAN_AGREED}),
    (CaseState.CONFERENCE_SET, {FactKind.CONFERENCE_SCHEDULED, FactKind.CONFERENCE_HELD}),
    (CaseState.DISCHARGE_NOTIFIED, {FactKind.DISCHARGE_NOTIFIED}),
    (CaseState.SUPPORT_STARTED, {FactKind.SCREENING_DONE}),
    (CaseState.INFO_SENT, {FactKind.ADMISSION_INFO_SENT}),
    (CaseState.CM_IDENTIFIED, {FactKind.CM_IDENTIFIED, FactKind.CM_CONTRACTED}),
    (CaseState.ADMITTED, {FactKind.ADMISSION_REGISTERED}),
)
DISCHARGES: Final = frozenset({FactKind.DISCHARGED, FactKind.DISCHARGED_WITHOUT_NOTICE})
# A stay in these states is over for the hospital.
LEFT: Final = frozenset(
    {
        CaseState.DISCHARGED,
        CaseState.FOLLOWED_UP,
        CaseState.CLOSED,
        CaseState.TRANSFERRED,
        CaseState.DIED_IN_HOSPITAL,
        CaseState.CANCELLED,
    }
)
# Nothing is left to do.
ENDED: Final = LEFT - {CaseState.DISCHARGED, CaseState.FOLLOWED_UP}


@dataclass(frozen=True)
class Fact:
    """One fact as the pure parts see it. ``number`` orders facts recorded at the same moment."""

    number: int
    kind: str
    at: datetime
    recorded_at: datetime
    detail: Mapping[str, Any]
    corrects: int | None = None
    channel: str = ""


@dataclass(frozen=True)
class Derived:
    """What the facts of one stay amount to."""

    state: CaseState
    patient_class: PatientClass
    is_leak: bool
    in_hospital: bool
    is_open: bool
    admitted_at: datetime | None
    planned_discharge_on: date | None
    discharged_at: datetime | None
    # Those that still hold, by time.
    facts: tuple[Fact, ...]

    def first(self, *kinds: str) -> Fact | None:
        """The earliest fact of one of these kinds."""
        return next((fact for fact in self.facts if fact.kind in kinds), None)

    def last(self, *kinds: str) -> Fact | None:
        """The latest of them."""
        return next((fact for fact in reversed(self.facts) if fact.kind in kinds), None)


def facts_from(rows: Iterable[CaseFact]) -> tuple[Fact, ...]:
    """Stored facts as the pure parts take them."""
    return tuple(
        Fact(row.pk, row.kind, row.at, row.recorded_at, row.detail, row.corrects_id, row.channel)
        for row in rows
    )


def effective(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts that hold: neither corrected nor taken back, by the time they happened."""
    rows = list(facts)
    replaced = {fact.corrects for fact in rows if fact.corrects is not None}
    held = (
        fact for fact in rows if fact.number not in replaced and fact.kind != FactKind.RETRACTED
    )
    return tuple(sorted(held, key=lambda fact: (fact.at, fact.number)))


def derive(facts: Iterable[Fact]) -> Derived:
    """Where a stay is. The same set of facts gives the same answer in any order."""
    held = effective(facts)
    kinds = {fact.kind for fact in held}
    state = next((state for state, signs in _LADDER if kinds & signs), CaseState.DRAFT)
    if state == CaseState.FOLLOWED_UP and not kinds & DISCHARGES:
        # A report before anybody wrote down that the person is home: at home all the same.
        state = CaseState.DISCHARGED
    plain = Derived(
        state=state,
        patient_class=_class_of(held),
        is_leak=FactKind.DISCHARGED_WITHOUT_NOTICE in kinds,
        in_hospital=state not in LEFT,
        is_open=state not in ENDED,
        admitted_at=None,
        planned_discharge_on=None,
        discharged_at=None,
        facts=held,
    )
    return Derived(
        **{
            **vars(plain),
            "admitted_at": _moment(plain.last(FactKind.ADMISSION_REGISTERED)),
            "planned_discharge_on": _planned(plain.last(FactKind.DISCHARGE_NOTIFIED)),
            "discharged_at": _left_at(plain),
        }
    )


def _moment(fact: Fact | None) -> datetime | None:
    return fact.at if fact else None


def _planned(fact: Fact | None) -> date | None:
    written = fact.detail.get("planned_on") if fact else None
    return date.fromisoformat(written) if written else None


def _left_at(derived: Derived) -> datetime | None:
    """When the person left the hospital: the hospital's own word goes before the care side's."""
    told = derived.last(FactKind.DISCHARGED)
    found = derived.last(FactKind.DISCHARGED_WITHOUT_NOTICE)
    left = derived.last(FactKind.TRANSFER_NOTIFIED, FactKind.DIED_IN_HOSPITAL)
    return _moment(told or found or left)


def _class_of(facts: tuple[Fact, ...]) -> PatientClass:
    """As told at admission; whoever had a care manager all along is A, once that is known."""
    told = [fact.detail.get("class") for fact in facts if fact.detail.get("class")]
    if told and told[-1] in {PatientClass.A, PatientClass.B}:
        return PatientClass(told[-1])
    kinds = {fact.kind for fact in facts}
    if FactKind.CM_IDENTIFIED in kinds:
        return PatientClass.A
    return PatientClass.B if FactKind.CM_CONTRACTED in kinds else PatientClass.UNKNOWN


def turn_of(derived: Derived) -> Side:
    """Whose turn it is: nobody's never, as long as the stay is open.

    The hospital's until the care manager is known and from then on until discharge, but for the
    information at admission and the plan; from discharge on the care side's.
    """
    if derived.state in {CaseState.CM_IDENTIFIED, CaseState.DISCHARGED, CaseState.FOLLOWED_UP}:
        return Side.CARE
    if derived.state in {CaseState.DISCHARGE_NOTIFIED, CaseState.CONFERENCE_SET}:
        return Side.CARE
    if derived.state == CaseState.DRAFT:
        return Side.CARE
    return Side.HOSPITAL
