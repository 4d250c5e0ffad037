"""Stays of people of 架空広域, in different states, through the same services as real work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import transaction

from renkei.care.patients.models import Patient
from renkei.care.patients.services.team import invite_member, join_team
from renkei.care.transitions.models import (
    Channel,
    CoordinationCase,
    FactKind,
)
from renkei.care.transitions.queries.cases import case_for
from renkei.care.transitions.services.cases import open_case
from renkei.care.transitions.services.facts import record_fact
from renkei.care.transitions.values import Hospital, NewFact, NewStay
from renkei.demo.care import viewer_named
from renkei.demo.transitions_caseforms import tell_of_forms
from renkei.demo.transitions_rules import agree_on_rule, write_windows
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.common import clock

Say = Callable[[str], None]
HOSPITAL: Final = "架空市立中央病院"
OUTSIDE: Final = Hospital(
    name="架空回復期病院", phone="0999-00-7100", fax="0999-00-7109", person="地域連携室"
)
K = FactKind


@dataclass(frozen=True)
class Told:
    """One fact: so many days ago, at a time, by whom, how, and what is said of it."""

    days_ago: int
    at: str
    by: str
    kind: FactKind
    channel: Channel = Channel.SYSTEM
    counterpart: str = ""
    detail: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Stay:
    """One stay of the person at this place in the list of persons."""

    person: int
    days_ago: int
    at: str
    by: str
    ward: str
    note: str
    facts: Sequence[Told]
    outside: bool = False


def _in(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def stays() -> tuple[Stay, ...]:
    """磯部 is in hospital and a screening is overdue; one person came home as agreed; of another
    nobody was told.
    """
    return (
        Stay(1, 5, "10:40", "chidori", "3階東", "肺炎", (
            Told(5, "11:30", "omori", K.CM_IDENTIFIED, detail={"source": "card"}),
            Told(5, "16:20", "omori", K.ADMISSION_INFO_SENT, Channel.FAX, "千鳥", {"pages": 4}),
            Told(4, "09:10", "omori", K.CONTACT, Channel.PHONE, "東病棟の看護師",
                 {"outcome": "reached", "note": "熱は下がった。酸素は続けている。"}),
        )),
        Stay(3, 24, "14:05", "chidori", "4階西", "大腿骨の骨折", (
            Told(24, "15:00", "omori", K.CM_IDENTIFIED, detail={"source": "network"}),
            Told(23, "09:30", "omori", K.ADMISSION_INFO_SENT, detail={"pages": 4}),
            Told(22, "11:00", "chidori", K.SCREENING_DONE, detail={"needed": True}),
            Told(19, "14:00", "chidori", K.TALK_HELD, Channel.MEETING, "長男"),
            Told(13, "10:15", "chidori", K.DISCHARGE_NOTIFIED,
                 detail={"planned_on": _in(-3), "destination": "home"}),
            Told(8, "15:00", "chidori", K.CONFERENCE_HELD, Channel.MEETING,
                 detail={"professions": ["医師", "看護師", "介護支援専門員", "訪問看護師"]}),
            Told(6, "17:00", "omori", K.PLAN_AGREED),
            Told(3, "10:30", "chidori", K.DISCHARGED, detail={"destination": "home"}),
        )),
        Stay(5, 16, "09:20", "omori", "", "脱水", (
            Told(16, "13:00", "omori", K.ADMISSION_INFO_SENT, Channel.FAX, "地域連携室"),
            Told(1, "16:40", "omori", K.DISCHARGED_WITHOUT_NOTICE,
                 detail={"reason_code": "03", "learned_from": "family",
                         "note": "長女からの電話で知った。"}),
        ), outside=True),
    )  # fmt: skip


@transaction.atomic
def tell_of_stays(patients: Sequence[Patient], say: Say) -> list[CoordinationCase]:
    """Bring the rules, let the region go by one, and tell the stays in the order of their days."""
    agree_on_rule()
    write_windows()
    cases = [_tell(patients[stay.person], stay) for stay in stays()]
    tell_of_forms(cases)
    say(f"入退院の調整{len(cases)}件を用意しました")
    return cases


def _tell(patient: Patient, stay: Stay) -> CoordinationCase:
    host, msw = viewer_named("omori"), viewer_named("chidori")
    begun = _instant(stay.days_ago, stay.at)
    if not stay.outside:
        membership = Membership.objects.get(pk=msw.membership_id or 0)
        present = patient.team.filter(membership=membership, left_at=None)
        if not present.exists():
            # Before the stay began: whoever joins later finds nothing of earlier days.
            with clock.told_at(begun - timedelta(hours=1)):
                member = invite_member(viewer=host, patient=patient, membership=membership)
                join_team(viewer=msw, member=member)
    place = OUTSIDE if stay.outside else Hospital(Organisation.objects.get(name=HOSPITAL))
    with clock.told_at(begun):
        case = open_case(
            viewer=viewer_named(stay.by),
            patient=patient,
            stay=NewStay(
                hospital=place,
                admitted_at=begun,
                ward=stay.ward,
                way="emergency",
                note=stay.note,
            ),
        )
    for told in stay.facts:
        at = _instant(told.days_ago, told.at)
        with clock.told_at(at):
            record_fact(
                door=case_for(viewer_named(told.by), case.uid),
                fact=NewFact(
                    kind=told.kind,
                    at=at,
                    channel=told.channel,
                    counterpart=told.counterpart,
                    detail=told.detail or {},
                ),
            )
    return case


def _instant(days_ago: int, at: str) -> datetime:
    hour, minute = map(int, at.split(":"))
    day = clock.today() - timedelta(days=days_ago)
    return datetime.combine(day, time(hour, minute), tzinfo=clock.TOKYO)
