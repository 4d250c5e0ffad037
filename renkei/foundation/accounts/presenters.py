"""People as the pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.rules import may_change_membership
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.labels import label_of
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.notifications.kinds import kind_of
from renkei.foundation.notifications.models import MailPreference, Notification


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


@dataclass(frozen=True)
class NotificationRow:
    """One line of what waits for somebody: the fixed words of its kind."""

    notification: Notification
    text: str
    urgent: bool

    @property
    def unread(self) -> bool:
        """Whether it was not opened yet."""
        return self.notification.read_at is None


@dataclass(frozen=True)
class UndeliveredRow:
    """One person whose address takes no mail, with where they belong."""

    preference: MailPreference
    organisations: str


def notification_rows(notifications: Iterable[Notification]) -> list[NotificationRow]:
    """The lines of one's own list."""
    rows = []
    for one in notifications:
        kind = kind_of(one.kind)
        rows.append(NotificationRow(one, kind.text, kind.urgent))
    return rows


def undelivered_rows(
    preferences: Iterable[MailPreference], organisations: Mapping[int, list[str]]
) -> list[UndeliveredRow]:
    """The lines of 「届かないメール」; ``organisations`` by user."""
    return [
        UndeliveredRow(one, "、".join(organisations.get(one.user_id, ()))) for one in preferences
    ]
