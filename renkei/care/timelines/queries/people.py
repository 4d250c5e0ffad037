"""Who reads a person's rooms: the members of the team as people, and the family."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from renkei.care.patients.models import (
    AccessGrant,
    ContentClass,
    FamilyMember,
    Patient,
    TeamMember,
)
from renkei.care.patients.visibility import TEAM_ROLES, family_grants_on, team_grants_on
from renkei.care.timelines.models import Addressee, Room, RoomKind
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.foundation.common import clock
from renkei.foundation.common.conditions import among
from renkei.foundation.common.kept_queries import kept_with_plan

THE_PERSON = "本人"


@dataclass(frozen=True)
class Reader:
    """One person who can open the team's room now. ``unit``: the team member they are part of."""

    membership_id: int
    user_id: int
    name: str
    profession: str
    organisation_id: int
    organisation: str
    member_id: int
    whole_office: bool
    observer: bool


@dataclass(frozen=True)
class FamilyReader:
    """One relative, or the person, who can open the family room now."""

    user_id: int
    name: str
    relation: str


@dataclass(frozen=True)
class Team:
    """Everybody on one person's team who can read now, and the members they are counted as."""

    members: tuple[TeamMember, ...]
    readers: tuple[Reader, ...]

    @property
    def professions(self) -> list[str]:
        """The professions one can write to, in the order of the team."""
        return list(
            dict.fromkeys(reader.profession for reader in self.readers if reader.profession)
        )

    def of_profession(self, profession: str) -> list[Reader]:
        """Its readers of one profession."""
        return [reader for reader in self.readers if reader.profession == profession]

    def of_member(self, member_id: int | None) -> list[Reader]:
        """The people one member stands for."""
        return [reader for reader in self.readers if reader.member_id == member_id]

    def addressed_by(self, addressees: Iterable[Addressee]) -> list[Reader]:
        """The people these addressees mean, each once."""
        found: dict[int, Reader] = {}
        for addressee in addressees:
            for reader in self.readers:
                if is_addressed(reader, addressee):
                    found.setdefault(reader.membership_id, reader)
        return list(found.values())


def is_addressed(reader: Reader, addressee: Addressee) -> bool:
    """Whether an addressee means this reader."""
    if addressee.member_id is not None:
        return addressee.member_id == reader.member_id
    if addressee.membership_id is not None:
        return addressee.membership_id == reader.membership_id
    return bool(addressee.profession) and addressee.profession == reader.profession


def team_of(patient: Patient) -> Team:
    """The team as it can read now; two queries."""
    grants = _team_grants(patient.pk)
    people = _people_of(grants)
    readers: list[Reader] = []
    for grant in grants:
        readers.extend(_readers(grant, people))
    return Team(tuple(grant.member for grant in grants), tuple(readers))


@kept_with_plan
def _team_grants(patient_id: int) -> QuerySet[AccessGrant]:
    return (
        team_grants_on(Patient(pk=patient_id), ContentClass.TIMELINE)
        .filter(member__isnull=False, member__left_at=None)
        .select_related("member", "member__organisation")
        .order_by("-member__is_host", "member__joined_at", "pk")
    )


def office_phones(readers: Iterable[Reader]) -> dict[int, str]:
    """The telephone numbers of their offices, where one is known."""
    offices = {reader.organisation_id for reader in readers}
    rows = Organisation.objects.filter(pk__in=offices).exclude(phone="")
    return dict(rows.values_list("pk", "phone"))


def _people_of(grants: Sequence[AccessGrant]) -> list[Membership]:
    named = {grant.membership_id for grant in grants if grant.membership_id}
    offices = {
        grant.organisation_id
        for grant in grants
        if grant.organisation_id and not grant.membership_id
    }
    return _people_among(sorted(named), sorted(offices))


@kept_with_plan
def _people_among(named: list[int], offices: list[int]) -> QuerySet[Membership]:
    return (
        present_memberships()
        .filter(Q(among("pk", named)) | Q(among("organisation_id", offices)))
        .order_by("user__kana", "user__name", "pk")
    )


def present_memberships() -> QuerySet[Membership]:
    """Memberships that hold today, of roles that work in teams."""
    return Membership.objects.filter(
        period__contains=clock.today(),
        revoked_at=None,
        role__in=TEAM_ROLES,
        user__is_active=True,
    ).select_related("user", "organisation")


def _readers(grant: AccessGrant, people: Sequence[Membership]) -> list[Reader]:
    member = grant.member
    if grant.membership_id:
        own = [one for one in people if one.pk == grant.membership_id]
    else:
        own = [one for one in people if one.organisation_id == grant.organisation_id]
    whole_office = grant.membership_id is None
    return [
        Reader(
            membership_id=one.pk,
            user_id=one.user_id,
            name=one.user.name,
            # In an office on the team each acts as what they are; the office's word fills gaps.
            profession=(one.profession or member.profession)
            if whole_office
            else (member.profession or one.profession),
            organisation_id=one.organisation_id,
            organisation=one.organisation.name,
            member_id=member.pk,
            whole_office=whole_office,
            observer=member.is_observer,
        )
        for one in own
    ]


def family_of(patient: Patient) -> list[FamilyReader]:
    """Family who can open the family room now."""
    return [
        FamilyReader(
            user_id=member.user_id,
            name=member.user.name,
            relation=(member.relative.relation or "家族") if member.relative else THE_PERSON,
        )
        for member in _family_members(patient.pk)
    ]


@kept_with_plan
def _family_members(patient_id: int) -> QuerySet[FamilyMember]:
    grants = family_grants_on(Patient(pk=patient_id), ContentClass.TIMELINE)
    return (
        FamilyMember.objects.filter(grant__in=grants, left_at=None)
        .select_related("relative", "user")
        .order_by("joined_at", "pk")
    )


def members_of_room(room: Room) -> list[Membership]:
    """The people of a free group or a conversation of two, by name."""
    assert room.kind in {RoomKind.GROUP, RoomKind.DIRECT}  # noqa: S101 - a person's room has a team
    return list(
        Membership.objects.filter(
            pk__in=room.members.filter(left_at=None).values("membership"),
            period__contains=clock.today(),
            revoked_at=None,
        )
        .select_related("user", "organisation")
        .order_by("user__kana", "user__name", "pk")
    )
