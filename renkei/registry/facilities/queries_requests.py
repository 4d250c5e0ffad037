"""What readers reported about places."""

from __future__ import annotations

from django.db.models import QuerySet

from renkei.registry.facilities.models import CorrectionRequest


def open_requests() -> QuerySet[CorrectionRequest]:
    """Requests nobody has answered, oldest first."""
    return (
        CorrectionRequest.objects.filter(closed_at=None)
        .select_related("facility")
        .order_by("received_at", "pk")
    )


def closed_requests() -> QuerySet[CorrectionRequest]:
    """Answered requests, the newest answer first."""
    return (
        CorrectionRequest.objects.exclude(closed_at=None)
        .select_related("facility")
        .order_by("-closed_at", "-pk")
    )
