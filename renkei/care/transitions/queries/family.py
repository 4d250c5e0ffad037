"""Whom the person and family call at night and in need, and what they have not confirmed yet."""

from __future__ import annotations

from dataclasses import dataclass

from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.queries import may_read
from renkei.care.transitions.models import AgreementNotice, PairNotice
from renkei.care.transitions.pair_states import Audience, PairState
from renkei.care.transitions.queries.doctors import PairStatus, present_pairs_of
from renkei.care.transitions.queries.emergencies import AgreementStatus, agreement_of
from renkei.foundation.accounts.viewers import Viewer


@dataclass(frozen=True)
class FamilyContacts:
    """The doctors and the hospital of one person, each with the family's own notice."""

    pair: PairStatus | None
    pair_notice: PairNotice | None
    agreement: AgreementStatus | None
    agreement_notice: AgreementNotice | None


def family_contacts(viewer: Viewer, patient: Patient) -> FamilyContacts:
    """What is arranged for a person; the hospital only where their emergency facts are open."""
    pairs = (one for one in present_pairs_of(patient) if one.pair.state == PairState.ACTIVE)
    pair = next(pairs, None)
    reads = may_read(viewer, patient, ContentClass.EMERGENCY)
    agreement = agreement_of(patient) if reads else None
    pair_notices = {one.audience: one for one in pair.notices} if pair else {}
    notices = {one.audience: one for one in agreement.notices} if agreement else {}
    return FamilyContacts(
        pair, pair_notices.get(Audience.FAMILY), agreement, notices.get(Audience.FAMILY)
    )


def waits_for_family(patient: Patient) -> bool:
    """Whether the person or family has not said yet that they know whom to call."""
    open_ = {"audience": Audience.FAMILY, "confirmed_at": None}
    return (
        PairNotice.objects.filter(
            pair__patient=patient, pair__state=PairState.ACTIVE, **open_
        ).exists()
        or AgreementNotice.objects.filter(
            agreement__patient=patient, agreement__ended_at=None, **open_
        ).exists()
    )


def has_contacts(patient: Patient) -> bool:
    """Whether there is anything to read at all."""
    return bool(present_pairs_of(patient)) or agreement_of(patient) is not None
