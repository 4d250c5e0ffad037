"""What a scanned invitation brings back: the paper stands at the seat, a person reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from renkei.care.timelines.models import EntryKind
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.services.rooms import room_of
from renkei.care.transitions.case_tickets import Asked, filed_through, ticket_kind
from renkei.care.transitions.models import ConferenceSeat
from renkei.care.transitions.services.conferences import TICKET
from renkei.foundation.audit.actors import Actor
from renkei.foundation.papers.models import StoredFile, Ticket


@transaction.atomic
def receive(*, actor: Actor, ticket: Ticket, file: StoredFile, pages: Sequence[int]) -> None:  # noqa: ARG001 - an invitation is one sheet
    """Hang the scan on the person's story and on the seat.

    Raises:
        ValidationError: whoever filed it may not write there any more.
    """
    viewer, door = filed_through(actor, _asked(ticket))
    seat = _seat_of(ticket).get()
    entry = post_entry(
        viewer=viewer,
        room=room_of(door.patient),
        kind=EntryKind.NOTICE,
        text=f"{seat.conference.get_kind_display()}の案内に紙で返事が届きました："
        f"{seat.profession}（{seat.organisation_name}）。",
        client_uid=file.uid,
        files=[file],
    )
    seat.reply_entry_uid = entry.uid
    seat.save(update_fields=["reply_entry_uid"])


def _seat_of(ticket: Ticket) -> QuerySet[ConferenceSeat]:
    return ConferenceSeat.objects.select_related("conference__case").filter(uid=ticket.subject_uid)


def _asked(ticket: Ticket) -> Asked | None:
    seat = _seat_of(ticket).first()
    if seat is None:
        return None
    meeting = seat.conference
    return Asked(meeting.case, f"{meeting.get_kind_display()}（{seat.profession}）")


KIND: Final = ticket_kind(code=TICKET, label="カンファレンスの返信", asked=_asked, receive=receive)
