"""A referral on paper: the FAX with the QR code, and what comes back by it (T-FAX1, T-C4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.fax_covers import refuse_names
from renkei.care.patients.reading import record_read
from renkei.care.transitions.models import Referral
from renkei.care.transitions.presenters_sides import hours_text
from renkei.care.transitions.queries.contacts import contact_of
from renkei.care.transitions.queries.referrals import (
    ReferralDoor,
    documents_of,
    referral_for,
)
from renkei.care.transitions.referral_states import REASONS, Party
from renkei.care.transitions.services.referral_telling import referral_path, senders_of
from renkei.care.transitions.services.referrals import add_paper, locked
from renkei.care.transitions.words import due_text
from renkei.foundation.accounts.queries import membership_of, viewer_behind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock, eras
from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.notifications.services import notify
from renkei.foundation.papers import handlers
from renkei.foundation.papers.fax import FaxCover, FaxRecipient, fax_pdf, page_total, record_fax
from renkei.foundation.papers.honorifics import addressed
from renkei.foundation.papers.models import StoredFile, Ticket
from renkei.foundation.papers.tickets import issue_ticket
from renkei.foundation.sheets.documents import Head, answer_pdf

KIND: Final = "transitions.referral"
TEMPLATE: Final = Path(__file__).parent / "print" / "referral.typ"
STOPPED: Final = "本人の同意がこの相手に届いていないため、FAXで送れません。"


@dataclass(frozen=True)
class Letter:
    """Where it goes and what the cover adds."""

    fax: str
    own_fax: str = ""
    notes: str = ""


def register() -> None:
    """Tell the inbox what these tickets mean."""
    handlers.register(
        handlers.TicketKind(
            code=KIND,
            label="紹介への返事",
            may_file=may_file,
            receive=receive,
            describe=describe,
        )
    )


def _door(viewer: Viewer, ticket: Ticket) -> ReferralDoor | None:
    try:
        door = referral_for(viewer, ticket.subject_uid)
    except Referral.DoesNotExist:
        return None
    return door if door.party == Party.SENDER and door.opens_person else None


def may_file(viewer: Viewer, ticket: Ticket) -> bool:
    """Those of the sending office who read the person."""
    return _door(viewer, ticket) is not None


def describe(viewer: Viewer, ticket: Ticket) -> str | None:
    """The person's name and what was asked, to whoever reads the person anyway."""
    door = _door(viewer, ticket)
    if door is None:
        return None
    return f"{door.patient.name}　{door.referral.get_service_display()}の紹介"


def receive(*, actor: Actor, ticket: Ticket, file: StoredFile, pages: Sequence[int]) -> None:
    """Lay the answer before the sender: what is ticked on it, a person reads and records.

    Raises:
        ValidationError: whoever filed it does not read the person any more.
    """
    viewer = viewer_behind(actor.membership_id, user_id=actor.user_id or 0)
    door = _door(viewer, ticket) if viewer else None
    if viewer is None or door is None:
        raise ValidationError("この紙の届け先を開けません。届け先の事業所に確かめてください。")
    referral = locked(door.referral)
    numbers = "・".join(str(page) for page in pages)
    add_paper(referral=referral, viewer=viewer, file_uid=str(file.uid), pages=numbers)
    notify(
        user_ids=senders_of(referral),
        kind="transitions.referral_answered",
        path=referral_path(referral),
        dedupe_key=f"transitions.referral_paper:{referral.uid}",
    )
    record_event(
        actor=actor,
        action="referral.paper_received",
        target=referral,
        detail={"file": str(file.uid), "pages": list(pages)},
    )


@transaction.atomic
def referral_fax(*, door: ReferralDoor, letter: Letter) -> bytes:
    """The request, the chosen sheets and room to answer, as a FAX with its number on every page.

    Raises:
        ValidationError: no consent reaches the receiver now, or the cover names the person.
    """
    referral, viewer = door.referral, door.viewer
    if not door.flows:
        raise ValidationError(STOPPED)
    refuse_names(door.patient, (letter.notes,))
    membership = membership_of(viewer)
    answers = documents_of(door)
    names = [one.version.form.name for one in answers]
    documents = [_request_pdf(door, names, membership.profession)]
    documents += [
        answer_pdf(one.version, one.content, head=Head(membership.organisation.name))
        for one in answers
    ]
    ticket = issue_ticket(
        actor=viewer.actor,
        kind=KIND,
        subject_uid=referral.uid,
        organisation_id=membership.organisation_id,
        pages=sum(page_total(each) for each in documents) + 1,
    )
    cover = FaxCover(
        recipients=(FaxRecipient(referral.receiver_person, referral.receiver_name, letter.fax),),
        sender_organisation=membership.organisation.name,
        sender_person=viewer.name,
        sender_phone=_phone(membership.organisation_id, membership.organisation.phone, ""),
        sender_fax=letter.own_fax,
        case_number=ticket.code,
        subject_line=_heading(referral),
        notes=letter.notes,
        ticket=ticket,
        reply_to_fax=letter.own_fax,
    )
    made = fax_pdf(cover=cover, documents=documents)
    record_fax(
        actor=viewer.actor,
        organisation_id=membership.organisation_id,
        cover=cover,
        pages=page_total(made),
    )
    record_read(viewer=viewer, patient=door.patient, what="紹介（FAX）")
    return made


def _request_pdf(door: ReferralDoor, documents: Sequence[str], profession: str) -> bytes:
    referral, patient, viewer = door.referral, door.patient, door.viewer
    point = contact_of(referral.sender_id)
    office, person = addressed(name=referral.receiver_person, organisation=referral.receiver_name)
    data: dict[str, Any] = {
        "head": head(
            town=referral.sender.name,
            name=_heading(referral),
            issued_on=clock.today(),
            source="お返事は、この用紙をFAXで返してください。",
        ),
        "heading": _heading(referral),
        "receiver": f"{office}　{person}".strip(),
        "sender": referral.sender.name,
        "sender_person": f"{profession}　{viewer.name}".strip(),
        "sender_phone": _phone(referral.sender_id, referral.sender.phone)
        + (f"（{hours_text(point)}）" if hours_text(point) else ""),
        "rows": [
            ["お名前", f"{patient.name}（{patient.kana}）" if patient.kana else patient.name],
            ["生年月日", eras.format_both(patient.birth_on) if patient.birth_on else "記録なし"],
            ["住所", patient.address or "記録なし"],
            ["電話番号", patient.phone or "記録なし"],
            ["お願いすること", str(referral.get_service_display())],
            ["種類", str(referral.get_kind_display())],
            ["内容", referral.words or "電話でお話しします。"],
            [
                "始めてほしい日",
                eras.format_long(referral.wanted_on) if referral.wanted_on else "相談",
            ],
            [
                "本人の同意",
                _asked(referral),
            ],
        ],
        "documents": list(documents),
        "reasons": list(REASONS.values()),
        "expires": due_text(referral.expires_at),
    }
    return compile_pdf(TEMPLATE, data, title=_heading(referral))


def _asked(referral: Referral) -> str:
    day = eras.format_long(referral.asked_on)
    return f"{day}に確かめた（{referral.get_asked_by_way_display()}）"


def _heading(referral: Referral) -> str:
    transfer = referral.kind == "transfer"
    return f"{'引き継ぎ' if transfer else 'ご紹介'}のお願い（{referral.get_service_display()}）"


def _phone(organisation_id: int, written: str, otherwise: str = "記録なし") -> str:
    point = contact_of(organisation_id)
    return (point.phone if point else "") or written or otherwise
