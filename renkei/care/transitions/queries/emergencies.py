"""Agreements and calls. Whoever asks has found the person through the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from renkei.care.patients.models import Patient
from renkei.care.transitions.emergency_states import CallState
from renkei.care.transitions.models import AgreementNotice, EmergencyAgreement, EmergencyCall
from renkei.care.transitions.pair_states import Audience
from renkei.foundation.common import clock

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


def calls_of(patient: Patient) -> list[EmergencyCall]:
    """The person's calls, newest first."""
    return list(
        EmergencyCall.objects.filter(patient=patient)
        .prefetch_related("records")
        .order_by("-called_at", "-pk")
    )


def refusal_counts(*, since: datetime, until: datetime) -> dict[str, int]:
    """How often calls were refused, by reason: a count for the council, nobody's name."""
    return dict(
        EmergencyCall.objects.filter(
            state=CallState.REFUSED, called_at__gte=since, called_at__lt=until
        )
        .values_list("refusal")
        .annotate(count=Count("pk"))
        .order_by("refusal")
    )


def _months_before(day: date, months: int) -> date:
    index = day.year * MONTHS_A_YEAR + day.month - 1 - months
    year, month = divmod(index, MONTHS_A_YEAR)
    # The 31st of a month that has none: the last day that every month has.
    last = min(day.day, LAST_DAY_OF_ALL_MONTHS)
    return date(year, month + 1, last)
