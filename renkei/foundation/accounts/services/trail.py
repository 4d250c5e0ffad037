"""Reading the trail leaves a trail."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.queries import TrailSearch
from renkei.foundation.audit.services import record_event


@transaction.atomic
def record_trail_read(*, actor: Actor, search: TrailSearch) -> None:
    """Record who searched the trail for what."""
    asked = {name: str(value) for name, value in asdict(search).items() if value not in {None, ""}}
    record_event(actor=actor, action="audit.read", target=("audit.trail", "-"), detail=asked)
