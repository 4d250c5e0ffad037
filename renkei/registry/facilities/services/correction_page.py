"""Saving one correction page: all of its fields, or none."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.audit.actors import Actor
from renkei.registry.facilities.models import Override, Service
from renkei.registry.facilities.services.overrides import correct_field, withdraw_correction


@transaction.atomic
def correct_service(
    *, actor: Actor, service: Service, values: Mapping[str, object], reason: str
) -> int:
    """Correct several fields at once; a field that gets its official value back is no correction.

    Returns: how many fields changed. Each is an event of its own.

    Raises:
        ValidationError: nothing changed, or a value does not fit; named by field.
    """
    if not values:
        raise ValidationError("変わった項目がありません。直す項目を書き換えてください。")
    held = {row.field: row for row in Override.objects.filter(service=service)}
    errors: dict[str, list[str]] = {}
    for field, value in values.items():
        override = held.get(field)
        try:
            if override is not None and override.official_value == value:
                withdraw_correction(actor=actor, override=override)
            else:
                correct_field(actor=actor, service=service, field=field, value=value, reason=reason)
        except ValidationError as error:
            errors[field] = error.messages
    if errors:
        raise ValidationError(errors)
    return len(values)
