"""The copies a stay keeps of what its facts amount to: written here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from renkei.care.transitions.clock_rules import Timer, next_timer, timers_of
from renkei.care.transitions.models import CoordinationCase, Side
from renkei.care.transitions.office_calendar import OfficeCalendar
from renkei.care.transitions.queries.contacts import calendar_of
from renkei.care.transitions.rule_content import RuleContent, parse
from renkei.care.transitions.services.numbers import count_case
from renkei.care.transitions.states import Derived, derive, facts_from
from renkei.foundation.common import clock

COPIES: Final = (
    "state",
    "patient_class",
    "is_leak",
    "in_hospital",
    "is_open",
    "admitted_at",
    "planned_discharge_on",
    "discharged_at",
    "next_code",
    "next_side",
    "next_due_at",
)


def calendars_of(case: CoordinationCase) -> Mapping[Side, OfficeCalendar]:
    """The calendars of both sides of a stay."""
    return {
        Side.HOSPITAL: calendar_of(case.hospital_id, case.ward),
        Side.CARE: calendar_of(case.care_office_id),
    }


def content_of(case: CoordinationCase) -> RuleContent | None:
    """The edition of the rule this stay goes by; None where none was in force."""
    return parse(case.rule_version.content) if case.rule_version else None


def derived_of(case: CoordinationCase) -> Derived:
    """What the stored facts of a stay amount to."""
    return derive(facts_from(case.facts.all()))


def timers_now(case: CoordinationCase, derived: Derived) -> tuple[Timer, ...]:
    """The clock of a stay as it stands; empty without a rule."""
    content = content_of(case)
    if content is None:
        return ()
    return timers_of(content, derived, calendars_of(case), clock.now())


def refresh(case: CoordinationCase) -> Derived:
    """Renew the copies; part of the transaction that recorded a fact.

    Raises:
        ValidationError: two stays at one hospital, or home before admission.
    """
    derived = derived_of(case)
    for name in COPIES[:8]:
        setattr(case, name, getattr(derived, name))
    upcoming = next_timer(timers_now(case, derived)) if derived.is_open else None
    case.next_code = upcoming.code if upcoming else ""
    case.next_side = upcoming.side if upcoming else ""
    case.next_due_at = upcoming.due_at if upcoming else None
    case.validate_constraints()
    case.save(update_fields=COPIES)
    count_case(case, derived)
    return derived
