"""Reading persons: every read starts at the gate (visibility.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from renkei.care.patients.duplicates import Facts, Likeness, alike
from renkei.care.patients.models import (
    Certification,
    CertificationState,
    Consent,
    ConsentSubject,
    ContentClass,
    EmergencyCategory,
    EmergencyProfile,
    FormerName,
    Independence,
    OtherNetwork,
    Patient,
    Presence,
    Provider,
    RecordChange,
    Relative,
    TeamMember,
)
from renkei.care.patients.rules import corrects, hosts
from renkei.care.patients.visibility import (
    RoomAccess,
    patient_for,
    patients_visible_to,
    room_access,
)
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock, kana
from renkei.foundation.common.conditions import among
from renkei.foundation.common.kept_queries import kept_with_plan

__all__ = [
    "RoomAccess",
    "is_hosted_by",
    "patient_for",
    "patients_visible_to",
    "room_access",
    "team_of",
]


def patient_list(viewer: Viewer, *, words: str = "", closed: bool = False) -> QuerySet[Patient]:
    """The viewer's persons by name, with all of ``words`` in a name or reading of theirs.

    Each has ``level_now`` (code of the certified care level) and ``level_until`` (the day after).
    """
    today = clock.today()
    in_force = Certification.objects.filter(
        patient=OuterRef("pk"), state=CertificationState.CERTIFIED, period__contains=today
    )
    persons = (
        patients_visible_to(viewer)
        .filter(closed_on__isnull=not closed)
        .select_related("host")
        .annotate(level_now=Subquery(in_force.values("level")[:1]))
    )
    for word in words.split():
        key = kana.fold(word)
        if key:
            persons = persons.filter(
                Q(name_key__contains=key)
                | Q(kana_key__contains=key)
                | Exists(FormerName.objects.filter(patient=OuterRef("pk"), name_key__contains=key))
            )
    return persons.order_by("kana_key", "name_key", "pk")


def likely_same(viewer: Viewer, values: Mapping[str, Any]) -> list[Likeness]:
    """Records this viewer reads anyway that may be the person being entered; nobody else's."""
    facts = Facts(
        kana.fold(values["name"]),
        kana.fold(values["kana"]),
        values["birth_on"],
        values["insured_number"],
        values["address"],
        values["phone"],
    )
    return alike(facts, patients_visible_to(viewer))


def merged_uids(patient: Patient) -> list[UUID]:
    """What the person was known as in records that are part of this one now."""
    found: list[UUID] = []
    level = [patient.pk]
    while rows := _merged_into(level):
        level = [pk for pk, _ in rows]
        found += [uid for _, uid in rows]
    return found


@kept_with_plan
def _merged_into(patients: list[int]) -> QuerySet[Patient, tuple[int, UUID]]:
    return Patient.objects.filter(among("merged_into_id", patients)).values_list("pk", "uid")


def merged_into(viewer: Viewer, uid: UUID) -> UUID | None:
    """Where the record with this uid went, if the viewer may read that; one query either way."""
    visible = patients_visible_to(viewer)
    return visible.filter(merged_from__uid=uid).values_list("uid", flat=True).first()


def is_hosted_by(viewer: Viewer, patient: Patient) -> bool:
    """Whether the viewer's organisation is the host."""
    return viewer.organisation_id is not None and viewer.organisation_id == patient.host_id


def writes_about(viewer: Viewer, patient: Patient) -> bool:
    """Whether the viewer writes about this person: on the team, not to look on, care goes on."""
    member = member_of(viewer, patient)
    return member is not None and not member.is_observer and corrects(viewer, patient)


def acts_as_host(viewer: Viewer, patient: Patient) -> bool:
    """Whether the viewer does the host's work: of its people, those on the team who write.

    A colleague who came by an emergency's way in reads; they ask for no consent, invite nobody.
    """
    member = member_of(viewer, patient) if hosts(viewer, patient) else None
    return member is not None and not member.is_observer


def team_of(patient: Patient) -> QuerySet[TeamMember]:
    """The team as it is: joined and not left, the host first."""
    return (
        TeamMember.objects.filter(patient=patient, left_at=None, joined_at__isnull=False)
        .select_related("organisation", "membership__user", "grant", "deputy__membership__user")
        .order_by("-is_host", "joined_at", "pk")
    )


# One person ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Record:
    """What the page of one person shows, loaded in a fixed number of queries."""

    certifications: list[Certification]
    independence: list[Independence]
    relatives: list[Relative]
    providers: list[Provider]
    networks: list[OtherNetwork]
    former_names: list[FormerName]

    @property
    def certified(self) -> Certification | None:
        """The certification in force today."""
        return certified_on(self.certifications, clock.today())

    @property
    def applied(self) -> Certification | None:
        """An application newer than the certification in force."""
        newest = self.certifications[0] if self.certifications else None
        if newest is None or newest.state == CertificationState.CERTIFIED:
            return None
        return newest


def record_of(patient: Patient) -> Record:
    """The parts of a record the caller may already read."""
    today = clock.today()
    return Record(
        list(patient.certifications.order_by("-recorded_at", "-pk")),
        list(patient.independence_records.order_by("-judged_on", "-pk")),
        list(relatives_of(patient)),
        list(patient.providers.select_related("facility").filter(_running(today)).order_by("pk")),
        list(patient.other_networks.order_by(F("ended_on").asc(nulls_first=True), "pk")),
        list(patient.former_names.order_by("pk")),
    )


def _running(day: date) -> Q:
    return Q(period__contains=day) | Q(period__startswith__gt=day)


def certified_on(rows: list[Certification], day: date) -> Certification | None:
    """The certification that covers a day."""
    return next(
        (
            row
            for row in rows
            if row.state == CertificationState.CERTIFIED and row.period and day in row.period
        ),
        None,
    )


def relatives_of(patient: Patient) -> QuerySet[Relative]:
    """Present relatives with their own present consent, key person first."""
    own = Consent.objects.filter(subject=ConsentSubject.RELATIVE, superseded_at=None)
    return (
        patient.relatives.filter(removed_at=None)
        .prefetch_related(Prefetch("consents", own, to_attr="present_consents"))
        .order_by("-is_key_person", F("call_order").asc(nulls_last=True), "pk")
    )


def removed_relatives(patient: Patient) -> QuerySet[Relative]:
    """Relatives no longer listed, the last one first."""
    return patient.relatives.exclude(removed_at=None).order_by("-removed_at")


def ended_providers(patient: Patient) -> QuerySet[Provider]:
    """Providers whose time is over."""
    return patient.providers.exclude(_running(clock.today())).order_by("-period", "pk")


def changes_of(patient: Patient) -> QuerySet[RecordChange]:
    """What was corrected, the newest first."""
    return (
        RecordChange.objects.filter(patient=patient)
        .select_related("changed_by__user", "changed_by__organisation")
        .order_by("-changed_at", "-pk")
    )


def relative_of(patient: Patient, uid: UUID) -> Relative:
    """One relative of this person.

    Raises:
        Relative.DoesNotExist: not of this person.
    """
    return patient.relatives.get(uid=uid)


def provider_of(patient: Patient, uid: UUID) -> Provider:
    """One provider of this person.

    Raises:
        Provider.DoesNotExist: not of this person.
    """
    return patient.providers.select_related("facility").get(uid=uid)


def network_of(patient: Patient, uid: UUID) -> OtherNetwork:
    """One other network of this person.

    Raises:
        OtherNetwork.DoesNotExist: not of this person.
    """
    return patient.other_networks.get(uid=uid)


def change_of(patient: Patient, uid: UUID) -> RecordChange:
    """One correction in this person's record.

    Raises:
        RecordChange.DoesNotExist: not of this person.
    """
    return patient.changes.get(uid=uid)


def present_consent(patient: Patient, relative: Relative | None = None) -> Consent | None:
    """The last decision of the person, or of a relative, that no later one replaced."""
    return next(iter(_present_consents(patient.pk, relative.pk if relative else None)), None)


@kept_with_plan
def _present_consents(patient_id: int, relative_id: int | None) -> QuerySet[Consent]:
    whose = Q(relative=None) if relative_id is None else Q(relative_id=relative_id)
    consents = Consent.objects.filter(whose, patient_id=patient_id, superseded_at=None)
    return consents.select_related("proxy", "recorded_by__user").order_by("pk")[:1]


def may_read(viewer: Viewer, patient: Patient, content: ContentClass) -> bool:
    """Whether this content of this person is open to the viewer now."""
    return bool(_readable(viewer, content, patient.pk))


@kept_with_plan
def _readable(viewer: Viewer, content: ContentClass, patient_id: int) -> QuerySet[Patient, int]:
    return patients_visible_to(viewer, content).filter(pk=patient_id).values_list("pk", flat=True)


# The head of the person's pages ------------------------------------------------------------


def certified_now(patient: Patient) -> Certification | None:
    """The certification in force today."""
    return next(iter(_certified_now(patient.pk)), None)


@kept_with_plan
def _certified_now(patient_id: int) -> QuerySet[Certification]:
    return Certification.objects.filter(
        patient_id=patient_id, state=CertificationState.CERTIFIED, period__contains=clock.today()
    ).order_by("pk")[:1]


def current_networks(patient: Patient) -> list[OtherNetwork]:
    """Other networks the person is in."""
    return _current_networks(patient.pk)


@kept_with_plan
def _current_networks(patient_id: int) -> QuerySet[OtherNetwork]:
    networks = OtherNetwork.objects.filter(patient_id=patient_id)
    return networks.filter(Q(ended_on=None) | Q(ended_on__gte=clock.today())).order_by("pk")


def listed_allergies(patient: Patient) -> str:
    """The allergies in one line; each kind of absence in its own word."""
    profile = next(iter(_emergency_profiles(patient.pk)), None)
    if profile is None:
        return str(Presence.NOT_ASKED.label)
    if profile.allergies != Presence.LISTED:
        return str(Presence(profile.allergies).label)
    rows = profile.items.filter(category=EmergencyCategory.ALLERGY).order_by("position", "pk")
    return "、".join(rows.values_list("text", flat=True)) or str(Presence.LISTED.label)


@kept_with_plan
def _emergency_profiles(patient_id: int) -> QuerySet[EmergencyProfile]:
    return EmergencyProfile.objects.filter(patient_id=patient_id)


def member_of(viewer: Viewer, patient: Patient) -> TeamMember | None:
    """The viewer's own place in the team, or that of their office."""
    return (
        TeamMember.objects.filter(
            Q(membership=viewer.membership_id)
            | Q(membership=None, organisation=viewer.organisation_id),
            patient=patient,
            left_at=None,
            joined_at__isnull=False,
        )
        .order_by(F("membership").asc(nulls_last=True), "pk")
        .first()
    )
