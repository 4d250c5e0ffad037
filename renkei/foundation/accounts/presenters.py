"""People as the pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.rules import may_change_membership
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.labels import label_of
from renkei.foundation.audit.models import AuditEvent


@dataclass(frozen=True)
class MemberRow:
    """One line of an organisation's list, with what this viewer may do to it."""

    membership: Membership
    changeable: bool


@dataclass(frozen=True)
class EventRow:
    """One line of the audit trail, with words for the act."""

    event: AuditEvent
    act: str


def event_rows(events: Iterable[AuditEvent]) -> list[EventRow]:
    """The lines of the audit trail."""
    return [EventRow(event, label_of(event.action)) for event in events]


def member_rows(memberships: Iterable[Membership], viewer: Viewer) -> list[MemberRow]:
    """The lines of an organisation's list."""
    return [MemberRow(one, may_change_membership(viewer, one)) for one in memberships]
