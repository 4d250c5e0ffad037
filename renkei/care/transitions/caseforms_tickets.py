"""What a scanned sheet of a stay brings back: the fact that the other side answered (T-FAX1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from renkei.care.timelines.models import EntryKind
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.services.rooms import room_of
from renkei.care.transitions.case_tickets import Asked, filed_through, ticket_kind
from renkei.care.transitions.models import (
    Channel,
    FactKind,
    FormSending,
    Side,
)
from renkei.care.transitions.queries.cases import CaseDoor, facts_of
from renkei.care.transitions.services.caseforms import TICKET
from renkei.care.transitions.services.facts import record_fact
from renkei.care.transitions.states import effective, facts_from
from renkei.care.transitions.values import NewFact
from renkei.foundation.audit.actors import Actor
from renkei.foundation.common import clock
from renkei.foundation.papers.models import StoredFile, Ticket

# What an answer means, per kind of what was handed over; otherwise it is a contact.
RECEIPTS: Final = {FactKind.ADMISSION_INFO_SENT: FactKind.ADMISSION_INFO_RECEIVED}


@transaction.atomic
def receive(*, actor: Actor, ticket: Ticket, file: StoredFile, pages: Sequence[int]) -> None:
    """Hang the scan on the person's story and record that the other side answered.

    More sheets of the same answer become further entries, not further facts.

    Raises:
        ValidationError: whoever filed it may not write there any more.
    """
    viewer, door = filed_through(actor, _asked(ticket))
    sending = _sending_of(ticket).get()
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


def _sending_of(ticket: Ticket) -> QuerySet[FormSending]:
    return FormSending.objects.select_related("fact__case").filter(fact__uid=ticket.subject_uid)


def _asked(ticket: Ticket) -> Asked | None:
    sending = _sending_of(ticket).first()
    if sending is None:
        return None
    return Asked(sending.fact.case, f"{sending.form_name}（{sending.organisation}）")


KIND: Final = ticket_kind(code=TICKET, label="入退院の様式の返信", asked=_asked, receive=receive)
