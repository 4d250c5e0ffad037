"""Writing the emergency profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.models import (
    EmergencyCategory,
    EmergencyItem,
    EmergencyProfile,
    Patient,
    Presence,
)
from renkei.care.patients.queries_emergency import PRESENCE_FIELD
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock

CLOSED = "この方の支援は終了しています。記録は変えられません。"


@dataclass(frozen=True)
class Written:
    """One line of a category as it was typed."""

    text: str
    detail: str = ""


@transaction.atomic
def record_emergency_profile(
    *,
    actor: Actor,
    patient: Patient,
    facts: Mapping[str, object],
    items: Mapping[EmergencyCategory, Sequence[Written]],
    confirmed_by: str = "",
) -> EmergencyProfile:
    """Write the profile as a whole. With ``confirmed_by`` it counts as confirmed today.

    Raises:
        ValidationError: the record is closed; 「あり」 without a line, or lines without 「あり」.
    """
    locked = Patient.objects.select_for_update().get(pk=patient.pk)
    require_open(locked)
    profile, _ = EmergencyProfile.objects.get_or_create(
        patient=locked, defaults={"updated_at": clock.now()}
    )
    for name, value in facts.items():
        setattr(profile, name, value)
    _require_agreement(profile, items)
    profile.updated_at = clock.now()
    if confirmed_by:
        profile.confirmed_on, profile.confirmed_by = clock.today(), confirmed_by
    profile.full_clean(exclude=["patient"])
    profile.save()
    _replace_items(profile, items)
    record_event(
        actor=actor,
        action="patient.emergency_profile_written",
        target=locked,
        detail={
            "confirmed": bool(confirmed_by),
            "items": {category.value: len(lines) for category, lines in items.items()},
        },
    )
    return profile


def require_open(patient: Patient) -> None:
    """Nothing is written into a closed record (T-D4).

    Raises:
        ValidationError: it is closed.
    """
    if patient.is_closed:
        raise ValidationError(CLOSED)


def _require_agreement(
    profile: EmergencyProfile, items: Mapping[EmergencyCategory, Sequence[Written]]
) -> None:
    problems = {}
    for category, field in PRESENCE_FIELD.items():
        listed = getattr(profile, field) == Presence.LISTED
        if listed and not items.get(category):
            problems[category.value] = f"{category.label}の内容を1行以上入力してください。"
        elif not listed and items.get(category):
            problems[field] = (
                f"{category.label}の内容があるときは「あり」を選ぶか、内容を消してください。"
            )
    if problems:
        raise ValidationError(problems)


def _replace_items(
    profile: EmergencyProfile, items: Mapping[EmergencyCategory, Sequence[Written]]
) -> None:
    profile.items.all().delete()
    rows = [
        EmergencyItem(
            profile=profile,
            category=category,
            text=line.text,
            detail=line.detail,
            position=position,
        )
        for category, lines in items.items()
        for position, line in enumerate(lines)
    ]
    for row in rows:
        row.full_clean(exclude=["profile"])
    EmergencyItem.objects.bulk_create(rows)
