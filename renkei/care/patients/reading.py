"""Reading a person is an act of its own: each one is written down (design decision 5)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from renkei.care.patients.models import AccessGrant, GrantKind, Patient
from renkei.foundation.accounts.viewers import ANYBODY, Viewer
from renkei.foundation.audit.services import record_event, record_events

READ = "patient.read"


@transaction.atomic
def record_read(
    *, viewer: Viewer, patient: Patient, what: str, via: GrantKind = GrantKind.TEAM
) -> None:
    """Write down that this viewer saw ``what`` (a page's name, no content) of this person."""
    record_event(
        actor=viewer.actor, action=READ, target=patient, detail={"what": what, "via": via.value}
    )


@transaction.atomic
def record_outside_read(*, patient: Patient, what: str, grant: AccessGrant) -> None:
    """Write down that somebody without an account saw ``what`` by this grant.

    Whom it was given to stands with the grant, not in the trail.
    """
    record_event(
        actor=ANYBODY.actor,
        action=READ,
        target=patient,
        detail={"what": what, "via": grant.kind, "grant": str(grant.uid)},
    )


@transaction.atomic
def record_reads(*, viewer: Viewer, patients: Sequence[Patient], what: str) -> None:
    """Write down for each of these persons that this viewer saw ``what`` of them."""
    record_events(
        actor=viewer.actor,
        action=READ,
        targets=patients,
        detail={"what": what, "via": GrantKind.TEAM.value},
    )


@transaction.atomic
def record_list_read(*, viewer: Viewer, count: int, searched: bool) -> None:
    """Write down that this viewer saw a list of so many of their persons; never the words."""
    record_event(
        actor=viewer.actor,
        action="patient.list_read",
        target=("patients.list", "-"),
        detail={"count": count, "searched": searched},
    )
