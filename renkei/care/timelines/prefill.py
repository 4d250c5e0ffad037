"""What the person's record and the writer already know, for the fields of a sheet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from renkei.care.patients.models import (
    Certification,
    CertificationState,
    Consent,
    ConsentDecision,
    ConsentSubject,
    ContentClass,
    EmergencyCategory,
    EmergencyItem,
    Independence,
    Patient,
    Provider,
    ProviderRole,
    Relative,
)
from renkei.care.patients.visibility import patients_visible_to
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.services.authors import author_through
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.common import clock, eras

_PROVIDERS = {
    "doctor": ProviderRole.MAIN_DOCTOR,
    "station": ProviderRole.STATION,
    "pharmacy": ProviderRole.PHARMACY,
    "care_manager": ProviderRole.CARE_MANAGER,
    "hospital_of_choice": ProviderRole.HOSPITAL_OF_CHOICE,
}


def prefill_values(door: Door) -> dict[str, str]:
    """Each code with its words; codes nothing is known for are left out."""
    patient = door.patient
    assert patient is not None  # noqa: S101 - a room of a person
    values = {
        **_person(patient),
        **_drugs(door, patient),
        **_certified(patient),
        **_independence(patient),
        **_relatives(patient),
        **_providers(patient),
        **_author(door),
        "today": eras.format_western(clock.today()),
    }
    return {code: words for code, words in values.items() if words}


def _person(patient: Patient) -> dict[str, str]:
    return {
        "patient.name": patient.name,
        "patient.kana": patient.kana,
        "patient.birth_date": eras.format_western(patient.birth_on) if patient.birth_on else "",
        # The code: the forms say 男 and 女 where the record says 男性 and 女性.
        "patient.sex": patient.sex if patient.sex != "unknown" else "",
        "patient.postcode": patient.postcode,
        "patient.address": " ".join(part for part in (patient.address, patient.building) if part),
        "patient.phone": patient.phone,
        "patient.insurer_number": patient.insurer_number,
        "patient.insured_number": patient.insured_number,
        "patient.household": str(patient.get_household_display()) if patient.household else "",
        "patient.age": (
            str(eras.age_on(patient.birth_on, clock.today())) if patient.birth_on else ""
        ),
    }


def _drugs(door: Door, patient: Patient) -> dict[str, str]:
    """The list a rescuer would see, for those who may read it."""
    if not patients_visible_to(door.viewer, ContentClass.EMERGENCY).filter(pk=patient.pk).exists():
        return {}
    rows = EmergencyItem.objects.filter(
        profile__patient=patient, category=EmergencyCategory.DRUG
    ).order_by("position", "pk")
    words = (f"{row.text}（{row.detail}）" if row.detail else row.text for row in rows)
    return {"patient.drugs": "\n".join(words)}


def _certified(patient: Patient) -> dict[str, str]:
    rows = list(patient.certifications.order_by("-recorded_at", "-pk"))
    newest = rows[0] if rows else None
    held = next((row for row in rows if _holds(row)), None)
    values = {"patient.certification_state": str(newest.get_state_display()) if newest else ""}
    if held is not None:
        values["patient.care_level"] = str(held.get_level_display())
        values["patient.care_level_from"] = eras.format_western(held.period.lower)
        if held.period.upper:
            last = held.period.upper - timedelta(days=1)
            values["patient.care_level_until"] = eras.format_western(last)
    return values


def _holds(row: Certification) -> bool:
    today = clock.today()
    return row.state == CertificationState.CERTIFIED and bool(row.period) and today in row.period


def _independence(patient: Patient) -> dict[str, str]:
    newest: Independence | None = patient.independence_records.order_by("-judged_on", "-pk").first()
    if newest is None:
        return {}
    return {
        "patient.disability_independence": str(newest.get_disability_display()),
        "patient.dementia_independence": str(newest.get_dementia_display()),
    }


def _relatives(patient: Patient) -> dict[str, str]:
    """Only relatives who agreed themselves: a sheet leaves the house."""
    agreed = Consent.objects.filter(
        subject=ConsentSubject.RELATIVE,
        decision=ConsentDecision.AGREED,
        period__contains=clock.today(),
        withdrawn_at=None,
        superseded_at=None,
    )
    relatives = list(
        patient.relatives.filter(pk__in=agreed.values("relative"), removed_at=None).order_by(
            "call_order", "pk"
        )
    )
    key = _first(relatives, "is_key_person")
    carer = _first(relatives, "is_main_carer")
    values: dict[str, str] = {}
    for code, relative in (("key_person", key), ("main_carer", carer)):
        if relative is not None:
            values[f"{code}.name"] = relative.name
            values[f"{code}.relation"] = relative.relation
            values[f"{code}.phone"] = relative.phone
    return values


def _first(relatives: Iterable[Relative], flag: str) -> Relative | None:
    return next((one for one in relatives if getattr(one, flag)), None)


def _providers(patient: Patient) -> dict[str, str]:
    present: dict[str, Provider] = {}
    for provider in patient.providers.filter(period__contains=clock.today()).order_by("pk"):
        present.setdefault(provider.role, provider)
    values: dict[str, str] = {}
    for code, role in _PROVIDERS.items():
        known = present.get(role)
        if known is None:
            continue
        # A doctor's and a care manager's name is a person's; the others are known by their place.
        by_person = code in {"doctor", "care_manager"}
        values[f"{code}.name"] = known.person_name if by_person else known.name
        values[f"{code}.organisation"] = known.name
        values[f"{code}.phone"] = known.phone
        values[f"{code}.fax"] = known.fax
    return values


def _author(door: Door) -> dict[str, str]:
    author = author_through(door)
    office = Organisation.objects.filter(pk=author.organisation_id or 0).first()
    return {
        "author.name": author.name,
        "author.profession": author.profession,
        "author.signed": "・".join(part for part in (author.profession, author.name) if part),
        "author.organisation": author.organisation,
        "author.phone": office.phone if office else "",
    }
