"""Reading notifications. Everybody reads their own; a user's number is all these need to know."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from renkei.foundation.common.kept_queries import kept_with_plan
from renkei.foundation.notifications.models import MailPreference, Notification


def unread_count(viewer_user_id: int | None) -> int:
    """How many wait unread; nothing is asked for somebody without an account."""
    if viewer_user_id is None:
        return 0
    return sum(_unread(viewer_user_id))


@kept_with_plan
def _unread(user_id: int) -> QuerySet[Notification, int]:
    rows = Notification.objects.filter(user_id=user_id, read_at=None).values("user_id")
    return rows.annotate(count=Count("pk")).values_list("count", flat=True)


def notifications_of(user_id: int) -> QuerySet[Notification]:
    """All of one person's, newest first."""
    return Notification.objects.filter(user_id=user_id).order_by("-made_at", "-pk")


def mail_preference_of(user_id: int) -> MailPreference:
    """How this person wants mail; the standard, unsaved, while they said nothing."""
    found = MailPreference.objects.filter(user_id=user_id).first()
    return found or MailPreference(user_id=user_id)


def bounced_among(user_ids: Collection[int] | QuerySet[Any, Any]) -> QuerySet[MailPreference]:
    """Whose present address does not take mail any more, among these accounts; newest first.

    An address that changed since is a new address.
    """
    return (
        MailPreference.objects.filter(
            user_id__in=user_ids, bounced_at__isnull=False, bounced_address=F("user__email")
        )
        .select_related("user")
        .order_by("-bounced_at", "pk")
    )


def mail_waiting(at: datetime) -> QuerySet[Notification]:
    """Unread notifications whose mail is due, of people whose address takes mail and may be tried.

    An address that changed since it bounced is a new address.
    """
    never_bounced = Q(user__mail_preference__bounced_at=None)
    changed = ~Q(user__mail_preference__bounced_address=F("user__email"))
    no_retry = Q(user__mail_preference__retry_at=None)
    return Notification.objects.filter(
        never_bounced | changed,
        no_retry | Q(user__mail_preference__retry_at__lte=at),
        mail_due_at__lte=at,
        mailed_at=None,
        read_at=None,
        user__is_active=True,
        user__email__isnull=False,
    )
