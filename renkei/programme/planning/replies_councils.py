"""What a scanned reply slip brings back: the paper stands at the seat, a person reads it."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.accounts.queries import viewer_behind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.papers import handlers
from renkei.foundation.papers.models import StoredFile, Ticket
from renkei.programme.planning.models import Meeting, Seat
from renkei.programme.planning.queries.meetings import meeting_door
from renkei.programme.planning.services.meetings import TICKET

REFUSED = "この会議の返事を受け取れません。会議の事務局に確かめてください。"


def register() -> None:
    """Tell the inbox what the tickets of reply slips mean."""
    handlers.register(
        handlers.TicketKind(
            code=TICKET,
            label="会議の出欠の返事",
            may_file=may_file,
            receive=receive,
            describe=describe,
        )
    )


def may_file(viewer: Viewer, ticket: Ticket) -> bool:
    """Those who do the clerical work of the council."""
    return _seat_for(viewer, ticket) is not None


def describe(viewer: Viewer, ticket: Ticket) -> str | None:
    """Which meeting and whose answer, to its clerks."""
    seat = _seat_for(viewer, ticket)
    return f"{seat.meeting}　{seat.name}さんの返事" if seat else None


@transaction.atomic
def receive(*, actor: Actor, ticket: Ticket, file: StoredFile, pages: Sequence[int]) -> None:  # noqa: ARG001 - a slip is one sheet
    """Hang the scan on the seat; what is ticked on it, a person types in.

    Raises:
        ValidationError: whoever filed it does not work for this council any more.
    """
    viewer = viewer_behind(actor.membership_id, user_id=actor.user_id or 0)
    seat = _seat_for(viewer, ticket) if viewer else None
    if seat is None:
        raise ValidationError(REFUSED)
    seat.reply_file = file
    seat.save(update_fields=["reply_file"])
    record_event(actor=actor, action="meeting.reply_received", target=seat)


def _seat_for(viewer: Viewer, ticket: Ticket) -> Seat | None:
    seat = Seat.objects.select_related("meeting__council").filter(uid=ticket.subject_uid).first()
    if seat is None:
        return None
    try:
        door = meeting_door(viewer, seat.meeting.uid)
    except Meeting.DoesNotExist:
        return None
    return seat if door.council.clerks else None
