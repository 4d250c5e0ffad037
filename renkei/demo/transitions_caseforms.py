"""Forms that were handed over, a conference to come and a list of discharge half done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from renkei.care.transitions.models import (
    Channel,
    ChecklistLine,
    ConferenceKind,
    CoordinationCase,
    FactKind,
    FormSending,
    Side,
)
from renkei.care.transitions.queries.cases import CaseDoor, case_for
from renkei.care.transitions.queries.conferences import people_to_ask
from renkei.care.transitions.services.caseforms import send_form
from renkei.care.transitions.services.checklists import decide_line
from renkei.care.transitions.services.conferences import plan_conference
from renkei.care.transitions.values import FormLetter, NewConference, NewFact, NewSeat
from renkei.demo.care import viewer_named
from renkei.foundation.common import clock
from renkei.foundation.sheets.answers import content_from
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.models import Answer
from renkei.foundation.sheets.queries import version_in_force
from renkei.foundation.sheets.services.answers import record_answer

# By the place of the stay in the list: how long ago, and what changed in the second edition.
INFORMATION: Final = (
    (
        30,
        {"wishes.person": "家の畑が見えるところで暮らしたい。", "services.other": "通所介護 週1回"},
    ),
    (5, {"wishes.person": "酸素をつけても家で暮らしたい。", "services.other": "通所介護 週2回"}),
)


def tell_of_forms(cases: Sequence[CoordinationCase]) -> None:
    """For the stays of ``transitions.stays``, in their order."""
    present, home, outside = cases
    for days_ago, values in INFORMATION:
        with clock.told_at(_instant(days_ago, "16:05")):
            answer = _write(present, values)
    letter = FormLetter(present.hospital_name, "地域連携室", "0999-00-7009", "0999-00-3129")
    _hand(present, answer, Channel.SYSTEM, letter, _instant(4, "15:30"))
    with clock.told_at(_instant(16, "12:30")):
        answer = _write(outside, {"wishes.person": "早く家に帰りたい。"})
    letter = FormLetter(outside.hospital_name, "地域連携室", "0999-00-7109", "0999-00-3129")
    _hand(outside, answer, Channel.FAX, letter, _instant(16, "13:10"))
    _plan(present)
    _tick(home)


def _write(case: CoordinationCase, values: Mapping[str, str]) -> Answer:
    door = _door(case)
    version = version_in_force("admission_info")
    given: dict[str, list[Any]] = {
        "head.written_on": [clock.today()],
        "head.hospital": [case.hospital_name],
        "head.care_manager": [door.viewer.name],
        "basic.name": [door.patient.name],
        "basic.birth_date": [door.patient.birth_on],
        **{link_id: [words] for link_id, words in values.items()},
    }
    return record_answer(
        actor=door.viewer.actor,
        version=version,
        subject_uid=door.patient.uid,
        content=content_from(given, parse(version.questionnaire)),
        source="web",
        organisation_id=door.viewer.organisation_id,
    )


def _hand(
    case: CoordinationCase, answer: Answer, channel: Channel, letter: FormLetter, at: datetime
) -> FormSending:
    with clock.told_at(at):
        return send_form(
            door=_door(case),
            answer=answer,
            fact=NewFact(kind=FactKind.ADMISSION_INFO_SENT, at=at, channel=channel),
            letter=letter,
        )


def _plan(case: CoordinationCase) -> None:
    """Everybody of the team, and a pharmacist without an account."""
    door = case_for(viewer_named("chidori"), case.uid)
    seats = [
        NewSeat(
            profession=one.profession,
            membership_id=one.membership_id,
            name=one.name,
            organisation_name=one.organisation,
            side=Side.HOSPITAL if one.organisation_id == case.hospital_id else Side.CARE,
        )
        for one in people_to_ask(door)
    ]
    seats.append(
        NewSeat(
            profession="薬剤師",
            name="鵜飼 千歳",
            organisation_name="浜辺薬局",
            fax="0999-00-5519",
        )
    )
    tomorrow = clock.today() + timedelta(days=2)
    plan_conference(
        door=door,
        plan=NewConference(
            kind=ConferenceKind.DISCHARGE,
            planned_at=datetime.combine(tomorrow, time(15), tzinfo=clock.TOKYO),
            minutes=45,
            place="3階東 面談室",
            agenda="家での酸素の使い方\n訪問看護の回数と連絡の順\n退院の日",
        ),
        seats=seats,
    )


def _tick(case: CoordinationCase) -> None:
    """The ward told of the drugs and the orders; the summary is missing."""
    door = case_for(viewer_named("chidori"), case.uid)
    for line in ChecklistLine.objects.filter(checklist__case=case, code__in=("drugs", "orders")):
        decide_line(door=door, line_uid=line.uid, state=ChecklistLine.State.DONE)


def _door(case: CoordinationCase) -> CaseDoor:
    return case_for(viewer_named("omori"), case.uid)


def _instant(days_ago: int, at: str) -> datetime:
    hour, minute = map(int, at.split(":"))
    day = clock.today() - timedelta(days=days_ago)
    return datetime.combine(day, time(hour, minute), tzinfo=clock.TOKYO)
