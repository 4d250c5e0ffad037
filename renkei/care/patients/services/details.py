"""Family, providers and other networks of a person: added, corrected, ended, put back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from psycopg.types.range import Range

from renkei.care.patients.models import OtherNetwork, Patient, Provider, Relative
from renkei.care.patients.services.changes import change_row
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.registry.facilities.models import Facility


@transaction.atomic
def add_relative(*, viewer: Viewer, patient: Patient, values: Mapping[str, Any]) -> Relative:
    """Write down a relative; the team reads no more than that there is one until they consent."""
    row = Relative(patient=patient, **values)
    row.full_clean()
    row.save()
    record_event(
        actor=viewer.actor,
        action="relative.added",
        target=patient,
        detail={"relative": str(row.uid)},
    )
    return row


@transaction.atomic
def correct_relative(*, viewer: Viewer, relative: Relative, values: Mapping[str, Any]) -> list[str]:
    """Correct what is written of a relative; the values before are kept."""
    row = Relative.objects.select_for_update(of=("self",)).get(pk=relative.pk)
    changed = change_row(row, values, patient=row.patient, viewer=viewer)
    if changed:
        record_event(
            actor=viewer.actor,
            action="relative.corrected",
            target=row.patient,
            detail={"relative": str(row.uid), "fields": changed},
        )
    return changed


@transaction.atomic
def remove_relative(*, viewer: Viewer, relative: Relative) -> None:
    """List a relative no longer; nothing is destroyed and it can be put back.

    Raises:
        ValidationError: the relative takes part in the family room, or decided for the person.
    """
    row = Relative.objects.select_for_update(of=("self",)).get(pk=relative.pk)
    if row.patient.family.filter(relative=row, left_at=None).exists():
        raise ValidationError(
            "この方は本人・家族の部屋に参加しています。先に「チーム」のページで部屋から外してください。"
        )
    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])
    record_event(
        actor=viewer.actor,
        action="relative.removed",
        target=row.patient,
        detail={"relative": str(row.uid)},
    )


@transaction.atomic
def restore_relative(*, viewer: Viewer, relative: Relative) -> None:
    """Put a relative back on the list."""
    row = Relative.objects.select_for_update(of=("self",)).get(pk=relative.pk)
    row.removed_at = None
    row.save(update_fields=["removed_at"])
    record_event(
        actor=viewer.actor,
        action="relative.restored",
        target=row.patient,
        detail={"relative": str(row.uid)},
    )


@transaction.atomic
def add_provider(
    *,
    viewer: Viewer,
    patient: Patient,
    values: Mapping[str, Any],
    facility_id: int | None = None,
) -> Provider:
    """Write down who treats or cares for the person, with the register's entry where known.

    Raises:
        ValidationError: a value is missing or wrong.
    """
    facts = dict(values)
    since = facts.pop("since") or clock.today()
    facility = Facility.objects.filter(pk=facility_id).first() if facility_id else None
    row = Provider(
        patient=patient,
        facility=facility,
        organisation=facility.organisation if facility else None,
        period=Range(since, None),
        **facts,
    )
    row.full_clean()
    row.save()
    record_event(
        actor=viewer.actor, action="provider.added", target=patient, detail={"role": row.role}
    )
    return row


@transaction.atomic
def correct_provider(*, viewer: Viewer, provider: Provider, values: Mapping[str, Any]) -> list[str]:
    """Correct what is written of a provider; the values before are kept."""
    row = Provider.objects.select_for_update(of=("self",)).get(pk=provider.pk)
    facts = dict(values)
    since = facts.pop("since") or row.period.lower
    if row.period.upper and since >= row.period.upper:
        raise ValidationError({"since": "終わった日より前の日付を入力してください。"})
    facts["period"] = Range(since, row.period.upper)
    changed = change_row(row, facts, patient=row.patient, viewer=viewer)
    if changed:
        record_event(
            actor=viewer.actor,
            action="provider.corrected",
            target=row.patient,
            detail={"role": row.role, "fields": changed},
        )
    return changed


@transaction.atomic
def end_provider(*, viewer: Viewer, provider: Provider) -> None:
    """Today is the provider's last day. One written down today is taken back altogether."""
    row = Provider.objects.select_for_update(of=("self",)).get(pk=provider.pk)
    tomorrow = clock.today() + timedelta(days=1)
    row.period = Range(min(row.period.lower, clock.today()), tomorrow)
    row.save(update_fields=["period"])
    record_event(
        actor=viewer.actor, action="provider.ended", target=row.patient, detail={"role": row.role}
    )


@transaction.atomic
def resume_provider(*, viewer: Viewer, provider: Provider) -> None:
    """Take an end back."""
    row = Provider.objects.select_for_update(of=("self",)).get(pk=provider.pk)
    row.period = Range(row.period.lower, None)
    row.save(update_fields=["period"])
    record_event(
        actor=viewer.actor,
        action="provider.resumed",
        target=row.patient,
        detail={"role": row.role},
    )


@transaction.atomic
def add_network(*, viewer: Viewer, patient: Patient, values: Mapping[str, Any]) -> OtherNetwork:
    """Write down another network the person is in; nothing is copied from there (T-D9)."""
    row = OtherNetwork(patient=patient, **values)
    row.full_clean()
    row.save()
    record_event(
        actor=viewer.actor, action="network.added", target=patient, detail={"kind": row.kind}
    )
    return row


@transaction.atomic
def correct_network(
    *, viewer: Viewer, network: OtherNetwork, values: Mapping[str, Any]
) -> list[str]:
    """Correct what is written of another network; the values before are kept."""
    row = OtherNetwork.objects.select_for_update(of=("self",)).get(pk=network.pk)
    changed = change_row(row, values, patient=row.patient, viewer=viewer)
    if changed:
        record_event(
            actor=viewer.actor,
            action="network.corrected",
            target=row.patient,
            detail={"kind": row.kind, "fields": changed},
        )
    return changed
