"""What a scanned invitation brings back: the paper stands at the seat, a person reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.timelines.models import EntryKind
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.services.rooms import room_of
from renkei.care.transitions.models import ConferenceSeat, CoordinationCase
from renkei.care.transitions.queries.cases import CaseDoor, case_for
from renkei.care.transitions.services.conferences import TICKET
from renkei.foundation.accounts.queries import viewer_behind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.papers import handlers
from renkei.foundation.papers.models import StoredFile, Ticket

REFUSED: Final = "この紙の届け先に書き込めません。届け先の事業所に確かめてください。"


def register() -> None:
    """Tell the inbox what the tickets of invitations mean."""
    handlers.register(
        handlers.TicketKind(
            code=TICKET,
            label="カンファレンスの返信",
            may_file=may_file,
            receive=receive,
            describe=describe,
        )
    )


def may_file(viewer: Viewer, ticket: Ticket) -> bool:
    """Those who may write in the stay and read its content."""
    return _door(viewer, ticket) is not None


def describe(viewer: Viewer, ticket: Ticket) -> str | None:
    """The person and the meeting, to whoever reads the person anyway."""
    door, seat = _door(viewer, ticket), _seat(ticket)
    if door is None or seat is None:
        return None
    return f"{door.patient.name}　{seat.conference.get_kind_display()}（{seat.profession}）"


@transaction.atomic
def receive(*, actor: Actor, ticket: Ticket, file: StoredFile, pages: Sequence[int]) -> None:  # noqa: ARG001 - an invitation is one sheet
    """Hang the scan on the person's story and on the seat.

    Raises:
        ValidationError: whoever filed it may not write there any more.
    """
    viewer = viewer_behind(actor.membership_id, user_id=actor.user_id or 0)
    seat = _seat(ticket)
    door = _door(viewer, ticket) if viewer else None
    if viewer is None or seat is None or door is None:
        raise ValidationError(REFUSED)
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


def _seat(ticket: Ticket) -> ConferenceSeat | None:
    return (
        ConferenceSeat.objects.select_related("conference__case")
        .filter(uid=ticket.subject_uid)
        .first()
    )


def _door(viewer: Viewer, ticket: Ticket) -> CaseDoor | None:
    seat = _seat(ticket)
    if seat is None:
        return None
    try:
        door = case_for(viewer, seat.conference.case.uid)
    except CoordinationCase.DoesNotExist:
        return None
    return door if door.may_write and door.opens_content else None
