"""What happens to a person's stays when two records become one, and when a record's time is over.

Part of the act of ``patients`` that merges or disposes: no events of their own.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import connection

from renkei.care.patients.models import Patient
from renkei.care.transitions.models import CaseCount, CaseFact, CoordinationCase
from renkei.foundation.audit.actors import Actor

# With the story: a stay is part of it, and its facts carry free text.
TIMELINE: Final = "timeline"


def move_cases(merged: Patient, into: Patient) -> Any:
    """Hang the stays on the record that remains; what cannot both be true stays where it was."""
    taken = set(
        CoordinationCase.objects.filter(patient=into, in_hospital=True).values_list(
            "hospital_key", flat=True
        )
    )
    moved = [
        case.pk
        for case in CoordinationCase.objects.filter(patient=merged)
        if not (case.in_hospital and case.hospital_key in taken)
    ]
    CoordinationCase.objects.filter(pk__in=moved).update(patient=into)
    return moved


def move_cases_back(merged: Patient, into: Patient, moved: Any) -> None:  # noqa: ARG001 - the protocol
    """Part them again."""
    CoordinationCase.objects.filter(pk__in=moved).update(patient=merged)


def destroy_cases(*, actor: Actor, patient: Patient, document_class: str) -> int:  # noqa: ARG001 - the protocol
    """Every stay of a person with all its facts (T-D4)."""
    if document_class != TIMELINE:
        return 0
    with connection.cursor() as cursor:
        # Opens the trigger for this person and this transaction; nothing else deletes a fact.
        cursor.execute(
            "SELECT set_config('renkei.destroyed_subject', %s, true)", [str(patient.uid)]
        )
    cases = CoordinationCase.objects.filter(patient=patient)
    facts = CaseFact.objects.filter(case__in=cases)
    count = 0
    # A correction goes before what it corrects.
    for pk in facts.order_by("-pk").values_list("pk", flat=True):
        count += CaseFact.objects.filter(pk=pk).delete()[0]
    CoordinationCase.objects.filter(previous__in=cases).update(previous=None)
    CoordinationCase.objects.filter(readmission_of__in=cases).update(readmission_of=None)
    CaseCount.objects.filter(case__in=cases).delete()
    count += cases.delete()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('renkei.destroyed_subject', '', true)")
    return count
