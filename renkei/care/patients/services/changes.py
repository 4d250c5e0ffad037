"""Correcting rows of a record with the value before kept beside the new one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from psycopg.types.range import Range

from renkei.care.patients.models import (
    OtherNetwork,
    Patient,
    Provider,
    RecordChange,
    Relative,
)
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock, kana

Row = Patient | Relative | Provider | OtherNetwork
SUBJECTS: Final[dict[str, type[Row]]] = {
    "patient": Patient,
    "relative": Relative,
    "provider": Provider,
    "othernetwork": OtherNetwork,
}


def change_row(
    row: Row, values: Mapping[str, Any], *, patient: Patient, viewer: Viewer
) -> list[str]:
    """Set these values and keep those before; part of the caller's transaction, which records it.

    Returns:
        The names of the fields that are different now.

    Raises:
        ValidationError: a value the database cannot hold.
    """
    before = {name: getattr(row, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    for name in changed:
        setattr(row, name, values[name])
    derived = _fold(row) if changed else []
    row.full_clean(validate_unique=False)
    row.save(update_fields=[*changed, *derived])
    now = clock.now()
    RecordChange.objects.bulk_create(
        RecordChange(
            patient=patient,
            subject=row._meta.model_name or "",  # noqa: SLF001 - Django's public Meta API
            subject_uid=row.uid,
            field=name,
            before=as_json(before[name]),
            after=as_json(values[name]),
            changed_at=now,
            changed_by_id=viewer.membership_id,
        )
        for name in changed
    )
    return changed


def as_json(value: Any) -> Any:
    """A field's value as the change keeps it."""
    if isinstance(value, Range):
        return [as_json(value.lower), as_json(value.upper)]
    if isinstance(value, date | UUID):
        return str(value)
    if hasattr(value, "pk"):
        return value.pk
    return value


def _fold(row: Row) -> list[str]:
    """Follow a corrected name with what is compared and sorted by."""
    if not isinstance(row, Patient):
        return []
    row.name_key, row.kana_key = kana.fold(row.name), kana.fold(row.kana)
    return ["name_key", "kana_key"]


@transaction.atomic
def undo_change(*, viewer: Viewer, change: RecordChange) -> None:
    """Give a corrected value back the one before it; that is a change of its own.

    Raises:
        ValidationError: the value was changed again since, or was put back already.
    """
    change = RecordChange.objects.select_for_update().get(pk=change.pk)
    patient = change.patient
    row = _row_of(change)
    if change.undone_at or as_json(getattr(row, change.field)) != change.after:
        raise ValidationError("この項目はその後に変わっています。いまの値を確かめてください。")
    value = _from_json(row, change)
    change_row(row, {change.field: value}, patient=patient, viewer=viewer)
    change.undone_at = clock.now()
    change.save(update_fields=["undone_at"])
    record_event(
        actor=viewer.actor,
        action="patient.change_undone",
        target=patient,
        detail={"subject": change.subject, "fields": [change.field]},
    )


def _row_of(change: RecordChange) -> Row:
    rows: Any = SUBJECTS[change.subject].objects
    found: Row = rows.select_for_update(of=("self",)).get(uid=change.subject_uid)
    return found


def _from_json(row: Row, change: RecordChange) -> Any:
    kept: Any = change.before
    if isinstance(getattr(row, change.field), Range):
        first, last = (date.fromisoformat(day) if day else None for day in kept)
        return Range(first, last)
    field: Any = row._meta.get_field(change.field)  # noqa: SLF001 - public Meta API
    return field.to_python(kept)
