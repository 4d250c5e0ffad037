"""A stay with both its sides: invented people and hospitals for the tests of this room."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from renkei.care.patients.models import Patient
from renkei.care.patients.tests import factories as patients
from renkei.care.transitions.models import (
    CaseFact,
    Channel,
    ContactPoint,
    CoordinationCase,
    FactKind,
)
from renkei.care.transitions.queries.cases import CaseDoor, case_for
from renkei.care.transitions.services.cases import open_case
from renkei.care.transitions.services.facts import record_fact
from renkei.care.transitions.services.rules import load_shipped_rules
from renkei.care.transitions.values import Hospital, NewFact, NewStay
from renkei.foundation.accounts.models import Organisation, Role, User
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common.clock import TOKYO

WEEKDAYS = {str(day): [["08:30", "17:15"]] for day in range(5)}


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=TOKYO)


def hospital() -> Organisation:
    return accounts.make_organisation("架空市立中央病院")


def ward_nurse() -> User:
    """木暮, of the hospital's own office for discharge."""
    return accounts.person(
        "木暮 由衣", "kogure@hospital.example.test", hospital(), Role.PROFESSIONAL, "看護師"
    )


def patient_with_both_sides(**fields: Any) -> Patient:
    """A person with 鈴木 (care manager, host), 高橋 (nurse) and the hospital on the team."""
    patient = patients.make_patient(**fields)
    patients.add_member(patient, accounts.suzuki())
    patients.add_member(patient, accounts.takahashi())
    patients.add_member(patient, ward_nurse(), whole_office=True)
    return patient


def opened(
    patient: Patient, *, by: User | None = None, admitted_at: datetime | None = None, **fields: Any
) -> CoordinationCase:
    """A stay in 架空市立中央病院, or another hospital."""
    who = by or accounts.suzuki()
    place = fields.pop("hospital", None) or Hospital(organisation=hospital())
    stay = NewStay(hospital=place, admitted_at=admitted_at, **fields)
    return open_case(viewer=accounts.viewer_for(who), patient=patient, stay=stay)


def door(case: CoordinationCase, user: User) -> CaseDoor:
    return case_for(accounts.viewer_for(user), case.uid)


def record(
    case: CoordinationCase,
    kind: FactKind,
    moment: datetime,
    *,
    by: User | None = None,
    channel: Channel = Channel.PHONE,
    detail: Mapping[str, Any] | None = None,
    **fields: Any,
) -> CaseFact:
    fact = NewFact(kind=kind, at=moment, channel=channel, detail=detail or {}, **fields)
    row = record_fact(door=door(case, by or accounts.suzuki()), fact=fact)
    case.refresh_from_db()
    return row


def point(organisation: Organisation, moment: datetime, **fields: Any) -> ContactPoint:
    values = {"weekly_hours": WEEKDAYS, "phone": "0999-00-6100", "confirmed_at": moment, **fields}
    return ContactPoint.objects.create(organisation=organisation, **values)


def shipped(code: str = "example-calendar") -> Any:
    """One of the shipped rules, loaded."""
    load_shipped_rules(actor=SYSTEM)
    from renkei.care.transitions.models import Rule

    return Rule.objects.get(code=code)
