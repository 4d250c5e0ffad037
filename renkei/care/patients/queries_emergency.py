"""The emergency screen: what a rescuer needs, on one page, as this viewer may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from renkei.care.patients.emergency_notes import EmergencyNote, notes_beside
from renkei.care.patients.models import (
    Certification,
    CertificationState,
    Consent,
    ConsentDecision,
    ContentClass,
    EmergencyCategory,
    EmergencyItem,
    EmergencyProfile,
    GrantKind,
    Patient,
    Presence,
    Provider,
    ProviderRole,
    Relative,
    Wish,
)
from renkei.care.patients.queries_wishes import wishes_visible_to
from renkei.care.patients.visibility import grants_for_content, patients_visible_to
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock, eras

# The profile's field that says whether there is any of a category.
PRESENCE_FIELD: Final = {
    EmergencyCategory.ALLERGY: "allergies",
    EmergencyCategory.DEVICE: "devices",
    EmergencyCategory.DISEASE: "diseases",
    EmergencyCategory.DRUG: "drugs",
    EmergencyCategory.INFECTION: "infections",
}
# Long lists show three and 「ほか n 件」 (design §3b).
SHOWN: Final = 3


@dataclass(frozen=True)
class Section:
    """One category: its items in order of weight, or the word for their absence."""

    category: EmergencyCategory
    presence: Presence
    items: tuple[EmergencyItem, ...]

    @property
    def label(self) -> str:
        return str(self.category.label)

    @property
    def word(self) -> str:
        """「なし」「不明」「記録なし」 are three different answers (design §3.9)."""
        return "" if self.items else str(self.presence.label)

    @property
    def first(self) -> EmergencyItem | None:
        return self.items[0] if self.items else None

    @property
    def others(self) -> tuple[EmergencyItem, ...]:
        return self.items[1:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.items) - SHOWN)


@dataclass(frozen=True)
class Contact:
    """Whom to call, in this order."""

    name: str
    role: str
    phone: str
    second_phone: str = ""
    around_the_clock: bool = False


@dataclass(frozen=True)
class EmergencyScreen:
    """Everything the screen and the sheets show."""

    patient: Patient
    profile: EmergencyProfile
    sections: dict[EmergencyCategory, Section]
    care_level: str
    contacts: tuple[Contact, ...]
    hospital: str
    wish: Wish | None
    # False: this viewer may not see wishes, whether there are any or not.
    wishes_open: bool
    # What rooms above say beside the wish.
    notes: tuple[EmergencyNote, ...] = ()

    @property
    def age(self) -> int | None:
        born = self.patient.birth_on
        return eras.age_on(born, clock.today()) if born else None

    @property
    def allergy(self) -> Section:
        return self.sections[EmergencyCategory.ALLERGY]

    @property
    def device(self) -> Section:
        return self.sections[EmergencyCategory.DEVICE]

    @property
    def disease(self) -> Section:
        return self.sections[EmergencyCategory.DISEASE]

    @property
    def drug(self) -> Section:
        return self.sections[EmergencyCategory.DRUG]

    @property
    def infection(self) -> Section:
        return self.sections[EmergencyCategory.INFECTION]

    @property
    def shown_contacts(self) -> tuple[Contact, ...]:
        return self.contacts[:SHOWN]

    @property
    def more_contacts(self) -> int:
        return max(0, len(self.contacts) - SHOWN)


def patients_kept_by(viewer: Viewer, content: ContentClass) -> QuerySet[Patient]:
    """Open records whose ``content`` this viewer may write: on the team, and not only watching."""
    writing = (
        grants_for_content(viewer, content)
        .filter(kind=GrantKind.TEAM, patient=OuterRef("pk"))
        .exclude(member__is_observer=True)
    )
    return patients_visible_to(viewer, content).filter(Exists(writing), closed_on=None)


def emergency_screen(viewer: Viewer, uid: UUID) -> EmergencyScreen:
    """The screen of one person, if this viewer may see their emergency information.

    Raises:
        Patient.DoesNotExist: unknown, or not for this viewer.
    """
    patient = (
        patients_visible_to(viewer, ContentClass.EMERGENCY)
        .select_related("host", "municipality", "emergency_profile")
        .get(uid=uid)
    )
    profile = profile_of(patient)
    wishes_open = patients_visible_to(viewer, ContentClass.WISHES).filter(pk=patient.pk).exists()
    wish = _wish(viewer, patient) if wishes_open else None
    providers = _providers(patient)
    return EmergencyScreen(
        patient=patient,
        profile=profile,
        sections=sections_of(profile),
        care_level=_care_level(patient),
        contacts=_contacts(_relatives(patient), providers),
        hospital=next(
            (one.name for one in providers if one.role == ProviderRole.HOSPITAL_OF_CHOICE), ""
        ),
        wish=wish,
        wishes_open=wishes_open,
        notes=notes_beside(viewer, patient, wish) if wish else (),
    )


def profile_of(patient: Patient) -> EmergencyProfile:
    """The person's profile; an unsaved empty one, 記録なし throughout, where there is none."""
    found: EmergencyProfile | None = getattr(patient, "emergency_profile", None)
    return found or EmergencyProfile(patient=patient)


def sections_of(profile: EmergencyProfile) -> dict[EmergencyCategory, Section]:
    """The profile's categories with their items."""
    items: list[EmergencyItem] = []
    if profile.pk is not None:
        items = list(profile.items.order_by("position", "pk"))
    return {
        category: Section(
            category,
            Presence(getattr(profile, field)),
            tuple(item for item in items if item.category == category),
        )
        for category, field in PRESENCE_FIELD.items()
    }


def _care_level(patient: Patient) -> str:
    found = Certification.objects.filter(
        patient=patient, state=CertificationState.CERTIFIED, period__contains=clock.today()
    ).first()
    return str(found.get_level_display()) if found else ""


def _relatives(patient: Patient) -> list[Relative]:
    """Whom to call among the family; not those who said no to being named.

    Source: 個人情報の保護に関する法律 第27条第1項第2号 (protection of life): a relative whom the
    team put in the order of calls is shown without a consent of their own, but never against it.
    """
    against = Consent.objects.filter(relative=OuterRef("pk"), superseded_at=None).exclude(
        decision=ConsentDecision.AGREED, withdrawn_at=None
    )
    return list(
        Relative.objects.filter(~Exists(against), patient=patient, removed_at=None)
        .exclude(call_order=None)
        .exclude(phone="", second_phone="")
        .order_by("call_order", "pk")
    )


def _providers(patient: Patient) -> list[Provider]:
    return list(
        Provider.objects.filter(patient=patient, period__contains=clock.today()).order_by("pk")
    )


def _contacts(relatives: list[Relative], providers: list[Provider]) -> tuple[Contact, ...]:
    """The first relative, the doctor, the nurses; then the other relatives and the care manager."""
    family = [
        Contact(one.name, one.relation, one.phone or one.second_phone, one.second_phone)
        for one in relatives
    ]

    def of(*roles: ProviderRole) -> list[Contact]:
        return [
            Contact(
                one.person_name or one.name,
                one.get_role_display(),
                one.phone,
                around_the_clock=one.around_the_clock,
            )
            for role in roles
            for one in providers
            if one.role == role and one.phone
        ]

    first = of(ProviderRole.MAIN_DOCTOR, ProviderRole.STATION)
    later = of(ProviderRole.DEPUTY_DOCTOR, ProviderRole.CARE_MANAGER, ProviderRole.PHARMACY)
    return (*family[:1], *first, *family[1:], *later)


def _wish(viewer: Viewer, patient: Patient) -> Wish | None:
    """The newest shared wish that has a sentence for rescuers."""
    return (
        wishes_visible_to(viewer, patient)
        .filter(is_shared=True, withdrawn_at=None)
        .exclude(emergency_summary="")
        .order_by("-talked_on", "-pk")
        .first()
    )
