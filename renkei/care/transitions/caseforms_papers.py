"""The sheets a form leaves on: cover, form with what changed, and the sheet for the answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from renkei.care.transitions.models import Channel, FactKind, FormSending
from renkei.care.transitions.queries.cases import CaseDoor
from renkei.foundation.common import clock
from renkei.foundation.common.documents.pdf import compile_pdf, head, joined
from renkei.foundation.common.qr import qr_svg, size_mm
from renkei.foundation.papers.fax import FaxCover, FaxRecipient, fax_pdf, page_total
from renkei.foundation.papers.models import Ticket
from renkei.foundation.sheets.documents import Head, TicketOrWay, answer_pdf
from renkei.foundation.sheets.models import Answer

TEMPLATES: Final = Path(__file__).parent / "print"
COVER: Final = 1
REPLY: Final = 1
# What the other side can answer by hand, per kind of what was handed over.
# A label, and what stands in the room to write where a day or a choice is wanted.
_USUAL: Final = (("担当者（部署・お名前）", ""), ("電話番号", ""), ("お返事", ""))
QUESTIONS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    FactKind.ADMISSION_INFO_SENT: (
        ("担当者（病棟・部署・お名前）", ""),
        ("電話番号・つながりやすい時間", ""),
        ("退院の見込み", "　　　月　　　日ごろ　　□　未定"),
        ("カンファレンスの予定", "　　　月　　　日　　　時　　□　未定"),
        ("面談できる日・時間", ""),
        ("ケアマネジャーに聞きたいこと", ""),
    ),
    FactKind.FOLLOW_UP_REPORTED: (
        ("担当者（外来・部署・お名前）", ""),
        ("電話番号", ""),
        ("次の外来・検査の予定", "　　　月　　　日　　　時"),
        ("家での暮らしについて伝えたいこと", ""),
    ),
}


@dataclass(frozen=True)
class Paper:
    """What is to be printed."""

    answer: Answer
    before: Answer | None
    channel: Channel


def page_count(door: CaseDoor, paper: Paper) -> int:
    """How many sheets leave, the sheet for the answer and a FAX's cover included."""
    cover = COVER if paper.channel == Channel.FAX else 0
    return page_total(_form(door, paper.answer, paper.before)) + REPLY + cover


def sending_pdf(
    door: CaseDoor, sending: FormSending, answer: Answer, before: Answer | None
) -> bytes:
    """The very sheets of a handing over, as often as they are asked for."""
    fact = sending.fact
    if fact.channel == Channel.FAX:
        documents = [_form(door, answer, before), _reply(door, sending, None)]
        return fax_pdf(cover=cover_of(sending), documents=documents)
    if sending.ticket is None:
        return _form(door, answer, before)
    form = _form(door, answer, before, ticket=sending.ticket)
    return joined([form, _reply(door, sending, sending.ticket)])


def cover_of(sending: FormSending) -> FaxCover:
    """The cover of a FAX: it names offices, never the person."""
    fact = sending.fact
    office = fact.author.organisation
    ticket = sending.ticket
    return FaxCover(
        recipients=(FaxRecipient(sending.recipient, sending.organisation, sending.fax),),
        sender_organisation=fact.organisation_name,
        sender_person=fact.author_name,
        sender_phone=office.phone,
        sender_fax=sending.own_fax,
        case_number=ticket.code if ticket else "",
        subject_line=sending.form_name,
        notes=sending.notes,
        ticket=ticket,
        reply_to_fax=sending.own_fax,
    )


def _form(
    door: CaseDoor, answer: Answer, before: Answer | None, ticket: TicketOrWay = None
) -> bytes:
    return answer_pdf(
        answer.version,
        answer.content,
        head=Head(door.patient.host.name),
        ticket=ticket,
        before=before.content if before and before.version_id == answer.version_id else None,
    )


def _reply(door: CaseDoor, sending: FormSending, ticket: Ticket | None) -> bytes:
    """One sheet to write the answer on. It names no person: it may lie on a machine."""
    fact = sending.fact
    data: dict[str, Any] = {
        "head": head(
            town=door.patient.host.name,
            name="返信票",
            issued_on=clock.today(),
            source="この紙だけをお返しください。氏名は書かないでください。",
        ),
        "office": fact.organisation_name,
        "person": fact.author_name,
        "phone": fact.author.organisation.phone,
        "fax": sending.own_fax,
        "form": sending.form_name,
        "from_office": " ".join(filter(None, (sending.organisation, sending.recipient))),
        "rows": [list(row) for row in QUESTIONS.get(fact.kind, _USUAL)],
        "tick": "書類を受け取りました",
        "ticket": [mark_of(ticket)] if ticket else [],
    }
    return compile_pdf(TEMPLATES / "reply.typ", data, title="返信票")


def mark_of(ticket: Ticket) -> dict[str, Any]:
    """What the last sheet of a paper carries, so that it finds its way back."""
    page = ticket.expected_pages
    text = ticket.qr_text(page)
    return {
        "number": ticket.number,
        "place": f"{page} / {page}",
        "svg": qr_svg(text, label=""),
        "size": size_mm(text),
    }
