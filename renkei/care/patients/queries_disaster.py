"""Disasters: what is declared, who is listed, who looked (T-D10)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from renkei.care.patients.models import (
    ContentClass,
    DisasterMode,
    GrantKind,
    Household,
    Patient,
    Relative,
)
from renkei.care.patients.queries_read_log import TARGET, person_words
from renkei.care.patients.reading import READ
from renkei.care.patients.visibility import grants_for_content, patients_visible_to
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import MUNICIPAL_LEVELS, areas_on, descendants_on
from renkei.foundation.audit.models import AuditEvent
from renkei.foundation.common import clock

# In the order in which help is needed.
NEEDS: Final = (
    ("on_ventilator", "人工呼吸器"),
    ("on_oxygen", "在宅酸素"),
    ("on_dialysis", "透析"),
)
ALONE: Final = "独居"


@dataclass(frozen=True)
class DisasterRow:
    """One person who needs power or help."""

    patient: Patient
    needs: tuple[str, ...]
    contact: str
    contact_phone: str
    via: GrantKind


@dataclass(frozen=True)
class Looker:
    """Somebody who looked under a disaster, and how much."""

    name: str
    profession: str
    organisation: str
    persons: int
    reads: int
    first_at: datetime
    last_at: datetime


def areas_declared_by(viewer: Viewer) -> QuerySet[Area]:
    """The municipalities a viewer may declare a disaster for: those of their own area."""
    today = clock.today()
    own = own_area_of(viewer)
    if own is None:
        return areas_on(today).filter(level__in=MUNICIPAL_LEVELS).order_by("code", "pk")
    return descendants_on(own, today).order_by("code", "pk")


def disasters_of(viewer: Viewer) -> QuerySet[DisasterMode]:
    """Declared or asked for in the viewer's area, newest first."""
    return (
        DisasterMode.objects.filter(area__in=areas_declared_by(viewer))
        .select_related("area", "requested_by__user", "approved_by__user", "reviewed_by__user")
        .order_by("-requested_at", "-pk")
    )


def is_on(mode: DisasterMode) -> bool:
    """Whether it opens records now."""
    return mode.approved_at is not None and mode.ended_at is None and mode.ends_at > clock.now()


def present_disasters() -> list[DisasterMode]:
    """What is on at this moment, drills too: for the line above the list."""
    return list(
        DisasterMode.objects.filter(
            approved_at__isnull=False, ended_at=None, ends_at__gt=clock.now()
        ).select_related("area")
    )


def disaster_list(viewer: Viewer) -> list[DisasterRow]:
    """Those whom this viewer may see and who need power or live alone, the most urgent first.

    On a quiet day these are one's own persons: the paper to print beforehand. Three queries.
    """
    patients = list(
        patients_visible_to(viewer, ContentClass.EMERGENCY)
        .filter(
            Q(emergency_profile__on_ventilator=True)
            | Q(emergency_profile__on_oxygen=True)
            | Q(emergency_profile__on_dialysis=True)
            | Q(household=Household.ALONE),
            closed_on=None,
        )
        .select_related("host", "municipality", "emergency_profile")
        .order_by("kana_key", "pk")
    )
    contacts = _first_contacts(patients)
    ways = _ways(viewer, patients)
    rows = []
    for patient in patients:
        contact = contacts.get(patient.pk)
        rows.append(
            DisasterRow(
                patient=patient,
                needs=_needs(patient),
                contact=f"{contact.name}（{contact.relation}）" if contact else "",
                contact_phone=contact.phone if contact else "",
                via=ways.get(patient.pk, GrantKind.DISASTER),
            )
        )
    return sorted(rows, key=lambda row: _urgency(row.needs))


def lookers(mode: DisasterMode) -> list[Looker]:
    """Everyone who read somebody's record by this disaster, who looked most first."""
    if mode.approved_at is None:
        return []
    inside = Patient.objects.filter(municipality__in=mode.municipality_ids)
    events = AuditEvent.objects.filter(
        target_type=TARGET,
        target_id__in=[str(uid) for uid in inside.values_list("uid", flat=True)],
        action=READ,
        detail__via=GrantKind.DISASTER.value,
        at__gte=mode.approved_at,
        at__lte=mode.ended_at or mode.ends_at,
    ).order_by("at")
    by_person: dict[int, list[AuditEvent]] = {}
    for event in events:
        by_person.setdefault(event.actor_membership_id or 0, []).append(event)
    people = Membership.objects.select_related("user", "organisation").in_bulk(by_person)
    found = [_looker(people.get(number), rows) for number, rows in by_person.items()]
    return sorted(found, key=lambda one: (-one.persons, one.name))


def _looker(person: Membership | None, events: list[AuditEvent]) -> Looker:
    name, profession, organisation = person_words(person)
    return Looker(
        name=name,
        profession=profession,
        organisation=organisation,
        persons=len({event.target_id for event in events}),
        reads=len(events),
        first_at=events[0].at.astimezone(clock.TOKYO),
        last_at=events[-1].at.astimezone(clock.TOKYO),
    )


def _needs(patient: Patient) -> tuple[str, ...]:
    profile = getattr(patient, "emergency_profile", None)
    needs = [label for field, label in NEEDS if profile and getattr(profile, field)]
    return (*needs, ALONE) if patient.household == Household.ALONE else tuple(needs)


def _urgency(needs: tuple[str, ...]) -> int:
    order = [label for _, label in NEEDS] + [ALONE]
    return min(order.index(need) for need in needs)


def _first_contacts(patients: Collection[Patient]) -> dict[int, Relative]:
    relatives = (
        Relative.objects.filter(patient__in=patients, removed_at=None)
        .exclude(call_order=None)
        .exclude(phone="")
        .order_by("patient_id", "-call_order", "-pk")
    )
    # The last one written stays: the first to be called.
    return {one.patient_id: one for one in relatives}


def _ways(viewer: Viewer, patients: Collection[Patient]) -> dict[int, GrantKind]:
    grants = grants_for_content(viewer, ContentClass.EMERGENCY).filter(patient__in=patients)
    return {patient: GrantKind(kind) for patient, kind in grants.values_list("patient_id", "kind")}
