"""The one gate: whose record a viewer may open, and which of its content (design decision 4).

Every query of the care floor starts here. Unknown means no.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from renkei.care.patients.models import (
    WITHOUT_CONSENT,
    AccessGrant,
    Consent,
    ConsentDecision,
    ConsentRecipient,
    ConsentSubject,
    ContentClass,
    DisasterMode,
    GrantKind,
    Patient,
)
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

# Whom a declared disaster may open records to (T-D10); which of them, the declaration says.
DISASTER_ROLES: Final = frozenset(
    {
        Role.PROFESSIONAL,
        Role.SHARING_HOST,
        Role.ORGANISATION_ADMIN,
        Role.DESK,
        Role.MUNICIPAL_STAFF,
        Role.FIRE_DISPATCH,
    }
)
# Who can be on a team at all. The town hall, the prefecture, councils and operators never read a
# person's record through one, whatever row somebody may have written.
TEAM_ROLES: Final = frozenset(
    {Role.PROFESSIONAL, Role.SHARING_HOST, Role.ORGANISATION_ADMIN, Role.DESK}
)


@dataclass(frozen=True)
class RoomAccess:
    """What of the two rooms a viewer may do now. ``since``: no entry before it is shown."""

    staff: bool
    family: bool
    since: datetime | None
    read_only: bool


def grants_of(viewer: Viewer) -> QuerySet[AccessGrant]:
    """The grants this viewer holds at this moment, consent not yet asked."""
    now = clock.now()
    return AccessGrant.objects.filter(
        _held_by(viewer),
        Q(ends_at=None) | Q(ends_at__gt=now),
        starts_at__lte=now,
        revoked_at=None,
    )


def grants_for_content(viewer: Viewer, content: ContentClass) -> QuerySet[AccessGrant]:
    """The grants that open this content to this viewer now: held, in scope, and consented to.

    The host reads the basics without consent, because it is the one that asks for it.
    """
    # A refusal that the person wants kept in an emergency too closes these at once.
    open_without_consent = Q(kind__in=WITHOUT_CONSENT) & ~Q(
        Exists(binding_refusals(OuterRef("patient_id")))
    )
    # A card speaks for the person: what it opened closes when they take that back. That a consent
    # runs out at midnight closes nothing in the middle of a rescue.
    open_without_consent &= ~Q(Exists(_taken_back()), kind=GrantKind.EMERGENCY_CARD)
    if content == ContentClass.BASIC:
        open_without_consent |= Q(kind=GrantKind.TEAM, organisation_id=F("patient__host_id"))
    return grants_of(viewer).filter(
        open_without_consent
        | Q(Exists(_consents_to_the_team(content)), user=None)
        | Q(Exists(_consents_to_the_family(content)), user__isnull=False),
        content_classes__contains=[content],
    )


def team_grants_on(patient: Patient, content: ContentClass) -> QuerySet[AccessGrant]:
    """The team's grants that open this content of one person to somebody now, whoever holds them.

    For those who tell the team something: nobody is told of what they could not open.
    """
    now = clock.now()
    return AccessGrant.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now),
        Exists(_consents_to_the_team(content)),
        patient=patient,
        kind=GrantKind.TEAM,
        starts_at__lte=now,
        revoked_at=None,
        content_classes__contains=[content],
    )


def family_grants_on(patient: Patient, content: ContentClass) -> QuerySet[AccessGrant]:
    """The same of the family room."""
    now = clock.now()
    return AccessGrant.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now),
        Exists(_consents_to_the_family(content)),
        patient=patient,
        kind=GrantKind.FAMILY_ROOM,
        starts_at__lte=now,
        revoked_at=None,
        content_classes__contains=[content],
    )


def patients_visible_to(
    viewer: Viewer, content: ContentClass = ContentClass.BASIC
) -> QuerySet[Patient]:
    """The persons whose ``content`` this viewer may read now. In one query, however it is used."""
    granted = Q(Exists(grants_for_content(viewer, content).filter(patient=OuterRef("pk"))))
    disaster = _disasters_open_to(viewer, content)
    if disaster is not None:
        # In a disaster there is no time to write a grant per person and office.
        granted |= (
            Q(Exists(disaster)) & ~Q(Exists(binding_refusals(OuterRef("pk")))) & Q(closed_on=None)
        )
    return Patient.objects.filter(granted, merged_into=None, disposed_at=None)


def patient_for(viewer: Viewer, uid: UUID, content: ContentClass = ContentClass.BASIC) -> Patient:
    """One person, if this viewer may read ``content`` of them.

    Raises:
        Patient.DoesNotExist: unknown, or not for this viewer: the same in every respect.
    """
    return patients_visible_to(viewer, content).select_related("host", "municipality").get(uid=uid)


def room_access(viewer: Viewer, patient: Patient) -> RoomAccess:
    """Which of the person's two rooms this viewer may open, and from when on.

    Family never reaches the staff room; emergency ways in never reach either.
    """
    grants = list(
        grants_for_content(viewer, ContentClass.TIMELINE)
        .filter(patient=patient, kind__in=(GrantKind.TEAM, GrantKind.FAMILY_ROOM))
        .select_related("member")
    )
    staff = [grant for grant in grants if grant.kind == GrantKind.TEAM]
    family = [grant for grant in grants if grant.kind == GrantKind.FAMILY_ROOM]
    starts = [grant.history_since for grant in staff or family]
    since = None if not starts or None in starts else min(each for each in starts if each)
    observing = bool(staff) and all(
        getattr(grant, "member", None) is not None and grant.member.is_observer for grant in staff
    )
    return RoomAccess(
        staff=bool(staff),
        family=bool(staff or family),
        since=since,
        read_only=patient.is_closed or observing,
    )


def _held_by(viewer: Viewer) -> Q:
    if viewer.user_id is None or viewer.second_factor_missing:
        return Q(pk=None)
    held = Q(pk=None)
    if viewer.role in TEAM_ROLES and viewer.membership_id is not None:
        held |= Q(membership_id=viewer.membership_id)
        held |= Q(
            membership=None,
            organisation_id=viewer.organisation_id,
            kind__in=(GrantKind.TEAM, GrantKind.DISASTER),
        )
    if viewer.role == Role.FIRE_DISPATCH and viewer.membership_id is not None:
        held |= Q(
            membership_id=viewer.membership_id,
            kind__in=(GrantKind.EMERGENCY_CARD, GrantKind.BREAK_GLASS),
        )
    if viewer.role == Role.PERSON_OR_FAMILY:
        held |= Q(user_id=viewer.user_id, kind__in=(GrantKind.FAMILY_ROOM, GrantKind.OWN_LOG))
    return held


def binding_refusals(patient: Any) -> QuerySet[Consent]:
    """Refusals of a person (or of the ``OuterRef`` outside) that bind in an emergency too.

    Source: domain/information-sharing.md §7.1: where life is at stake a refusal may be passed over;
    the person can say that theirs is not to be (T-P2).
    """
    return Consent.objects.filter(
        patient=patient,
        subject=ConsentSubject.PATIENT,
        decision=ConsentDecision.REFUSED,
        binds_emergency=True,
        period__contains=clock.today(),
        withdrawn_at=None,
        superseded_at=None,
    )


def _disasters_open_to(viewer: Viewer, content: ContentClass) -> QuerySet[DisasterMode] | None:
    """Disasters going on where the person outside lives that open this content; no drills."""
    if viewer.role not in DISASTER_ROLES or viewer.membership_id is None:
        return None
    now = clock.now()
    return DisasterMode.objects.filter(
        municipality_ids__contains=[OuterRef("municipality_id")],
        roles__contains=[viewer.role.value],
        content_classes__contains=[content],
        is_drill=False,
        approved_at__lte=now,
        ends_at__gt=now,
        ended_at=None,
    )


def _consents_to_the_team(content: ContentClass) -> QuerySet[Consent]:
    """The person's consent in force that reaches the organisation of the grant outside."""
    named = ConsentRecipient.objects.filter(
        consent=OuterRef("pk"), organisation_id=OuterRef(OuterRef("organisation_id"))
    )
    return _consents_in_force(content).filter(Q(whole_team=True) | Exists(named))


def _consents_to_the_family(content: ContentClass) -> QuerySet[Consent]:
    """The person's consent in force that reaches the family, and not past an excluded relative."""
    excluded = ConsentRecipient.objects.filter(
        consent=OuterRef("pk"), excluded_relative__user_id=OuterRef(OuterRef("user_id"))
    )
    return _consents_in_force(content).filter(~Exists(excluded), includes_family=True)


def _taken_back() -> QuerySet[Consent]:
    """The present decision of the person of the grant outside, where it is a no."""
    return Consent.objects.filter(
        Q(withdrawn_at__isnull=False) | Q(decision=ConsentDecision.REFUSED),
        patient=OuterRef("patient_id"),
        subject=ConsentSubject.PATIENT,
        superseded_at=None,
    )


def _consents_in_force(content: ContentClass) -> QuerySet[Consent]:
    """Consents of the person of the grant outside that hold now and cover the content."""
    return Consent.objects.filter(
        patient=OuterRef("patient_id"),
        subject=ConsentSubject.PATIENT,
        decision=ConsentDecision.AGREED,
        period__contains=clock.today(),
        withdrawn_at=None,
        superseded_at=None,
        content_classes__contains=[content],
    )
