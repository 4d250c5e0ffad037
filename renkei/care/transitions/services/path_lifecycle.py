"""What happens to a person's paths when two records become one, and when their time is over.

Part of the act of ``patients`` that merges or disposes: no events of their own.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from renkei.care.patients.models import Patient
from renkei.care.transitions.models import PathEvent, PatientPath
from renkei.care.transitions.services.lifecycle import TIMELINE
from renkei.foundation.audit.actors import Actor


def move_paths(merged: Patient, into: Patient) -> Any:
    """Hang them on the record that remains; what cannot both be true stays where it was."""
    taken = set(
        PatientPath.objects.filter(patient=into, is_open=True).values_list("version", flat=True)
    )
    moved = [
        path.pk
        for path in PatientPath.objects.filter(patient=merged)
        if not (path.is_open and path.version_id in taken)
    ]
    PatientPath.objects.filter(pk__in=moved).update(patient=into)
    return moved


def move_paths_back(merged: Patient, into: Patient, moved: Any) -> None:  # noqa: ARG001 - the protocol
    """Part them again."""
    PatientPath.objects.filter(pk__in=moved).update(patient=merged)


def destroy_paths(*, actor: Actor, patient: Patient, document_class: str) -> int:  # noqa: ARG001 - the protocol
    """Every path of a person with all its events (T-D4)."""
    if document_class != TIMELINE:
        return 0
    paths = PatientPath.objects.filter(patient=patient)
    with connection.cursor() as cursor:
        # Opens the trigger for this person and this transaction; nothing else deletes an event.
        cursor.execute(
            "SELECT set_config('renkei.destroyed_subject', %s, true)", [str(patient.uid)]
        )
    count = 0
    # What takes back goes before what it takes back.
    events = PathEvent.objects.filter(path__in=paths)
    for pk in events.order_by("-pk").values_list("pk", flat=True):
        count += PathEvent.objects.filter(pk=pk).delete()[0]
    count += paths.delete()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('renkei.destroyed_subject', '', true)")
    return count
