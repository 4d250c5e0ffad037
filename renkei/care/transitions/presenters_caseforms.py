"""The forms of a stay in words: what was handed over, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from renkei.care.transitions.models import Channel, FactKind, FormSending
from renkei.care.transitions.presenters_facts import Act, act_for, recordable
from renkei.care.transitions.queries.caseforms import FormDoor, sendings_of
from renkei.care.transitions.queries.cases import CaseDoor, facts_of
from renkei.care.transitions.words import moment_text
from renkei.foundation.sheets.models import Answer

K = FactKind
# What an answer on paper usually tells, to be recorded from what is read on it.
TOLD_BY_REPLY = (K.DISCHARGE_NOTIFIED, K.CONFERENCE_SCHEDULED, K.SCREENING_DONE, K.CONTACT)


@dataclass(frozen=True)
class ReplyLine:
    """An answer that came back."""

    at: str
    label: str
    entry_url: str


@dataclass(frozen=True)
class SendingPage:
    """One handing over as its page shows it."""

    sending: FormSending
    label: str
    at: str
    who: str
    channel: str
    to: str
    has_paper: bool
    is_fax: bool
    pdf_url: str
    office_url: str
    xlsx_url: str
    answer_url: str
    replies: Sequence[ReplyLine]
    waits: bool
    acts: Sequence[Act]


def sending_page_of(
    way: FormDoor, sending: FormSending, answer: Answer, *, has_own_workbook: bool
) -> SendingPage:
    """What its page shows."""
    door, fact = way.case, sending.fact
    patient = door.patient
    file = [patient.uid, answer.uid]
    replies = reply_lines(door, sending, way.room.room.uid)
    return SendingPage(
        sending=sending,
        label=str(FactKind(fact.kind).label),
        at=moment_text(fact.at),
        who=f"{fact.author_name}（{fact.organisation_name}）",
        channel=str(Channel(fact.channel).label),
        to=fact.counterpart,
        has_paper=sending.ticket is not None,
        is_fax=fact.channel == Channel.FAX,
        pdf_url=reverse("transitions:sending_file", args=[door.case.uid, sending.uid]),
        office_url=(
            reverse("timelines:answer_file", args=[*file, "office"]) if has_own_workbook else ""
        ),
        xlsx_url=reverse("timelines:answer_file", args=[*file, "xlsx"]),
        answer_url=reverse("timelines:answer_detail", args=file),
        replies=replies,
        waits=sending.ticket is not None and not replies,
        acts=_acts(door) if replies and door.may_write else (),
    )


def handed_over(door: CaseDoor) -> dict[str, list[Act]]:
    """By form: each time it was handed over, with the way to its page."""
    found: dict[str, list[Act]] = {}
    for one in sendings_of(door):
        url = reverse("transitions:sending_detail", args=[door.case.uid, one.uid])
        words = f"{moment_text(one.fact.at)} {Channel(one.fact.channel).label}で渡した"
        found.setdefault(one.form_name, []).append(Act(url, words))
    return found


def reply_lines(door: CaseDoor, sending: FormSending, room_uid: object) -> list[ReplyLine]:
    """The answers to one handing over that still hold."""
    rows = list(facts_of(door.case))
    gone = {row.corrects_id for row in rows}
    return [
        ReplyLine(
            at=moment_text(row.at),
            label=str(FactKind(row.kind).label),
            entry_url=reverse("timelines:entry_detail", args=[room_uid, row.detail["entry_uid"]]),
        )
        for row in rows
        if row.detail.get("reply_to") == str(sending.fact.uid)
        and row.detail.get("entry_uid")
        and row.pk not in gone
    ]


def _acts(door: CaseDoor) -> list[Act]:
    kinds = recordable(door)
    return [act_for(door.case, kind) for kind in TOLD_BY_REPLY if kind in kinds]
