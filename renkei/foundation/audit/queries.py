"""Reading the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock


@dataclass(frozen=True)
class TrailSearch:
    """What the officer asked for; an empty field does not narrow."""

    since: date | None = None
    until: date | None = None
    action: str = ""
    user_id: int | None = None
    target: str = ""


def whole_trail() -> Iterator[AuditEvent]:
    """Every event in the order it was chained, without holding them all in memory."""
    return AuditEvent.objects.order_by("month", "sequence").iterator(chunk_size=2000)


def last_event() -> AuditEvent | None:
    """The newest event of the chain."""
    return AuditEvent.objects.order_by("-month", "-sequence").first()


def events_matching(search: TrailSearch) -> QuerySet[AuditEvent]:
    """Events of the trail, newest first; who may ask is the caller's rule."""
    events = AuditEvent.objects.order_by("-month", "-sequence")
    if search.since:
        events = events.filter(at__gte=clock.midnight(search.since))
    if search.until:
        events = events.filter(at__lt=clock.end_of(search.until))
    if search.action:
        events = events.filter(action=search.action)
    if search.user_id is not None:
        events = events.filter(actor_user_id=search.user_id)
    if search.target:
        events = events.filter(target_id=search.target)
    return events


def known_actions() -> list[str]:
    """The acts that occur in the trail, for the choice on the search screen."""
    return list(AuditEvent.objects.order_by("action").values_list("action", flat=True).distinct())
