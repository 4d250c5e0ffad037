"""A kind of ticket for tests: it keeps what it was given, and refuses when told to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.papers import handlers
from renkei.foundation.papers.models import StoredFile, Ticket

CODE = "test.paper"


@dataclass
class Desk:
    """What the kind did. ``closed_to``: users who may not file."""

    received: list[tuple[UUID, tuple[int, ...], int]] = field(default_factory=list)
    actors: list[Actor] = field(default_factory=list)
    closed_to: set[int] = field(default_factory=set)
    refusal: str = ""
    trouble: bool = False

    def may_file(self, viewer: Viewer, ticket: Ticket) -> bool:  # noqa: ARG002 - a kind's
        return viewer.user_id not in self.closed_to

    def receive(
        self, *, actor: Actor, ticket: Ticket, file: StoredFile, pages: Sequence[int]
    ) -> None:
        if self.refusal:
            raise ValidationError(self.refusal)
        if self.trouble:
            raise RuntimeError
        self.received.append((ticket.subject_uid, tuple(pages), file.pk))
        self.actors.append(actor)

    def describe(self, viewer: Viewer, ticket: Ticket) -> str | None:
        return f"試験の書類 {ticket.subject_uid.hex[:4]}" if self.may_file(viewer, ticket) else None

    def kind(self) -> handlers.TicketKind:
        return handlers.TicketKind(CODE, "試験の書類", self.may_file, self.receive, self.describe)


def subject() -> UUID:
    return uuid4()
