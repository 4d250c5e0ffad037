"""In which order a person's offices are called."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.models import Patient
from renkei.care.transitions.acting import membership_of
from renkei.care.transitions.models import FirstContact, Roster
from renkei.care.transitions.queries.rosters import rosters_offered_for
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock


@transaction.atomic
def set_first_contacts(
    *, viewer: Viewer, patient: Patient, rosters: Sequence[Roster | None]
) -> None:
    """Decide the whole order from now on; an empty one leaves a hole that everybody sees.

    None among the rosters is the place of the person's doctors; without it they come last.

    The caller has checked that the viewer is on the team and writes there.

    Raises:
        ValidationError: the same roster twice, or one that is not open to this person.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    if len(set(rosters)) != len(rosters):
        raise ValidationError("同じ電話する先が2回あります。別の電話する先を選んでください。")
    offered = set(rosters_offered_for(patient).values_list("pk", flat=True))
    if any(roster is not None and roster.pk not in offered for roster in rosters):
        raise ValidationError("選べない当番表があります。選び直してください。")
    now = clock.now()
    FirstContact.objects.filter(patient=patient, ended_at=None).update(ended_at=now)
    FirstContact.objects.bulk_create(
        FirstContact(
            patient=patient,
            position=place,
            roster=roster,
            set_at=now,
            set_by_id=membership_of(viewer),
        )
        for place, roster in enumerate(rosters, start=1)
    )
    record_event(
        actor=viewer.actor,
        action="first_contacts.set",
        target=patient,
        detail={"count": len(rosters)},
    )
