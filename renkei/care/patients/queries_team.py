"""Reading teams and invitations."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from renkei.care.patients.models import FamilyInvitation, FamilyMember, Patient, TeamMember
from renkei.care.patients.rules import may_work_in_teams
from renkei.care.patients.visibility import TEAM_ROLES, patients_visible_to
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.queries import memberships_with_address
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock


def invitations_for(viewer: Viewer) -> QuerySet[TeamMember]:
    """Invitations that wait for this viewer, or for anybody of their office; newest first.

    What they may be shown of it is the inviting organisation and the day, nothing of the person.
    """
    waiting = TeamMember.objects.filter(
        joined_at=None, left_at=None, patient__closed_on=None, patient__merged_into=None
    )
    if not may_work_in_teams(viewer):
        return waiting.none()
    return (
        waiting.filter(
            Q(membership=viewer.membership_id)
            | Q(membership=None, organisation=viewer.organisation_id)
        )
        .select_related("patient__host")
        .order_by("-invited_at", "-pk")
    )


def invited_to(patient: Patient) -> QuerySet[TeamMember]:
    """Who was asked and has not answered."""
    return (
        TeamMember.objects.filter(patient=patient, joined_at=None, left_at=None)
        .select_related("organisation", "membership__user")
        .order_by("-invited_at", "-pk")
    )


def former_members(patient: Patient) -> QuerySet[TeamMember]:
    """Who was on the team and left, the last one first."""
    return (
        TeamMember.objects.filter(patient=patient, left_at__isnull=False, joined_at__isnull=False)
        .select_related("organisation", "membership__user", "successor__membership__user")
        .order_by("-left_at", "-pk")
    )


def family_of(patient: Patient) -> QuerySet[FamilyMember]:
    """Who takes part in the family room now."""
    return (
        FamilyMember.objects.filter(patient=patient, left_at=None)
        .select_related("relative", "user")
        .order_by("joined_at", "pk")
    )


def member_with(patient: Patient, uid: UUID) -> TeamMember | None:
    """One member of this team who has not left, joined or only asked."""
    return (
        TeamMember.objects.filter(patient=patient, uid=uid, left_at=None)
        .select_related("organisation", "membership__user", "grant")
        .first()
    )


def family_member_with(patient: Patient, uid: UUID) -> FamilyMember | None:
    """One present member of the family room."""
    return family_of(patient).filter(uid=uid).first()


def invited_family(patient: Patient) -> QuerySet[FamilyInvitation]:
    """Family who were asked and did not use their invitation yet."""
    return (
        FamilyInvitation.objects.filter(
            patient=patient,
            invitation__used_at=None,
            invitation__revoked_at=None,
            invitation__expires_at__gt=clock.now(),
        )
        .select_related("relative", "invitation")
        .order_by("made_at", "pk")
    )


def partners_of(viewer: Viewer) -> QuerySet[Membership]:
    """People who are or were on teams of persons this viewer reads: known without asking around."""
    teams = TeamMember.objects.filter(
        patient__in=patients_visible_to(viewer), joined_at__isnull=False
    )
    return (
        _team_memberships()
        .filter(Q(pk__in=teams.values("membership")) | Q(organisation=viewer.organisation_id))
        .exclude(pk=viewer.membership_id or 0)
        .order_by("organisation__name", "user__kana", "user__name", "pk")
    )


def colleagues_of(member: TeamMember) -> QuerySet[Membership]:
    """People of the member's organisation who could take over and are not on the team."""
    on_team = TeamMember.objects.filter(
        patient=member.patient, left_at=None, membership__isnull=False
    )
    return (
        _team_memberships()
        .filter(organisation=member.organisation)
        .exclude(pk__in=on_team.values("membership"))
        .order_by("user__kana", "user__name", "pk")
    )


def _team_memberships() -> QuerySet[Membership]:
    return Membership.objects.filter(
        role__in=TEAM_ROLES, period__contains=clock.today(), revoked_at=None
    ).select_related("user", "organisation")


def membership_to_invite(email: str) -> Membership | None:
    """The membership of an account with exactly this address that can be on a team."""
    return memberships_with_address(email).filter(role__in=TEAM_ROLES).first()
