"""What becomes of a person's call order, doctors, agreements and calls when records are merged
or destroyed.

Part of the act of ``patients`` that merges or disposes: no events of their own.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Model, Q, QuerySet

from renkei.care.patients.disposal import RECORD
from renkei.care.patients.models import Patient
from renkei.care.transitions import emergency_states
from renkei.care.transitions.models import (
    DeputyCall,
    DoctorPair,
    EmergencyAgreement,
    EmergencyCall,
    FirstContact,
)
from renkei.care.transitions.pair_states import OVER, PairState
from renkei.care.transitions.services.lifecycle import TIMELINE
from renkei.foundation.audit.actors import Actor

# With 救急情報と意思の記録.
EMERGENCY: Final = "emergency"


def move_first_contacts(merged: Patient, into: Patient) -> list[int]:
    """Give the order to the record that stays, where that one has none of its own."""
    if FirstContact.objects.filter(patient=into, ended_at=None).exists():
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


def move_arrangements(merged: Patient, into: Patient) -> dict[str, list[int]]:
    """Give doctors, agreements and calls to the record that stays.

    What cannot both be true stays where it was: a second active pair, a second proposal, a second
    hospital that stands ready, a second open call to one hospital.
    """
    return {
        "pairs": _moved(_pairs_free_to_go(merged, into), into),
        "agreements": _moved(_agreements_free_to_go(merged, into), into),
        "calls": _moved(_calls_free_to_go(merged, into), into),
    }


def move_arrangements_back(merged: Patient, into: Patient, moved: Any) -> None:
    """Undo ``move_arrangements``."""
    for model, name in (
        (DoctorPair, "pairs"),
        (EmergencyAgreement, "agreements"),
        (EmergencyCall, "calls"),
    ):
        model.objects.filter(patient=into, pk__in=moved[name]).update(patient=merged)


def destroy_arrangements(*, actor: Actor, patient: Patient, document_class: str) -> int:  # noqa: ARG001 - the signature of every destroyer
    """The log of the deputy with the story, hospitals with the emergency facts, pairs at last."""
    pairs = DoctorPair.objects.filter(patient=patient)
    calls = DeputyCall.objects.filter(pair__in=pairs)
    if document_class == TIMELINE:
        return calls.delete()[0]
    if document_class == EMERGENCY:
        count = EmergencyCall.objects.filter(patient=patient).delete()[0]
        return count + EmergencyAgreement.objects.filter(patient=patient).delete()[0]
    if document_class != RECORD:
        return 0
    pairs.update(previous=None)
    return calls.delete()[0] + pairs.delete()[0]


def _moved(rows: QuerySet[Any], into: Patient) -> list[int]:
    keys = list(rows.values_list("pk", flat=True))
    model: type[Model] = rows.model
    model._default_manager.filter(pk__in=keys).update(patient=into)  # noqa: SLF001 - the public name of it
    return keys


def _pairs_free_to_go(merged: Patient, into: Patient) -> QuerySet[DoctorPair]:
    there = set(DoctorPair.objects.filter(patient=into).values_list("state", flat=True))
    rows = DoctorPair.objects.filter(patient=merged)
    if PairState.ACTIVE in there:
        rows = rows.exclude(state=PairState.ACTIVE)
    waiting = set(PairState) - OVER - {PairState.ACTIVE}
    if waiting & there:
        rows = rows.exclude(state__in=waiting)
    return rows


def _agreements_free_to_go(merged: Patient, into: Patient) -> QuerySet[EmergencyAgreement]:
    rows = EmergencyAgreement.objects.filter(patient=merged)
    if EmergencyAgreement.objects.filter(patient=into, ended_at=None).exists():
        rows = rows.exclude(ended_at=None)
    return rows


def _calls_free_to_go(merged: Patient, into: Patient) -> QuerySet[EmergencyCall]:
    asked = EmergencyCall.objects.filter(patient=into, state__in=emergency_states.OPEN)
    clash = Q(state__in=emergency_states.OPEN, hospital_key__in=asked.values("hospital_key"))
    return EmergencyCall.objects.filter(patient=merged).exclude(clash)
