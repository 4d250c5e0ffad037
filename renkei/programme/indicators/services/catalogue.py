"""The shipped catalogue becomes rows."""

from __future__ import annotations

from django.db import transaction

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.programme.indicators.models import Indicator, IndicatorVersion
from renkei.programme.indicators.shipped import CATALOGUE


@transaction.atomic
def load_catalogue(*, actor: Actor) -> int:
    """Add the definitions that are not there yet; one already there never changes.

    Returns: how many versions are new.
    """
    held = set(IndicatorVersion.objects.values_list("indicator__code", "number"))
    added = 0
    for position, definition in enumerate(CATALOGUE):
        if (definition.code, definition.number) in held:
            continue
        indicator, _ = Indicator.objects.get_or_create(
            code=definition.code, defaults={"position": position}
        )
        IndicatorVersion.objects.create(indicator=indicator, **definition.fields())
        added += 1
    _reorder()
    if added:
        record_event(
            actor=actor,
            action="indicators.catalogue_loaded",
            target=("catalogue", "shipped"),
            detail={"added": added},
        )
    return added


def _reorder() -> None:
    """The order of the catalogue, also where an edition put an indicator in between."""
    order = {definition.code: position for position, definition in enumerate(CATALOGUE)}
    moved = []
    for indicator in Indicator.objects.filter(code__in=order):
        if indicator.position != order[indicator.code]:
            indicator.position = order[indicator.code]
            moved.append(indicator)
    Indicator.objects.bulk_update(moved, ["position"])
