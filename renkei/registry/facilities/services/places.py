"""Which services are one place: computed where they agree, decided by a person elsewhere."""

from __future__ import annotations

from renkei.foundation.audit.actors import Actor
from renkei.registry.facilities.models import PlaceDecision, PlacePair


def decide_pair(*, actor: Actor, pair: PlacePair, same: bool) -> PlaceDecision:
    """Say whether two services are one place; remembered over every later import and undo."""
    raise NotImplementedError
