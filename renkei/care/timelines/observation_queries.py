"""Reading measurements: what the viewer's door lets them read, without what was corrected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from renkei.care.patients.models import Patient
from renkei.care.timelines.models import Entry, Excursion, Limit, Observation
from renkei.care.timelines.queries.doors import Door, Reach, entries_within
from renkei.foundation.common import clock
from renkei.foundation.common.kept_queries import kept, kept_with_plan


def observations_through(door: Door, *, days: int) -> list[Observation]:
    """The measurements of the last days that this viewer may read, oldest first. One query."""
    if door.patient is None:
        return []
    return _measured(door.patient.pk, door.reach, clock.now() - timedelta(days=days))


@kept
def _measured(patient_id: int, reach: Reach, since: datetime) -> QuerySet[Observation]:
    corrected = Entry.objects.filter(corrects=OuterRef("pk"), hidden_at=None)
    readable = entries_within(reach).filter(~Exists(corrected), hidden_at=None)
    return (
        Observation.objects.filter(
            patient_id=patient_id, entry__in=readable.order_by(), measured_at__gte=since
        )
        .select_related("entry", "entry__room")
        .order_by("measured_at", "pk")
    )


def limits_of(patient: Patient) -> dict[str, Limit]:
    """The person's limits in force, by code."""
    return {limit.code: limit for limit in _limits_in_force(patient.pk)}


@kept_with_plan
def _limits_in_force(patient_id: int) -> QuerySet[Limit]:
    return Limit.objects.filter(patient_id=patient_id, ended_at=None)


def limits_before(patient: Patient) -> QuerySet[Limit]:
    """Limits that no longer hold, the last one first."""
    return Limit.objects.filter(patient=patient).exclude(ended_at=None).order_by("-ended_at")


def open_excursions(patient: Patient) -> Sequence[Excursion]:
    """What is out of its limits now."""
    return list(
        Excursion.objects.filter(patient=patient, ended_at=None).select_related("question__room")
    )


def is_newest(observation: Observation) -> bool:
    """Whether nothing later was measured: what was long offline arrives after newer values."""
    return not Observation.objects.filter(
        patient=observation.patient_id,
        code=observation.code,
        measured_at__gt=observation.measured_at,
    ).exists()
