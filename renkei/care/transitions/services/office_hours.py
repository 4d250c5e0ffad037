"""What follows when an office changes its hours: the deadlines that are counted by them."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from renkei.care.transitions.models import CoordinationCase
from renkei.care.transitions.services.facts import locked
from renkei.care.transitions.services.refreshing import refresh


def refresh_open_cases_of(organisation_id: int) -> int:
    """Count the deadlines of an office's open stays anew; how many stays.

    One transaction each: a ward has hundreds, and people record in them meanwhile.
    """
    own = Q(hospital=organisation_id) | Q(care_office=organisation_id)
    found = list(
        CoordinationCase.objects.filter(own, is_open=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for pk in found:
        with transaction.atomic():
            refresh(locked(CoordinationCase(pk=pk)))
    return len(found)
