"""What becomes of a person's call order when records are merged or destroyed."""

from __future__ import annotations

from typing import Any

from renkei.care.patients.disposal import RECORD
from renkei.care.patients.models import Patient
from renkei.care.transitions.models import FirstContact
from renkei.foundation.audit.actors import Actor


def move_first_contacts(merged: Patient, into: Patient) -> list[int]:
    """Give the order to the record that stays, where that one has none of its own."""
    if FirstContact.objects.filter(patient=into).exists():
        return []
    rows = FirstContact.objects.filter(patient=merged)
    moved = list(rows.values_list("pk", flat=True))
    rows.update(patient=into)
    return moved


def move_first_contacts_back(merged: Patient, into: Patient, moved: Any) -> None:
    """Undo ``move_first_contacts``."""
    FirstContact.objects.filter(patient=into, pk__in=moved).update(patient=merged)


def destroy_first_contacts(*, actor: Actor, patient: Patient, document_class: str) -> int:  # noqa: ARG001 - the signature of every destroyer
    """Destroy the order with the record itself."""
    if document_class != RECORD:
        return 0
    count, _ = FirstContact.objects.filter(patient=patient).delete()
    return count
