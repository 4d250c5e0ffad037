"""Who writes, frozen as they are today."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from renkei.care.patients.models import FamilyMember, TeamMember
from renkei.care.timelines.models import Room
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.queries.people import THE_PERSON
from renkei.foundation.accounts.models import Membership
from renkei.foundation.common.kept_queries import kept_with_plan

PLATFORM_NAME = "連携（自動）"


@dataclass(frozen=True)
class Author:
    """Name, profession and organisation as an entry keeps them."""

    name: str
    profession: str = ""
    organisation: str = ""
    membership_id: int | None = None
    organisation_id: int | None = None
    user_id: int | None = None
    is_family: bool = False

    @property
    def acting_as(self) -> int:
        """The membership that acts; the platform never asks for it."""
        assert self.membership_id is not None  # noqa: S101 - people act, the platform does not
        return self.membership_id


PLATFORM = Author(PLATFORM_NAME)


def author_through(door: Door) -> Author:
    """The viewer behind this door, as an author."""
    assert door.viewer.membership_id is not None  # noqa: S101 - who writes is somebody somewhere
    (membership,) = _memberships(door.viewer.membership_id)
    if door.as_family:
        # 長女, not the office that invited her: family speaks for itself.
        return Author(
            name=membership.user.name,
            profession=_relation(door.room, membership.user_id),
            membership_id=membership.pk,
            user_id=membership.user_id,
            is_family=True,
        )
    return Author(
        name=membership.user.name,
        profession=_profession(door.room, membership),
        organisation=membership.organisation.name,
        membership_id=membership.pk,
        organisation_id=membership.organisation_id,
        user_id=membership.user_id,
    )


@kept_with_plan
def _memberships(number: int) -> QuerySet[Membership]:
    return Membership.objects.select_related("user", "organisation").filter(pk=number)


def _relation(room: Room, user_id: int) -> str:
    member = (
        FamilyMember.objects.filter(patient=room.patient, user_id=user_id, left_at=None)
        .select_related("relative")
        .first()
    )
    if member is None or member.relative is None:
        return THE_PERSON if member else "家族"
    return member.relative.relation or "家族"


def _profession(room: Room, membership: Membership) -> str:
    """As what somebody is on this team; the office's word where they have none of their own."""
    if room.patient_id is None:
        return membership.profession
    members = _members_of(room.patient_id, membership.pk, membership.organisation_id)
    own = next((one for one in members if one.membership_id == membership.pk), None)
    if own is not None:
        return own.profession or membership.profession
    office = next((one for one in members if one.membership_id is None), None)
    return membership.profession or (office.profession if office else "")


@kept_with_plan
def _members_of(patient_id: int, membership_id: int, organisation_id: int) -> QuerySet[TeamMember]:
    """Who somebody is on a team, and what their office is, where it is on it as a whole."""
    means = Q(membership_id=membership_id)
    means |= Q(organisation_id=organisation_id, membership=None)
    members = TeamMember.objects.filter(means, patient_id=patient_id, left_at=None)
    return members.order_by("pk")
