"""A person with everything a rescuer may need, for the tests around emergencies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from psycopg.types.range import Range

from renkei.care.patients.models import (
    DoctorConfirmation,
    EmergencyCategory,
    EmergencyItem,
    EmergencyProfile,
    Patient,
    Presence,
    Provider,
    ProviderRole,
    Relative,
    Wish,
)
from renkei.care.patients.tests.factories import make_patient
from renkei.foundation.accounts.models import Membership, Organisation, OrganisationKind, Role, User
from renkei.foundation.accounts.tests import factories as accounts
from renkei.foundation.common import clock

SINCE = Range(date(2024, 4, 1), None)
ITEMS = {
    EmergencyCategory.ALLERGY: [("ペニシリン", "発疹・息苦しさ 2019年")],
    EmergencyCategory.DEVICE: [("在宅酸素 1L/分", "")],
    EmergencyCategory.DISEASE: [
        ("心不全", ""),
        ("心房細動", ""),
        ("高血圧", ""),
        ("脊柱管狭窄症", ""),
    ],
    EmergencyCategory.DRUG: [("抗凝固薬あり", "アピキサバン")],
}


def rescued(**fields: Any) -> Patient:
    """湊 ハル江, hosted by 鈴木, with profile, contacts, doctor and a confirmed shared wish."""
    patient = make_patient(
        name=fields.pop("name", "湊 ハル江"),
        kana=fields.pop("kana", "ミナト ハルエ"),
        address="架空市北浜3-7-2",
        sex="female",
        phone="0999-00-0110",
        household="alone",
        **fields,
    )
    profile = EmergencyProfile.objects.create(
        patient=patient,
        diseases=Presence.LISTED,
        drugs=Presence.LISTED,
        allergies=Presence.LISTED,
        infections=Presence.NONE,
        devices=Presence.LISTED,
        on_oxygen=True,
        key_place="玄関右の箱（番号は長女に聞く）",
        confirmed_on=date(2026, 11, 18),
        confirmed_by="高橋 三奈",
        updated_at=clock.now() - timedelta(days=1),
    )
    for category, items in ITEMS.items():
        for position, (text, detail) in enumerate(items):
            EmergencyItem.objects.create(
                profile=profile, category=category, text=text, detail=detail, position=position
            )
    Relative.objects.create(
        patient=patient, name="湊 さと子", relation="長女", phone="090-0000-0412", call_order=1
    )
    provider(patient, ProviderRole.MAIN_DOCTOR, "架空在宅診療所", "0999-00-2045", "白井 透")
    provider(patient, ProviderRole.STATION, "みなも訪問看護", "0999-00-1201")
    provider(patient, ProviderRole.CARE_MANAGER, "架空居宅", "0999-00-3300", fax="0999-00-3301")
    provider(patient, ProviderRole.HOSPITAL_OF_CHOICE, "架空市立中央病院", "0999-00-9000")
    wish(patient)
    return patient


def provider(
    patient: Patient, role: str, name: str, phone: str, person: str = "", fax: str = ""
) -> Provider:
    return Provider.objects.create(
        patient=patient,
        role=role,
        name=name,
        person_name=person,
        phone=phone,
        fax=fax,
        hours="平日 9時～18時",
        around_the_clock=role in {ProviderRole.MAIN_DOCTOR, ProviderRole.STATION},
        period=SINCE,
    )


def wish(patient: Patient, **fields: Any) -> Wish:
    values: dict[str, Any] = {
        "text": "苦しさは取ってほしい。",
        "emergency_summary": "心肺蘇生は望まない。苦しさは取ってほしい。",
        "talked_on": date(2026, 10, 2),
        "participants": "本人・長女・早川",
        "doctor_confirmation": DoctorConfirmation.DONE,
        "doctor_name": "白井 透",
        "doctor_confirmed_on": date(2026, 10, 2),
        "is_shared": True,
        "recorded_at": clock.now(),
    }
    return Wish.objects.create(patient=patient, **{**values, **fields})


def dispatcher() -> User:
    """A fire department's desk."""
    office = accounts.make_organisation("架空消防本部", OrganisationKind.FIRE_DEPARTMENT)
    return accounts.person("架空 指令", "desk@fire.example.test", office, Role.FIRE_DISPATCH)


def officer() -> User:
    """個人情報保護責任者 of a city hall without an area, as long as nobody has one here."""
    office = accounts.make_organisation("架空市役所 総務課", OrganisationKind.MUNICIPAL_SECTION)
    return accounts.person("架空 責任", "officer@city.example.test", office, Role.PRIVACY_OFFICER)


def administrator(office: Organisation) -> User:
    return accounts.person(
        "架空 管理", f"admin{office.pk}@example.test", office, Role.ORGANISATION_ADMIN
    )


def membership(user: User) -> Membership:
    return user.memberships.select_related("organisation").get()
