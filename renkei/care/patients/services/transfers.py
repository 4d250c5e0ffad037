"""人事異動: places in care teams go to the successor; what has none is listed (T-P5)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import QuerySet

from renkei.care.patients.models import TeamMember
from renkei.care.patients.notices import path_of
from renkei.care.patients.services.team import take_over
from renkei.care.patients.visibility import TEAM_ROLES
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.transfers import Orphan
from renkei.foundation.audit.actors import Actor


def hand_over_teams(
    *,
    actor: Actor,
    from_membership_id: int,
    to_membership_id: int,
    on: date,  # noqa: ARG001 - the day is the caller's; places move when this is called
) -> int:
    """Move every place of one membership to another of the same organisation.

    A place stays (and is listed as an orphan) where the successor works elsewhere, cannot be on a
    team, or is on that team already.
    """
    successor = Membership.objects.get(pk=to_membership_id)
    if successor.role not in TEAM_ROLES:
        return 0
    taken = TeamMember.objects.filter(membership=successor, left_at=None)
    places = (
        _places([from_membership_id])
        .filter(organisation=successor.organisation_id)
        .exclude(patient__in=taken.values("patient"))
    )
    moved = 0
    for member in places:
        take_over(actor=actor, member=member, successor=successor)
        moved += 1
    return moved


def orphaned_places(membership_ids: Collection[int], _on: date) -> Iterator[Orphan]:
    """Places in teams that these memberships still hold."""
    for member in _places(membership_ids):
        yield Orphan(
            member.membership_id or 0,
            "ケアチームの担当",
            path_of("patients:team_detail", member.patient.uid),
        )


def _places(membership_ids: Collection[int]) -> QuerySet[TeamMember]:
    return (
        TeamMember.objects.filter(
            membership__in=membership_ids,
            left_at=None,
            joined_at__isnull=False,
            patient__closed_on=None,
            patient__merged_into=None,
        )
        .select_related("patient")
        .order_by("pk")
    )
