"""What a room shows of the person themself."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from renkei.care.patients.models import Patient, Provider
from renkei.foundation.common import clock
from renkei.foundation.common.kept_queries import kept_with_plan


def providers_tonight(patient: Patient) -> list[Provider]:
    """Who treats and cares for the person now, in a fixed order."""
    return _present_providers(patient.pk)


@kept_with_plan
def _present_providers(patient_id: int) -> QuerySet[Provider]:
    present = Q(period__contains=clock.today()) | Q(period__isnull=True)
    return Provider.objects.filter(present, patient_id=patient_id).order_by("role", "pk")
