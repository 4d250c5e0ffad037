"""Who a person's care manager is, as the team and the record tell it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from renkei.care.patients.models import Patient, Provider, ProviderRole
from renkei.care.patients.queries import team_of
from renkei.care.transitions.values import CareManager, Hospital
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

CARE_MANAGERS: Final = ("介護支援専門員", "ケアマネジャー", "主任介護支援専門員")


def care_manager_of(patient: Patient) -> CareManager:
    """The care manager on the team, with the numbers of the record; else whom the record names."""
    provider = provider_of(patient)
    member = next((one for one in team_of(patient) if one.profession in CARE_MANAGERS), None)
    if member is None and provider is None:
        return CareManager()
    phone = provider.phone if provider else ""
    fax = provider.fax if provider else ""
    if member is None:
        assert provider is not None  # noqa: S101 - one of the two is there
        return CareManager(
            office=provider.organisation,
            office_name=provider.name,
            person=provider.person_name,
            phone=phone,
            fax=fax,
            hours=provider.hours,
        )
    same = provider is not None and provider.name == member.organisation.name
    return CareManager(
        member=member.membership,
        office=member.organisation,
        phone=phone if same else "",
        fax=fax if same else "",
    )


def provider_of(patient: Patient) -> Provider | None:
    """The care manager the record names today."""
    return (
        patient.providers.filter(role=ProviderRole.CARE_MANAGER, period__contains=clock.today())
        .order_by("pk")
        .first()
    )


HOSPITAL_WORDS: Final = ("病院", "医療センター", "医院", "クリニック", "診療所")
# Beds, by the name alone: a clinic that treats somebody at home is rarely where they are admitted.
WARD_WORDS: Final = ("病院", "医療センター")
HOSPITAL_ROLES: Final = (ProviderRole.HOSPITAL_OF_CHOICE, ProviderRole.BACKUP_HOSPITAL)


def hospitals_near(viewer: Viewer, patient: Patient) -> dict[str, Hospital]:
    """The hospitals this person's stay is likely to be in: the viewer's own, those on the team,
    those the record names. Key → hospital, the likeliest first.
    """
    offices = {
        member.organisation_id: member.organisation
        for member in team_of(patient)
        if any(word in member.organisation.name for word in HOSPITAL_WORDS)
    }
    own = offices.pop(viewer.organisation_id or 0, None)
    found = {
        f"org:{office.pk}": Hospital(organisation=office, name=office.name)
        for office in ([own] if own else []) + list(offices.values())
    }
    named = {place.name for place in found.values()}
    rows = patient.providers.filter(
        role__in=HOSPITAL_ROLES, period__contains=clock.today()
    ).order_by("-role", "pk")
    for row in rows:
        if row.name in named:
            continue
        named.add(row.name)
        found[f"provider:{row.uid}"] = Hospital(
            organisation=row.organisation,
            facility=row.facility,
            name=row.name,
            phone=row.phone,
            fax=row.fax,
            person=row.person_name,
        )
    # A clinic stands behind the hospitals.
    return dict(
        sorted(found.items(), key=lambda row: not any(word in row[1].name for word in WARD_WORDS))
    )


def likely_hospital(viewer: Viewer, near: Mapping[str, Hospital]) -> str | None:
    """The hospital to propose: the viewer's own, or the only one there is. Never a guess."""
    wards = [key for key, place in near.items() if any(word in place.name for word in WARD_WORDS)]
    own = f"org:{viewer.organisation_id}"
    if own in wards:
        return own
    return wards[0] if len(wards) == 1 else None
