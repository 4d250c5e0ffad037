"""Naming a base, consulting municipalities, and showing what it does (T-BASE1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from psycopg.types.range import Range

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.programme.planning.acting import organisation_of
from renkei.programme.planning.models import Base, BaseConsultation, BaseEvidence
from renkei.programme.planning.proofs import ProofFile, drop_proof, keep_proof
from renkei.programme.planning.queries.bases import BaseDoor, areas_for_bases, municipalities_of
from renkei.programme.planning.services.issues import refuse_identifiers


@transaction.atomic
def designate_base(
    *,
    viewer: Viewer,
    fields: Mapping[str, Any],
    first_day: date,
    last_day: date | None,
    base: Base | None = None,
) -> Base:
    """Name a base for an area and a time, or change what is written about it.

    Raises:
        ValidationError: an area out of reach, an end before the start, or the same organisation
            twice at one time.
    """
    office = organisation_of(viewer)
    is_new = base is None
    base = base or Base(designated_by=office)
    for name, value in fields.items():
        setattr(base, name, value)
    if not areas_for_bases(viewer).filter(pk=base.area_id).exists():
        raise ValidationError({"area": "管内の圏域から選んでください。"})
    if last_day is not None and last_day < first_day:
        raise ValidationError({"last_day": "終わりの日は始まり以降の日付を入力してください。"})
    base.period = Range(first_day, last_day + timedelta(days=1) if last_day else None)
    twice = Base.objects.filter(
        area=base.area, organisation=base.organisation, period__overlap=base.period
    )
    if twice.exclude(pk=base.pk).exists():
        raise ValidationError({"organisation": "この組織は、同じ期間にすでに拠点です。"})
    refuse_identifiers(base.disability_note)
    base.full_clean()
    base.save()
    action = "base.designated" if is_new else "base.changed"
    record_event(actor=viewer.actor, action=action, target=base)
    return base


@transaction.atomic
def record_consultation(
    *, door: BaseDoor, area: Area, fields: Mapping[str, Any]
) -> BaseConsultation:
    """What a municipality said of the base.

    Raises:
        ValidationError: another area's municipality, a day to come, or a person's name.
    """
    if area not in municipalities_of(door.base):
        raise ValidationError({"area": "拠点の圏域の市町村から選んでください。"})
    row = BaseConsultation(base=door.base, area=area, recorded_at=clock.now(), **fields)
    if row.held_on > clock.today():
        raise ValidationError({"held_on": "きょうまでの日付を入力してください。"})
    refuse_identifiers(row.result)
    row.full_clean()
    row.save()
    record_event(actor=door.viewer.actor, action="base.consulted", target=row)
    return row


@transaction.atomic
def add_evidence(
    *, door: BaseDoor, duty: str, fields: Mapping[str, Any], file: ProofFile
) -> BaseEvidence:
    """What shows that a goal is worked on, or a duty done.

    Raises:
        ValidationError: nothing is shown by it, or something is wrong with it.
    """
    proof = keep_proof(door.viewer, BaseEvidence(base=door.base, duty=duty), fields, file)
    record_event(
        actor=door.viewer.actor, action="base.evidence_added", target=proof, detail={"duty": duty}
    )
    return proof


@transaction.atomic
def remove_evidence(*, door: BaseDoor, evidence: BaseEvidence) -> None:
    """Take a piece away."""
    record_event(
        actor=door.viewer.actor, action="base.evidence_removed", target=evidence,
        detail={"duty": evidence.duty},
    )  # fmt: skip
    drop_proof(door.viewer, evidence)
