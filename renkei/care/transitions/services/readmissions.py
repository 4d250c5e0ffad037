"""30日以内の再入院: which stay follows which, in whatever order they are told."""

from __future__ import annotations

from typing import Final

from renkei.care.transitions.models import CaseFact, CaseState, CoordinationCase, FactKind
from renkei.care.transitions.services.cases import READMISSION
from renkei.care.transitions.states import DISCHARGES

MOVES: Final = DISCHARGES | {
    FactKind.ADMISSION_REGISTERED,
    FactKind.RETRACTED,
    FactKind.CANCELLED,
    FactKind.TRANSFER_NOTIFIED,
}
HOME: Final = frozenset({CaseState.DISCHARGED, CaseState.FOLLOWED_UP, CaseState.CLOSED})


def link_readmissions(case: CoordinationCase, fact: CaseFact) -> None:
    """Link the stays of the person anew: part of the act that recorded a day.

    A discharge is often found out after the next admission was told.
    Source: domain/admission-discharge-rules.md §7.2 (30日再入院率).
    """
    if fact.kind not in MOVES:
        return
    rows = list(CoordinationCase.objects.filter(patient_id=case.patient_id).order_by("pk"))
    for row in rows:
        before = _before(row, rows)
        number = before.pk if before else None
        if row.readmission_of_id != number:
            CoordinationCase.objects.filter(pk=row.pk).update(readmission_of=before)
            if row.pk == case.pk:
                case.readmission_of = before


def _before(row: CoordinationCase, rows: list[CoordinationCase]) -> CoordinationCase | None:
    """The stay that ended at home at most 30 days before this one began; a transfer goes on."""
    begun = row.admitted_at
    if begun is None or row.previous_id or row.state == CaseState.CANCELLED:
        return None
    left = [
        (one.discharged_at, one.pk, one)
        for one in rows
        if one.pk != row.pk
        and one.state in HOME
        and one.discharged_at is not None
        and begun - READMISSION <= one.discharged_at <= begun
    ]
    return max(left, key=lambda each: each[:2])[2] if left else None
