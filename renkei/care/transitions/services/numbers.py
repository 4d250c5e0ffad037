"""Keeping what each stay counts for: renewed with the stay's own copies, never by anybody else."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from renkei.care.patients.models import Certification, CertificationState, Patient
from renkei.care.transitions.models import CaseCount, CaseState, CoordinationCase
from renkei.care.transitions.numbers import READMISSION_DAYS, level_group, marks_of, stay_of
from renkei.care.transitions.rule_content import parse
from renkei.care.transitions.states import Derived, derive, facts_from
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO

BATCH: Final = 500
# A certification is often written down when the stay is over; looked at nightly.
LATELY: Final = timedelta(days=3)
_FIELDS: Final = CaseCount._meta.concrete_fields  # noqa: SLF001 - public Meta API
COLUMNS: Final = tuple(field.name for field in _FIELDS if field.name != "case")


def count_case(case: CoordinationCase, derived: Derived) -> None:
    """Write down what a stay counts for; part of the transaction that renewed its copies.

    A stay within 30 days of another changes what the earlier one counts for.
    """
    rows = [count_of(case, derived)]
    if case.readmission_of_id is not None:
        earlier = _cases().get(pk=case.readmission_of_id)
        rows.append(count_of(earlier, derive(facts_from(earlier.facts.all()))))
    save_counts(rows)


def count_missing() -> int:
    """Count the stays that were never counted, and those whose 要介護度 was written down lately.

    Returns: how many.
    """
    written = Certification.objects.filter(
        patient=OuterRef("patient"), recorded_at__gte=clock.now() - LATELY
    )
    stale = CoordinationCase.objects.filter(Q(counted=None) | Exists(written))
    keys = list(stale.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            # Whoever records a fact meanwhile holds the stay: what they count comes after this.
            found = _cases().filter(pk__in=keys[start : start + BATCH])
            cases = found.select_for_update(of=("self",)).prefetch_related("facts")
            save_counts([count_of(case, derive(facts_from(case.facts.all()))) for case in cases])
    return len(keys)


def save_counts(rows: list[CaseCount]) -> None:
    """Write these in one statement, new or again."""
    CaseCount.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["case"], update_fields=COLUMNS
    )


def count_of(case: CoordinationCase, derived: Derived) -> CaseCount:
    """What a stay counts for, not yet written down."""
    admitted, left = _day(derived.admitted_at), _day(derived.discharged_at)
    stay = stay_of(
        derived,
        level=level_group(_level(case.patient, left or admitted)),
        manager_named=bool(case.care_office_id or case.care_office_name or case.care_person),
        readmitted=_came_back(case, derived),
    )
    content = parse(case.rule_version.content) if case.rule_version else None
    marks = marks_of(stay, content)
    return CaseCount(
        case=case,
        rule_version=case.rule_version,
        area_id=case.patient.municipality_id or case.patient.host.area_id,
        hospital_id=case.hospital_id,
        hospital_name=case.hospital_name,
        care_office_id=case.care_office_id,
        care_office_name=case.care_office_name,
        patient_class=derived.patient_class,
        level=stay.level if stay else "",
        admitted_on=stay.admitted_on if stay else None,
        discharged_on=stay.discharged_on if stay else None,
        by_admission=list(marks.by_admission),
        by_discharge=list(marks.by_discharge),
        lead_days=stay.lead_days if stay else None,
        leak_reason=stay.leak_reason if stay else "",
    )


def _cases() -> QuerySet[CoordinationCase]:
    return CoordinationCase.objects.select_related("rule_version", "patient__host").order_by("pk")


def _day(instant: datetime | None) -> date | None:
    return instant.astimezone(TOKYO).date() if instant else None


def _level(patient: Patient, day: date | None) -> str:
    certified = patient.certifications.filter(
        state=CertificationState.CERTIFIED, period__contains=day or clock.today()
    )
    return certified.order_by("pk").values_list("level", flat=True).first() or ""


def _came_back(case: CoordinationCase, derived: Derived) -> bool:
    left = derived.discharged_at
    if left is None:
        return False
    latest = left + timedelta(days=READMISSION_DAYS)
    return (
        case.readmissions.exclude(state=CaseState.CANCELLED)
        .filter(admitted_at__gte=left, admitted_at__lte=latest)
        .exists()
    )


@transaction.atomic
def note_export(*, viewer: Viewer, what: str) -> None:
    """Numbers left the platform as a file."""
    record_event(
        actor=viewer.actor,
        action="transition_numbers.exported",
        target=("transitions.numbers", what),
    )
