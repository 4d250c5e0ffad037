"""People as the pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from renkei.foundation.accounts.models import (
    Device,
    Membership,
    Move,
    NonUseReason,
    OutsideOffice,
)
from renkei.foundation.accounts.queries_joining import ends_soon
from renkei.foundation.accounts.rules import may_change_membership
from renkei.foundation.accounts.transfers import Orphan
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.labels import label_of
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock
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


@dataclass(frozen=True)
class DeviceRow:
    """One device with its state in words."""

    device: Device
    word: str
    kind: str
    living: bool


def device_rows(devices: Iterable[Device]) -> list[DeviceRow]:
    """The lines of a list of devices."""
    today = clock.today()
    return [_device_row(device, today) for device in devices]


def _device_row(device: Device, today: date) -> DeviceRow:
    if device.revoked_at is not None:
        return DeviceRow(device, "止めました", "plain", living=False)
    if device.expires_on < today:
        return DeviceRow(device, "期限切れ", "over", living=False)
    if device.registered_at is None:
        return DeviceRow(device, "コードを待っています", "soon", living=True)
    if ends_soon(device, today):
        return DeviceRow(device, "期限が近い", "soon", living=True)
    return DeviceRow(device, "使えます", "done", living=True)


@dataclass(frozen=True)
class OfficeRow:
    """One office that has not joined, with its reasons in words."""

    office: OutsideOffice
    reasons: list[str]


def office_rows(offices: Iterable[OutsideOffice]) -> list[OfficeRow]:
    """The lines of the board of who has not joined."""
    labels = dict(NonUseReason.choices)
    return [OfficeRow(one, [str(labels.get(r, r)) for r in one.reasons]) for one in offices]


@dataclass(frozen=True)
class MoveRow:
    """One row of a transfer, with the duties its person holds."""

    move: Move
    held: list[Orphan]

    @property
    def duties(self) -> int:
        """How many duties these are."""
        return len(self.held)

    @property
    def unhandled(self) -> bool:
        """Whether duties would be left without a person."""
        stays = self.move.old_membership is not None and (
            self.move.new_organisation_id == self.move.old_membership.organisation_id
        )
        return bool(self.held) and self.move.successor_id is None and not stays


def move_rows(moves: Iterable[Move], duties: Iterable[Orphan]) -> list[MoveRow]:
    """The lines of a transfer."""
    held: dict[int, list[Orphan]] = {}
    for duty in duties:
        held.setdefault(duty.membership_id, []).append(duty)
    return [MoveRow(move, held.get(move.old_membership_id or 0, [])) for move in moves]


@dataclass(frozen=True)
class OrphanRow:
    """One duty without a person: what, and who held it."""

    orphan: Orphan
    membership: Membership


def orphan_rows(
    orphans: Iterable[Orphan], memberships: Mapping[int, Membership]
) -> list[OrphanRow]:
    """The lines of the list of duties without a person."""
    return [
        OrphanRow(one, memberships[one.membership_id])
        for one in orphans
        if one.membership_id in memberships
    ]
