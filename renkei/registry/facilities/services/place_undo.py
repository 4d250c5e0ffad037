"""Taking back what was decided about two records."""

from __future__ import annotations

from django.db import transaction

from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.registry.facilities.models import PlaceDecision, PlacePair
from renkei.registry.facilities.queries_places import services_by_identity
from renkei.registry.facilities.services.places import decide_pair

TAKEN_BACK = "決定を取り消した"


@transaction.atomic
def undo_decision(*, actor: Actor, decision: PlaceDecision) -> None:
    """Forget a decision: the records are two places again and wait to be decided.

    Where one of them has left the register there is nothing to part; the decision alone goes.
    """
    found = services_by_identity({decision.first_identity, decision.second_identity})
    record_event(actor=actor, action="place.undecided", target=decision)
    both = sorted(found.values(), key=lambda service: service.pk)
    if len(both) == 2:  # noqa: PLR2004 - a pair
        first, second = both
        if decision.same:
            parting = PlacePair.objects.create(first=first, second=second, reason=TAKEN_BACK)
            decide_pair(actor=actor, pair=parting, same=False)
        PlacePair.objects.get_or_create(first=first, second=second, defaults={"reason": TAKEN_BACK})
    PlaceDecision.objects.filter(pk=decision.pk).delete()
