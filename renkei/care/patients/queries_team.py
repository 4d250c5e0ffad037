"""Reading teams and invitations."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from renkei.care.patients.models import FamilyMember, Patient, TeamMember
from renkei.care.patients.rules import may_work_in_teams
from renkei.foundation.accounts.viewers import Viewer


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
