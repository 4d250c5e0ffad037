"""Handing a form over: the sheets, the fact and the ticket that brings the answer, in one act."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.fax_covers import refuse_names
from renkei.care.transitions import caseforms_papers, details
from renkei.care.transitions.acting import organisation_of
from renkei.care.transitions.models import Channel, FactKind, FormSending, Side
from renkei.care.transitions.queries.cases import CaseDoor
from renkei.care.transitions.services.facts import record_fact
from renkei.care.transitions.values import FormLetter, NewFact
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.papers.fax import record_fax
from renkei.foundation.papers.models import Ticket
from renkei.foundation.papers.tickets import issue_ticket
from renkei.foundation.sheets.models import Answer
from renkei.foundation.sheets.queries import previous_answer

TICKET: Final = "transitions.form_reply"
# What handing a form over means for the clock; any other form is a contact that carried paper.
HANDED_OVER: Final = frozenset(
    {
        FactKind.ADMISSION_INFO_SENT,
        FactKind.SUMMARY_HANDED_OVER,
        FactKind.FOLLOW_UP_REPORTED,
    }
)
ON_PAPER: Final = frozenset({Channel.FAX, Channel.PAPER, Channel.MEETING})
NO_ACCOUNT: Final = "相手は連携を使っていません。FAX・紙・電話のどれかを選んでください。"
NO_FAX: Final = "送り先のFAX番号を入力してください。"


def fact_kind_of(form_fact: str, side: Side) -> FactKind:
    """What is recorded when this form of the rule is handed over by that side."""
    kind = FactKind(form_fact)
    if kind in HANDED_OVER and details.USUAL_SIDE.get(kind) == side:
        return kind
    return FactKind.CONTACT


def other_side_has_account(door: CaseDoor) -> bool:
    """Whether somebody of the other side could read it here."""
    case = door.case
    other = case.care_office_id if door.side == Side.HOSPITAL else case.hospital_id
    return other is not None


@transaction.atomic
def send_form(*, door: CaseDoor, answer: Answer, fact: NewFact, letter: FormLetter) -> FormSending:
    """Record that a form was handed over, and make ready what leaves on paper.

    The caller found the answer through the person's sheets. Sent twice by a nervous finger, it is
    kept once.

    Raises:
        ValidationError: no number to send it to, a cover that names the person, a way the other
            side does not have, or a fact that does not fit the stay.
    """
    known = FormSending.objects.filter(
        fact__client_uid=fact.client_uid, fact__client_uid__isnull=False, fact__case=door.case
    ).first()
    if known is not None:
        return known
    if not door.opens_content:
        raise ValidationError("本人の同意がないため、様式は渡せません。")
    channel = Channel(fact.channel)
    _check(door, channel, letter)
    paper = caseforms_papers.Paper(answer, previous_answer(answer), channel)
    pages = caseforms_papers.page_count(door, paper) if channel in ON_PAPER else 0
    detail = {**fact.detail, "answer_uid": str(answer.uid)}
    if pages and fact.kind == FactKind.ADMISSION_INFO_SENT:
        detail["pages"] = pages
    row = record_fact(
        door=door, fact=replace(fact, detail=detail, counterpart=_counterpart(letter))
    )
    sending = FormSending.objects.create(
        fact=row,
        answer_uid=answer.uid,
        before_uid=paper.before.uid if paper.before else None,
        form_name=answer.version.form.name,
        organisation=letter.organisation,
        recipient=letter.recipient,
        fax=letter.fax,
        own_fax=letter.own_fax,
        notes=letter.notes,
        ticket=_ticket(door, row.uid, pages) if pages else None,
        made_at=clock.now(),
    )
    if channel == Channel.FAX:
        record_fax(
            actor=door.viewer.actor,
            organisation_id=organisation_of(door.viewer),
            cover=caseforms_papers.cover_of(sending),
            pages=pages,
        )
    record_event(
        actor=door.viewer.actor,
        action="case.form_handed_over",
        target=door.case,
        detail={
            "form": answer.version.form.code,
            "answer": str(answer.uid),
            "channel": channel.value,
            "pages": pages,
        },
    )
    return sending


def _check(door: CaseDoor, channel: Channel, letter: FormLetter) -> None:
    if channel == Channel.SYSTEM and not other_side_has_account(door):
        raise ValidationError({"channel": NO_ACCOUNT})
    if channel == Channel.FAX and not letter.fax:
        raise ValidationError({"fax": NO_FAX})
    refuse_names(door.patient, (letter.notes, letter.recipient, letter.organisation))


def _ticket(door: CaseDoor, fact_uid: UUID, pages: int) -> Ticket:
    return issue_ticket(
        actor=door.viewer.actor,
        kind=TICKET,
        subject_uid=fact_uid,
        organisation_id=organisation_of(door.viewer),
        pages=pages,
    )


def _counterpart(letter: FormLetter) -> str:
    return " ".join(filter(None, (letter.organisation, letter.recipient)))[:100]
