"""Reading emergency cards, and what a card's holder is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import QuerySet

from renkei.care.patients.conditions import refused_in_need
from renkei.care.patients.emergency_codes import code_hash_of
from renkei.care.patients.models import (
    AccessGrant,
    Consent,
    ConsentDecision,
    ConsentSubject,
    ContentClass,
    EmergencyCard,
    FailedOpening,
    FailedWay,
    GrantKind,
    Patient,
    Provider,
    ProviderRole,
)
from renkei.care.patients.queries_emergency import patients_kept_by
from renkei.care.patients.visibility import TEAM_ROLES, grants_of
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

# A desk that keeps guessing waits; typing errors of a busy night do not reach this.
FAILURES_BEFORE_LOCK: Final = 10
WITHIN: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class CareOffice:
    """The care manager's office: all a hospital with a card is told (T-CARD2)."""

    name: str
    phone: str
    fax: str
    hours: str


def cards_of(viewer: Viewer, patient: Patient) -> QuerySet[EmergencyCard]:
    """The cards of a person this viewer writes for, newest first."""
    kept = patients_kept_by(viewer, ContentClass.EMERGENCY)
    return (
        EmergencyCard.objects.filter(patient=patient, patient__in=kept)
        .select_related("patient", "issued_by__user")
        .order_by("-issued_at", "-pk")
    )


def card_with_code(code: str) -> EmergencyCard | None:
    """The card with this code, working or not."""
    return (
        EmergencyCard.objects.select_related("patient__host")
        .filter(code_hash=code_hash_of(code))
        .first()
    )


def is_working(card: EmergencyCard | None) -> bool:
    """Whether the card belongs to a present person and was neither revoked nor replaced."""
    return (
        card is not None
        and card.revoked_at is None
        and not card.patient.is_closed
        and card.patient.disposed_at is None
        and card.patient.merged_into_id is None
    )


def consented_content(patient: Patient, wanted: Iterable[ContentClass]) -> list[str]:
    """Of these content classes those that the person's consent in force covers."""
    consent = Consent.objects.filter(
        patient=patient,
        subject=ConsentSubject.PATIENT,
        decision=ConsentDecision.AGREED,
        period__contains=clock.today(),
        withdrawn_at=None,
        superseded_at=None,
    ).first()
    covered = consent.content_classes if consent else []
    return [each.value for each in wanted if each.value in covered]


def has_binding_refusal(patient: Patient) -> bool:
    """Whether the person refused, and wants that kept in an emergency too."""
    return Patient.objects.filter(refused_in_need(), pk=patient.pk).exists()


def care_office_of(patient: Patient) -> CareOffice:
    """Where the care manager is reached: the provider written down, or the host."""
    found = Provider.objects.filter(
        patient=patient, role=ProviderRole.CARE_MANAGER, period__contains=clock.today()
    ).first()
    if found is not None and found.phone:
        return CareOffice(found.name, found.phone, found.fax, found.hours)
    host = patient.host
    return CareOffice(host.name, host.phone, found.fax if found else "", host.hours)


def open_grants_of(viewer: Viewer) -> QuerySet[AccessGrant]:
    """What this desk has open now by card or break-glass, with the person, soonest to end first."""
    return (
        grants_of(viewer)
        .filter(
            kind__in=(GrantKind.EMERGENCY_CARD, GrantKind.BREAK_GLASS),
            patient__disposed_at=None,
            patient__merged_into=None,
        )
        .select_related("patient")
        .order_by("ends_at", "pk")
    )


def is_desk_locked(viewer: Viewer, way: FailedWay) -> bool:
    """Whether this desk failed too often lately."""
    since = clock.now() - WITHIN
    failures = FailedOpening.objects.filter(
        way=way, organisation=viewer.organisation_id, at__gt=since
    )
    return failures.count() >= FAILURES_BEFORE_LOCK


def card_shown_to(viewer: Viewer, card: EmergencyCard | None) -> bool:
    """Whether a signed-in professional sees the care manager's office without a PIN (T-CARD2).

    Only while the person's consent to sharing in emergencies holds.
    """
    return (
        viewer.role in TEAM_ROLES | {Role.FIRE_DISPATCH}
        and card is not None
        and is_working(card)
        and bool(consented_content(card.patient, (ContentClass.EMERGENCY,)))
        and not has_binding_refusal(card.patient)
    )
