"""Who is told that something happened to a record, and which officer watches over it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from renkei.care.patients.conditions import grant_is_open
from renkei.care.patients.models import (
    AccessGrant,
    ContentClass,
    GrantKind,
    Patient,
    TeamMember,
)
from renkei.care.patients.visibility import TEAM_ROLES
from renkei.foundation.accounts.models import Membership, Role
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.queries import ancestors_on, descendants_on
from renkei.foundation.common import clock


def team_user_ids(patient: Patient, content: ContentClass = ContentClass.BASIC) -> set[int]:
    """The accounts of the present team; of an office on the team, everybody's who works there.

    Whom the person's consent to this content does not reach (any more) is told nothing.
    """
    grants = AccessGrant.objects.filter(
        grant_is_open(content),
        patient=patient,
        kind=GrantKind.TEAM,
        revoked_at=None,
        content_classes__contains=[content],
    )
    members = list(
        TeamMember.objects.filter(
            grant__in=grants, left_at=None, joined_at__isnull=False
        ).values_list("membership_id", "organisation_id")
    )
    return set(
        _active()
        .filter(
            Q(pk__in=[membership for membership, _ in members if membership])
            | Q(organisation_id__in=[office for membership, office in members if not membership]),
            role__in=TEAM_ROLES,
        )
        .values_list("user_id", flat=True)
    )


def host_user_ids(patient: Patient) -> set[int]:
    """Those of the host who are on the team, and the host's administrators."""
    on_team = TeamMember.objects.filter(
        patient=patient, organisation=patient.host_id, left_at=None, membership__isnull=False
    )
    return set(
        _active()
        .filter(
            Q(pk__in=on_team.values("membership_id"))
            | Q(role__in=(Role.SHARING_HOST, Role.ORGANISATION_ADMIN)),
            organisation=patient.host_id,
        )
        .values_list("user_id", flat=True)
    )


def administrator_user_ids(organisation_ids: Iterable[int]) -> set[int]:
    """The administrators of these organisations."""
    return set(
        _active()
        .filter(organisation_id__in=set(organisation_ids), role=Role.ORGANISATION_ADMIN)
        .values_list("user_id", flat=True)
    )


def officer_user_ids(patient: Patient) -> set[int]:
    """個人情報保護責任者 of where the person lives; of everywhere, where nobody knows where."""
    home = patient.municipality or patient.host.area
    officers = _active().filter(role=Role.PRIVACY_OFFICER)
    if home is not None:
        above = {one.area.pk for one in ancestors_on(home, clock.today())}
        officers = officers.filter(organisation__area_id__in=above | {home.pk})
    return set(officers.values_list("user_id", flat=True))


def patients_watched_by(viewer: Viewer) -> QuerySet[Patient]:
    """The persons whose accesses this officer goes through: those of the officer's area.

    It says nothing about reading their content: that only a grant opens.
    """
    if viewer.role != Role.PRIVACY_OFFICER or viewer.organisation_id is None:
        return Patient.objects.none()
    scope = Q(municipality=None, host__area=None)
    area = own_area_of(viewer)
    if area is not None:
        inside = descendants_on(area, clock.today())
        scope |= Q(municipality__in=inside) | Q(municipality=None, host__area__in=inside)
    return Patient.objects.filter(scope)


def _active() -> QuerySet[Membership]:
    return Membership.objects.filter(
        period__contains=clock.today(), revoked_at=None, user__is_active=True
    )
