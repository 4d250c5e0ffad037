"""Telling people that something waits for them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.types import JSONValue

from renkei.foundation.common import clock
from renkei.foundation.notifications import kinds
from renkei.foundation.notifications.models import MailPreference, Notification
from renkei.foundation.notifications.rules import mail_due_at

MAIL_TASK = "notifications.send_mail"
KEPT_FOR = timedelta(days=365)
# Plain letters only: a name in kanji, kana or percent signs cannot get into a path.
_PATH = re.compile(r"/(?!/)[A-Za-z0-9/_.?=&#-]*")


def notify(*, user_ids: Iterable[int], kind: str, path: str, dedupe_key: str = "") -> None:
    """Leave a notification for each of these people, and have the worker mail those who want it.

    Part of the caller's transaction and of its audit event: it is lost with it, never without it.
    ``path`` leads to the thing and holds random uids only. While somebody has not read one with the
    same ``dedupe_key``, no second one is made.

    Raises:
        ValueError: the kind is not registered, or the path could tell something.
    """
    if not kinds.is_known(kind):
        message = f"{kind} is no registered kind of notification"
        raise ValueError(message)
    if not _PATH.fullmatch(path):
        message = "a notification leads to a path of this site made of plain letters"
        raise ValueError(message)
    people = sorted(set(user_ids))
    if people:
        _leave(people, Notification(kind=kind, path=path, dedupe_key=dedupe_key))


@transaction.atomic
def _leave(people: list[int], pattern: Notification) -> None:
    now = clock.now()
    wishes = {one.user_id: one for one in MailPreference.objects.filter(user_id__in=people)}
    kind = kinds.kind_of(pattern.kind)
    rows = [
        Notification(
            user_id=user_id,
            kind=pattern.kind,
            path=pattern.path,
            dedupe_key=pattern.dedupe_key,
            made_at=now,
            mail_due_at=mail_due_at(now, urgent=kind.urgent, wish=wishes.get(user_id))
            if kind.by_mail
            else None,
        )
        for user_id in people
    ]
    # Two services may tell the same person of the same thing at once: the database keeps one.
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    at_once: list[JSONValue] = [row.user_id for row in rows if row.mail_due_at == now]
    if at_once:
        # In the same transaction: an on_commit callback would be lost with the process.
        app.configure_task(MAIL_TASK).defer(user_ids=at_once)


@transaction.atomic
def mark_read(
    *, user_id: int, uids: Collection[UUID] | None = None, path_prefix: str | None = None
) -> int:
    """Mark one's own notifications as read: these, those that lead under a path, or all.

    Looking at one's own list is no act for the audit trail; what it leads to records its own reads.

    Returns:
        How many were unread.
    """
    unread = Notification.objects.filter(user_id=user_id, read_at=None)
    if uids is not None:
        unread = unread.filter(uid__in=uids)
    if path_prefix is not None:
        unread = unread.filter(path__startswith=path_prefix)
    return unread.update(read_at=clock.now())


def settle(*, path: str) -> int:
    """Mark as read for everybody what led to a question somebody has answered.

    Returns:
        How many were unread.
    """
    return Notification.objects.filter(path=path, read_at=None).update(read_at=clock.now())


@transaction.atomic
def forget_old_notifications() -> int:
    """Delete what was read more than a year ago: it said nothing but that something waited."""
    old = Notification.objects.filter(read_at__lt=clock.now() - KEPT_FOR)
    return old.delete()[0]
