"""What a room shows of the person themself."""

from __future__ import annotations

from django.db.models import Q

from renkei.care.patients.models import Patient, Provider
from renkei.foundation.common import clock


def providers_tonight(patient: Patient) -> list[Provider]:
    """Who treats and cares for the person now, in a fixed order."""
    return list(
        Provider.objects.filter(
            Q(period__contains=clock.today()) | Q(period__isnull=True), patient=patient
        ).order_by("role", "pk")
    )
