"""What papers that come back to a stay have in common: who may file them, and what it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError

from renkei.care.transitions.models import CoordinationCase
from renkei.care.transitions.queries.cases import CaseDoor, case_for
from renkei.foundation.accounts.queries import viewer_behind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.papers import handlers
from renkei.foundation.papers.models import Ticket

REFUSED: Final = "この紙の届け先に書き込めません。届け先の事業所に確かめてください。"


@dataclass(frozen=True)
class Asked:
    """What a paper answers: the stay, and what was sent, in words that name nobody."""

    case: CoordinationCase
    words: str


AskedBy = Callable[[Ticket], Asked | None]


def ticket_kind(
    *, code: str, label: str, asked: AskedBy, receive: handlers.Receive
) -> handlers.TicketKind:
    """What the tickets of one kind mean to the inbox."""

    def may_file(viewer: Viewer, ticket: Ticket) -> bool:
        return _door(viewer, asked(ticket)) is not None

    def describe(viewer: Viewer, ticket: Ticket) -> str | None:
        found = asked(ticket)
        door = _door(viewer, found)
        return f"{door.patient.name}　{found.words}" if found and door else None

    return handlers.TicketKind(
        code=code, label=label, may_file=may_file, receive=receive, describe=describe
    )


def filed_through(actor: Actor, asked: Asked | None) -> tuple[Viewer, CaseDoor]:
    """Who files the paper, and their way to the stay.

    Raises:
        ValidationError: they may not write there (any more).
    """
    viewer = viewer_behind(actor.membership_id, user_id=actor.user_id or 0)
    door = _door(viewer, asked) if viewer else None
    if viewer is None or door is None:
        raise ValidationError(REFUSED)
    return viewer, door


def _door(viewer: Viewer, asked: Asked | None) -> CaseDoor | None:
    """Of those who may write in the stay and read its content; nothing for others."""
    if asked is None:
        return None
    try:
        door = case_for(viewer, asked.case.uid)
    except CoordinationCase.DoesNotExist:
        return None
    return door if door.may_write and door.opens_content else None
