"""What the tickets of a kind mean: registered by higher rooms, from ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.papers.models import StoredFile, Ticket


class Receive(Protocol):
    """Take the paper in: called inside the transaction that files the pages.

    ``file`` is one PDF of the sheets in ``pages`` (their printed page numbers, in the order of
    the file). A ``ValidationError`` refuses them: the pages go to the queue with its sentence.
    """

    def __call__(
        self, *, actor: Actor, ticket: Ticket, file: StoredFile, pages: Sequence[int]
    ) -> None: ...


@dataclass(frozen=True)
class TicketKind:
    """One kind of ticket.

    ``label`` is what the paper is called (同意書). ``may_file`` says whether the viewer may put
    paper to the ticket's subject; members of other organisations are never asked about.
    ``describe`` tells the viewer what it belongs to, None where they may not know.
    """

    code: str
    label: str
    may_file: Callable[[Viewer, Ticket], bool]
    receive: Receive
    describe: Callable[[Viewer, Ticket], str | None]


_KINDS: dict[str, TicketKind] = {}


def register(kind: TicketKind) -> None:
    """Make a kind known."""
    _KINDS[kind.code] = kind


def kind_of(ticket: Ticket) -> TicketKind | None:
    """The kind of a ticket; None when its room is no longer installed: then nobody may file."""
    return _KINDS.get(ticket.kind)


def is_known(code: str) -> bool:
    """Whether a kind was registered."""
    return code in _KINDS


def label_of(ticket: Ticket) -> str:
    """What the paper is called."""
    kind = kind_of(ticket)
    return kind.label if kind else "書類"


def forget(code: str) -> None:
    """For tests that register a kind of their own."""
    _KINDS.pop(code, None)
