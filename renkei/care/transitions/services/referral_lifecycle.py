"""What happens to a person's referrals when two records become one, and when their time is over.

Part of the act of ``patients`` that merges or disposes: no events of their own.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

from renkei.care.patients.models import Patient
from renkei.care.transitions.models import Referral, ReferralEvent
from renkei.care.transitions.services.lifecycle import TIMELINE
from renkei.foundation.audit.actors import Actor
from renkei.foundation.papers.files import destroy_file
from renkei.foundation.papers.models import StoredFile


def move_referrals(merged: Patient, into: Patient) -> Any:
    """Hang them on the record that remains."""
    rows = Referral.objects.filter(patient=merged)
    moved = list(rows.values_list("pk", flat=True))
    rows.update(patient=into)
    return moved


def move_referrals_back(merged: Patient, into: Patient, moved: Any) -> None:  # noqa: ARG001 - the protocol
    """Part them again."""
    Referral.objects.filter(pk__in=moved).update(patient=merged)


def destroy_referrals(*, actor: Actor, patient: Patient, document_class: str) -> int:
    """Every referral of a person with its events and the papers that came back (T-D4)."""
    if document_class != TIMELINE:
        return 0
    referrals = Referral.objects.filter(patient=patient)
    events = ReferralEvent.objects.filter(referral__in=referrals)
    papers = [
        detail["file"] for detail in events.values_list("detail", flat=True) if "file" in detail
    ]
    count = 0
    for stored in StoredFile.objects.filter(uid__in=papers, destroyed_at=None):
        destroy_file(actor=actor, stored=stored)
        count += 1
    with connection.cursor() as cursor:
        # Opens the trigger for this person and this transaction; nothing else deletes an event.
        cursor.execute(
            "SELECT set_config('renkei.destroyed_subject', %s, true)", [str(patient.uid)]
        )
    count += events.delete()[0]
    count += referrals.delete()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('renkei.destroyed_subject', '', true)")
    return count
