"""What becomes of confirmations and reviews when records are merged or destroyed."""

from __future__ import annotations

from typing import Any, Final

from django.db import connection

from renkei.care.patients.models import Patient
from renkei.care.transitions.models import EventReview, WishFact, WishPlan
from renkei.foundation.audit.actors import Actor

EMERGENCY: Final = "emergency"


def move_wish_plans(merged: Patient, into: Patient) -> Any:
    """Hang both persons' confirmations on the record that stays; each keeps its plan."""
    plans = list(WishPlan.objects.filter(patient=merged).values_list("pk", flat=True))
    reviews = list(EventReview.objects.filter(patient=merged).values_list("pk", flat=True))
    WishPlan.objects.filter(pk__in=plans).update(patient=into)
    EventReview.objects.filter(pk__in=reviews).update(patient=into)
    return {"plans": plans, "reviews": reviews}


def move_wish_plans_back(merged: Patient, into: Patient, moved: Any) -> None:  # noqa: ARG001 - the protocol
    """Part them again."""
    WishPlan.objects.filter(pk__in=moved["plans"]).update(patient=merged)
    EventReview.objects.filter(pk__in=moved["reviews"]).update(patient=merged)


def destroy_wish_plans(*, actor: Actor, patient: Patient, document_class: str) -> int:  # noqa: ARG001 - the protocol
    """Every confirmation of a person; a review stays, it never held the person."""
    if document_class != EMERGENCY:
        return 0
    with connection.cursor() as cursor:
        # Opens the trigger for this person and this transaction; nothing else deletes a fact.
        cursor.execute(
            "SELECT set_config('renkei.destroyed_subject', %s, true)", [str(patient.uid)]
        )
    count = 0
    facts = WishFact.objects.filter(plan__patient=patient)
    # What takes back goes before what it takes back.
    for pk in facts.order_by("-pk").values_list("pk", flat=True):
        count += WishFact.objects.filter(pk=pk).delete()[0]
    WishPlan.objects.filter(patient=patient).delete()
    EventReview.objects.filter(patient=patient).update(patient=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('renkei.destroyed_subject', '', true)")
    return count
