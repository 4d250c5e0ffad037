"""The town knows better: corrections that survive imports, and confirmations."""

from __future__ import annotations

from renkei.foundation.audit.actors import Actor
from renkei.registry.facilities.models import Facility, Override, Service


def correct_field(
    *, actor: Actor, service: Service, field: str, value: object, reason: str
) -> Override:
    """Set one field's local value; the official one is kept beside it (``official_value``).

    Raises:
        ValidationError: the field cannot be corrected, or the value does not fit it.
    """
    raise NotImplementedError


def withdraw_correction(*, actor: Actor, override: Override) -> None:
    """Give the field back its official value."""
    raise NotImplementedError


def confirm_facility(*, actor: Actor, facility: Facility, method: str) -> None:
    """Record that the town has checked a place today, and how."""
    raise NotImplementedError
