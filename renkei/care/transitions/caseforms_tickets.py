"""What a scanned sheet of a stay brings back: the fact that the other side answered (T-FAX1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.timelines.models import EntryKind
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.services.rooms import room_of
from renkei.care.transitions.models import (
    Channel,
    CoordinationCase,
    FactKind,
    FormSending,
    Side,
)
from renkei.care.transitions.queries.cases import CaseDoor, case_for, facts_of
from renkei.care.transitions.services.caseforms import TICKET
from renkei.care.transitions.services.facts import record_fact
from renkei.care.transitions.states import effective, facts_from
from renkei.care.transitions.values import NewFact
from renkei.foundation.accounts.queries import viewer_behind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.common import clock
from renkei.foundation.papers import handlers
from renkei.foundation.papers.models import StoredFile, Ticket

REFUSED: Final = "この紙の届け先に書き込めません。届け先の事業所に確かめてください。"
# What an answer means, per kind of what was handed over; otherwise it is a contact.
RECEIPTS: Final = {FactKind.ADMISSION_INFO_SENT: FactKind.ADMISSION_INFO_RECEIVED}


def register() -> None:
    """Tell the inbox what the tickets of forms mean."""
    handlers.register(
        handlers.TicketKind(
            code=TICKET,
            label="入退院の様式の返信",
            may_file=may_file,
            receive=receive,
            describe=describe,
        )
    )


def may_file(viewer: Viewer, ticket: Ticket) -> bool:
    """Those who may write in the stay and read its content."""
    return _door(viewer, ticket) is not None


def describe(viewer: Viewer, ticket: Ticket) -> str | None:
    """The person and the form, to whoever reads the person anyway."""
    door, sending = _door(viewer, ticket), _sending(ticket)
    if door is None or sending is None:
        return None
    return f"{door.patient.name}　{sending.form_name}（{sending.organisation}）"


@transaction.atomic
def receive(*, actor: Actor, ticket: Ticket, file: StoredFile, pages: Sequence[int]) -> None:
    """Hang the scan on the person's story and record that the other side answered.

    More sheets of the same answer become further entries, not further facts.

    Raises:
        ValidationError: whoever filed it may not write there any more.
    """
    viewer = viewer_behind(actor.membership_id, user_id=actor.user_id or 0)
    sending = _sending(ticket)
    door = _door(viewer, ticket) if viewer else None
    if viewer is None or sending is None or door is None:
        raise ValidationError(REFUSED)
    numbers = "・".join(str(page) for page in pages)
    entry = post_entry(
        viewer=viewer,
        room=room_of(door.patient),
        kind=EntryKind.NOTICE,
        text=f"入退院の様式に紙で返事が届きました：{sending.form_name}"
        f"（{sending.organisation}、{ticket.expected_pages}枚のうち{numbers}枚目）。",
        client_uid=file.uid,
        files=[file],
    )
    if answered_already(door, sending):
        return
    fact = sending.fact
    kind = RECEIPTS.get(FactKind(fact.kind), FactKind.CONTACT)
    detail = {"reply_to": str(fact.uid), "entry_uid": str(entry.uid)}
    if kind == FactKind.CONTACT:
        detail["outcome"] = "reached"
    record_fact(
        door=door,
        fact=NewFact(
            kind=kind,
            at=clock.now(),
            side=Side.HOSPITAL if fact.side == Side.CARE else Side.CARE,
            channel=Channel.FAX if fact.channel == Channel.FAX else Channel.PAPER,
            counterpart=fact.counterpart,
            detail=detail,
            client_uid=file.uid,
        ),
    )


def answered_already(door: CaseDoor, sending: FormSending) -> bool:
    """Whether an answer to this handing over is recorded and holds."""
    held = effective(facts_from(facts_of(door.case)))
    return any(one.detail.get("reply_to") == str(sending.fact.uid) for one in held)


def _sending(ticket: Ticket) -> FormSending | None:
    return (
        FormSending.objects.select_related("fact__case")
        .filter(fact__uid=ticket.subject_uid)
        .first()
    )


def _door(viewer: Viewer, ticket: Ticket) -> CaseDoor | None:
    sending = _sending(ticket)
    if sending is None:
        return None
    try:
        door = case_for(viewer, sending.fact.case.uid)
    except CoordinationCase.DoesNotExist:
        return None
    return door if door.may_write and door.opens_content else None
