"""Agreements and calls. Whoever asks has found the person through the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from renkei.care.patients.models import Patient
from renkei.care.patients.queries_disaster import present_disasters
from renkei.care.patients.rules import may_work_in_teams
from renkei.care.transitions.emergency_states import OPEN
from renkei.care.transitions.models import AgreementNotice, EmergencyAgreement, EmergencyCall
from renkei.care.transitions.pair_states import Audience
from renkei.care.transitions.queries.people import hospitals_near
from renkei.care.transitions.values import Hospital
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

# The key of the hospital that stands ready, in a form.
AGREED = "agreed"

MONTHS_VALID = 6
MONTHS_A_YEAR = 12
LAST_DAY_OF_ALL_MONTHS = 28


@dataclass(frozen=True)
class AgreementStatus:
    """An agreement, whether it was confirmed of late, and whether everybody knows it."""

    agreement: EmergencyAgreement
    notices: Sequence[AgreementNotice]

    @property
    def is_stale(self) -> bool:
        """Not confirmed for six months. Source: domain/training-outreach-consult.md §7.2."""
        return self.agreement.confirmed_on < _months_before(clock.today(), MONTHS_VALID)

    @property
    def is_arranged(self) -> bool:
        confirmed = {each.audience for each in self.notices if each.confirmed_at}
        return set(Audience.values) <= confirmed


def agreement_of(patient: Patient) -> AgreementStatus | None:
    """The hospital that stands ready for this person."""
    agreement = (
        EmergencyAgreement.objects.filter(patient=patient, ended_at=None)
        .select_related("hospital")
        .prefetch_related("notices")
        .first()
    )
    return AgreementStatus(agreement, list(agreement.notices.all())) if agreement else None


def hospitals_for(viewer: Viewer, patient: Patient) -> dict[str, Hospital]:
    """Whom one would call for this person: who agreed first, then who is near them."""
    status = agreement_of(patient)
    found = hospitals_near(viewer, patient)
    own = found.pop(f"org:{viewer.organisation_id}", None)
    if own is not None:
        # Last: nobody calls the own house, but a ward of it may.
        found[f"org:{viewer.organisation_id}"] = own
    if status is None:
        return found
    agreement = status.agreement
    agreed = Hospital(
        organisation=agreement.hospital,
        name=agreement.hospital_name,
        phone=agreement.hospital_phone,
    )
    others = {key: one for key, one in found.items() if one.name != agreed.name}
    return {AGREED: agreed} | others


def call_for(patient: Patient, uid: UUID) -> EmergencyCall:
    """One call of this person.

    Raises:
        EmergencyCall.DoesNotExist: unknown, or somebody else's: the same.
    """
    return EmergencyCall.objects.prefetch_related("records__recorded_by__user").get(
        patient=patient, uid=uid
    )


def open_call_to(patient: Patient, hospital_key: str) -> EmergencyCall | None:
    """The call to this hospital that goes on."""
    return EmergencyCall.objects.filter(
        patient=patient, hospital_key=hospital_key, state__in=OPEN
    ).first()


def calls_to(viewer: Viewer) -> QuerySet[EmergencyCall]:
    """What the viewer's own hospital was asked and did not finish; never whom it is about."""
    if viewer.organisation_id is None or not may_work_in_teams(viewer):
        return EmergencyCall.objects.none()
    return (
        EmergencyCall.objects.filter(hospital_id=viewer.organisation_id, state__in=OPEN)
        .select_related("called_by__organisation", "called_by__user")
        .order_by("-called_at", "-pk")
    )


def is_in_disaster(patient: Patient) -> bool:
    """Whether a disaster is declared where this person lives; a drill changes no rule."""
    return any(
        not mode.is_drill and patient.municipality_id in mode.municipality_ids
        for mode in present_disasters()
    )


def calls_of(patient: Patient) -> list[EmergencyCall]:
    """The person's calls, newest first."""
    return list(
        EmergencyCall.objects.filter(patient=patient)
        .prefetch_related("records")
        .order_by("-called_at", "-pk")
    )


def _months_before(day: date, months: int) -> date:
    index = day.year * MONTHS_A_YEAR + day.month - 1 - months
    year, month = divmod(index, MONTHS_A_YEAR)
    # The 31st of a month that has none: the last day that every month has.
    last = min(day.day, LAST_DAY_OF_ALL_MONTHS)
    return date(year, month + 1, last)
