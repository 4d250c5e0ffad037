"""Issuing, finding and closing tickets."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.papers import handlers, numbers
from renkei.foundation.papers.models import Ticket

# Paper lies about: half a year until a number is no longer taken without a person's look.
DAYS: Final = 180
TRIES: Final = 5


@transaction.atomic
def issue_ticket(
    *,
    actor: Actor,
    kind: str,
    subject_uid: UUID,
    organisation_id: int,
    pages: int = 1,
    days: int = DAYS,
) -> Ticket:
    """A new number for a paper that goes out; ``pages``: how many sheets should come back.

    Raises:
        LookupError: no room has registered this kind.
    """
    if not handlers.is_known(kind):
        raise LookupError(f"no ticket kind {kind!r} is registered")
    now = clock.now()
    ticket = _saved(
        Ticket(
            kind=kind,
            subject_uid=subject_uid,
            organisation_id=organisation_id,
            expected_pages=pages,
            issued_at=now,
            issued_by_id=actor.user_id,
            expires_at=now + timedelta(days=days),
        )
    )
    record_event(
        actor=actor, action="ticket.issued", target=ticket, detail={"kind": kind, "pages": pages}
    )
    return ticket


def _saved(ticket: Ticket) -> Ticket:
    """Two tickets may draw the same number; the second draws again."""
    for left in reversed(range(TRIES)):
        ticket.code = numbers.new_number()
        try:
            with transaction.atomic():
                ticket.save(force_insert=True)
        except IntegrityError:
            if not left:
                raise
            ticket.pk = None
        else:
            break
    return ticket


def find_ticket(text: str) -> Ticket | None:
    """The ticket a QR code or a typed number names; whether the viewer may know it is not asked."""
    sheet = numbers.read_qr(text)
    code = sheet.code if sheet else text
    return Ticket.objects.filter(code=code).first() if numbers.is_number(code) else None


@transaction.atomic
def close_ticket(*, actor: Actor, ticket: Ticket) -> Ticket:
    """What comes back from now on waits for a person; a second call changes nothing."""
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    if ticket.closed_at is None:
        ticket.closed_at = clock.now()
        ticket.save(update_fields=["closed_at"])
        record_event(actor=actor, action="ticket.closed", target=ticket)
    return ticket
