"""The one gate: whose record a viewer may open, and which of its content (design decision 4).

Every query of the care floor starts here. Unknown means no.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from renkei.care.patients.conditions import (
    contents_in_disaster,
    contents_of_grant,
    disaster_opens,
    family_consented,
    grant_is_open,
    team_consented,
)
from renkei.care.patients.models import AccessGrant, ContentClass, GrantKind, Patient
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.kept_queries import kept_with_plan

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
    return grants_of(viewer).filter(grant_is_open(content), content_classes__contains=[content])


def team_grants_on(patient: Patient, content: ContentClass) -> QuerySet[AccessGrant]:
    """The team's grants that open this content of one person to somebody now, whoever holds them.

    For those who tell the team something: nobody is told of what they could not open.
    """
    now = clock.now()
    return AccessGrant.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=now),
        team_consented(content),
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
        family_consented(content),
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
    if viewer.role in DISASTER_ROLES and viewer.membership_id is not None:
        granted |= Q(disaster_opens(viewer.role.value, content))
    return Patient.objects.filter(granted, merged_into=None, disposed_at=None)


def contents_open_to(viewer: Viewer, patient: Patient) -> frozenset[ContentClass]:
    """Every class of content of one person that is open to this viewer now.

    What ``patients_visible_to`` says of each, in one query (two where disasters open records), for
    a page that asks about several. The person was found through the gate.
    """
    opened = {content for row in _contents_granted(viewer, patient.pk) for content in row}
    if viewer.role in DISASTER_ROLES and viewer.membership_id is not None:
        opened.update(*_contents_in_disaster(viewer.role, patient.pk))
    return frozenset(content for content in ContentClass if content in opened)


def scope_on_team(viewer: Viewer, patient: Patient) -> frozenset[ContentClass]:
    """The classes of content that the viewer's place on the team was made for, consent not asked.

    Nobody hands on more than this: a colleague would read it for them.
    """
    grants = grants_of(viewer).filter(patient=patient, kind=GrantKind.TEAM)
    scope = {each for row in grants.values_list("content_classes", flat=True) for each in row}
    return frozenset(content for content in ContentClass if content in scope)


def patients_of_team(
    viewer: Viewer, content: ContentClass = ContentClass.BASIC
) -> QuerySet[Patient]:
    """Those of ``patients_visible_to`` whom the viewer reaches as the team, never in an emergency.

    A grant of the team is among the ways in that it asks about: asking once is enough.
    """
    grants = grants_for_content(viewer, content).filter(kind=GrantKind.TEAM, patient=OuterRef("pk"))
    return Patient.objects.filter(Exists(grants), merged_into=None, disposed_at=None)


@kept_with_plan
def _contents_granted(viewer: Viewer, patient_id: int) -> QuerySet[AccessGrant, list[str]]:
    granted = grants_of(viewer).filter(patient_id=patient_id)
    return granted.values_list(contents_of_grant(), flat=True)


@kept_with_plan
def _contents_in_disaster(role: Role, patient_id: int) -> QuerySet[Patient, list[str]]:
    persons = Patient.objects.filter(pk=patient_id)
    return persons.values_list(contents_in_disaster(role.value), flat=True)


def patient_for(viewer: Viewer, uid: UUID, content: ContentClass = ContentClass.BASIC) -> Patient:
    """One person, if this viewer may read ``content`` of them.

    Raises:
        Patient.DoesNotExist: unknown, or not for this viewer: the same in every respect.
    """
    for patient in _found(viewer, content, uid):
        return patient
    raise Patient.DoesNotExist


@kept_with_plan
def _found(viewer: Viewer, content: ContentClass, uid: UUID) -> QuerySet[Patient]:
    visible = patients_visible_to(viewer, content).filter(uid=uid)
    return visible.select_related("host", "municipality")


def room_grants(viewer: Viewer) -> QuerySet[AccessGrant]:
    """The grants that open a person's rooms to this viewer now; emergency ways in never do."""
    return (
        grants_for_content(viewer, ContentClass.TIMELINE)
        .filter(
            kind__in=(GrantKind.TEAM, GrantKind.FAMILY_ROOM),
            patient__merged_into=None,
            patient__disposed_at=None,
        )
        .select_related("member")
    )


def room_access(viewer: Viewer, patient: Patient) -> RoomAccess:
    """Which of the person's two rooms this viewer may open, and from when on."""
    return access_through(room_grants(viewer).filter(patient=patient), patient)


def access_through(grants: Iterable[AccessGrant], patient: Patient) -> RoomAccess:
    """What these ``room_grants`` on one person open. Family never reaches the staff room."""
    grants = list(grants)
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
    ways = []
    if viewer.role in TEAM_ROLES and viewer.membership_id is not None:
        ways.append(Q(membership_id=viewer.membership_id))
        ways.append(
            Q(
                membership=None,
                organisation_id=viewer.organisation_id,
                kind__in=(GrantKind.TEAM, GrantKind.DISASTER),
            )
        )
    if viewer.role == Role.FIRE_DISPATCH and viewer.membership_id is not None:
        ways.append(
            Q(
                membership_id=viewer.membership_id,
                kind__in=(GrantKind.EMERGENCY_CARD, GrantKind.BREAK_GLASS),
            )
        )
    if viewer.role == Role.PERSON_OR_FAMILY:
        own = (GrantKind.FAMILY_ROOM, GrantKind.OWN_LOG)
        ways.append(Q(user_id=viewer.user_id, kind__in=own))
    return reduce(or_, ways) if ways else Q(pk=None)
