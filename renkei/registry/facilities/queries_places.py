"""Pairs of records that may be one place, and what was decided about them."""

from __future__ import annotations

from django.db.models import QuerySet

from renkei.registry.facilities.models import PlaceDecision, PlacePair, Service


def open_pairs() -> QuerySet[PlacePair]:
    """Pairs nobody has decided about, in the order they were found."""
    return PlacePair.objects.select_related("first__facility", "second__facility").order_by("pk")


def place_decisions() -> QuerySet[PlaceDecision]:
    """Decisions, the newest first."""
    return PlaceDecision.objects.order_by("-decided_at", "-pk")


def services_by_identity(identities: set[str]) -> dict[str, Service]:
    """The records behind "source:key:service" identities, by one query."""
    parts = [identity.split(":", 1) for identity in identities]
    keys = {rest.rpartition(":")[0] for _, rest in parts}
    found = Service.objects.filter(source_key__in=keys)
    return {
        identity: service
        for service in found
        if (identity := f"{service.source}:{service.source_key}:{service.service_code}")
        in identities
    }
