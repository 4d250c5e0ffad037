"""What goes onto a device, as plain values: the head, what a rescuer asks, the last entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from renkei.care.patients.models import EmergencyCategory, EmergencyItem, Patient, Presence
from renkei.care.timelines.models import Entry, ObservationCode
from renkei.care.timelines.observations import Reading
from renkei.foundation.common import clock, eras

# First what kills: the order of the emergency screen (mock-up emergency).
_CATEGORIES = (
    (EmergencyCategory.ALLERGY, "allergies"),
    (EmergencyCategory.DEVICE, "devices"),
    (EmergencyCategory.INFECTION, "infections"),
    (EmergencyCategory.DISEASE, "diseases"),
    (EmergencyCategory.DRUG, "drugs"),
)


@dataclass(frozen=True)
class Story:
    """What the caller may read of one person, already fetched."""

    room: str
    entries: Sequence[Entry]
    sheets: Sequence[dict[str, Any]]
    professions: Sequence[str]
    may_write: bool
    shows_emergency: bool


def snapshot(patient: Patient, story: Story) -> dict[str, Any]:
    """One person for the sealed store of a device (``Snapshot`` of visit-store.ts)."""
    return {
        "uid": str(patient.uid),
        "room": story.room,
        "name": patient.name,
        "kana": patient.kana,
        "facts": facts_of(patient),
        "address": " ".join(part for part in (patient.address, patient.building) if part),
        "phones": _phones(patient),
        "emergency": _emergency(patient) if story.shows_emergency else [],
        "entries": [_entry(entry) for entry in story.entries],
        "sheets": list(story.sheets),
        "professions": list(story.professions),
        "may_write": story.may_write,
        "taken": _moment(clock.now()),
    }


def facts_of(patient: Patient) -> list[str]:
    """Age, birth, sex, care level, household: what the head of a person's pages says."""
    facts = []
    if patient.birth_on:
        age = eras.age_on(patient.birth_on, clock.today())
        facts += [
            f"{age}歳",
            f"{eras.format_both(patient.birth_on)}生　{patient.get_sex_display()}",
        ]
    else:
        facts += ["生年月日は不明", str(patient.get_sex_display())]
    for certification in getattr(patient, "certified_now", []):
        facts.append(str(certification.get_level_display()))
    if patient.household:
        facts.append(str(patient.get_household_display()))
    return facts


def short_facts(patient: Patient) -> str:
    """90歳・要介護3: for a line in a list."""
    facts = facts_of(patient)
    levels = [str(each.get_level_display()) for each in getattr(patient, "certified_now", [])]
    return "・".join([facts[0], *levels])


def _phones(patient: Patient) -> list[dict[str, str]]:
    own = [("本人", patient.phone)] if patient.phone else []
    relatives = [
        (f"{relative.name}（{relative.relation or '家族'}）", relative.phone)
        for relative in getattr(patient, "known_relatives", [])
    ]
    providers = [
        (f"{provider.get_role_display()}　{provider.name}", provider.phone)
        for provider in getattr(patient, "present_providers", [])
        if provider.phone
    ]
    return [{"label": label, "number": number} for label, number in own + relatives + providers]


def _emergency(patient: Patient) -> list[dict[str, Any]]:
    profile = getattr(patient, "emergency_profile", None)
    if profile is None:
        return [{"label": "アレルギー", "text": "記録なし", "urgent": False}]
    items = list(profile.items.all())
    rows = [
        _row(category, Presence(getattr(profile, field)), items) for category, field in _CATEGORIES
    ]
    if profile.usual_state:
        rows.append({"label": "普段の状態", "text": profile.usual_state, "urgent": False})
    if profile.key_place:
        rows.append({"label": "鍵・入り方", "text": profile.key_place, "urgent": False})
    return rows


def _row(
    category: EmergencyCategory, presence: Presence, items: Sequence[EmergencyItem]
) -> dict[str, Any]:
    """Absence has kinds: 記録なし, 不明 and なし stay different words."""
    named = [
        f"{item.text}（{item.detail}）" if item.detail else item.text
        for item in sorted(items, key=lambda one: (one.position, one.pk))
        if item.category == category
    ]
    listed = presence == Presence.LISTED and bool(named)
    return {
        "label": str(category.label),
        "text": "、".join(named) if listed else str(presence.label),
        "urgent": listed and category == EmergencyCategory.ALLERGY,
    }


def _entry(entry: Entry) -> dict[str, str]:
    author = "　".join(
        part
        for part in (entry.author_name, entry.author_profession, entry.author_organisation)
        if part
    )
    return {
        "uid": str(entry.uid),
        "kind": entry.kind,
        "word": str(entry.get_kind_display()),
        "at": _moment(entry.written_at),
        "author": author,
        "text": entry_words(entry),
    }


def entry_words(entry: Entry) -> str:
    """The text with its measurements and how many files hang on it."""
    parts = [entry.text] if entry.text else []
    values = [
        Reading(ObservationCode(one.code), one.value, one.text, one.unit).shown
        for one in entry.observations.all()
    ]
    if values:
        parts.append("、".join(values))
    files = len(entry.files.all())
    if files:
        parts.append(f"（写真・ファイル {files}件は端末に入れていません）")
    return "\n".join(parts)


def _moment(at: datetime) -> str:
    local = at.astimezone(clock.TOKYO)
    return f"{local.month}月{local.day}日 {local.hour}:{local.minute:02}"
