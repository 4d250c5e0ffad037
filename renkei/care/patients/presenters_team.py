"""Teams in words: for the page of the team, and for the list beside the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from renkei.care.patients.models import FamilyMember, Patient, TeamMember
from renkei.care.patients.presenters_person import relative_line
from renkei.care.patients.queries import is_hosted_by, relatives_of, team_of
from renkei.care.patients.queries_team import family_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

WHOLE_OFFICE = "事業所全体"
FAMILY_WAITS = "家族（同意待ち）"


@dataclass(frozen=True)
class TeamLine:
    """One member: who they are and how to reach them."""

    member: TeamMember
    profession: str
    name: str
    organisation: str
    phone: str
    is_host: bool
    is_observer: bool
    is_own: bool
    deputy: str


@dataclass(frozen=True)
class FamilyLine:
    """One of the family room; the name is shown under their own consent, or to the host."""

    member: FamilyMember
    name: str


@dataclass(frozen=True)
class TeamList:
    """The team with its contacts (patients/_team.html)."""

    patient: Patient
    members: Sequence[TeamLine]
    family: Sequence[FamilyLine]

    @property
    def count(self) -> int:
        return len(self.members) + len(self.family)


def team_list(viewer: Viewer, patient: Patient) -> TeamList:
    """The team as this viewer may know it; a fixed number of queries."""
    return TeamList(
        patient,
        [team_line(viewer, member) for member in team_of(patient)],
        family_lines(viewer, patient, family_of(patient)),
    )


def team_line(viewer: Viewer, member: TeamMember) -> TeamLine:
    """One member."""
    deputy = member.deputy
    return TeamLine(
        member,
        member.profession,
        member_name(member),
        member.organisation.name,
        member.organisation.phone,
        member.is_host,
        member.is_observer,
        is_own=member.membership_id is not None and member.membership_id == viewer.membership_id,
        deputy=member_name(deputy) if deputy else "",
    )


def member_name(member: TeamMember) -> str:
    """Who it is; an office as a whole has no name of its own."""
    return member.membership.user.name if member.membership else WHOLE_OFFICE


def family_lines(
    viewer: Viewer, patient: Patient, members: Iterable[FamilyMember]
) -> list[FamilyLine]:
    """The family room, names only as the family agreed."""
    rows = list(members)
    if not rows:
        return []
    today, hosted = clock.today(), is_hosted_by(viewer, patient)
    open_to = {
        relative.pk: relative_line(relative, hosted=hosted, on=today).open
        for relative in relatives_of(patient)
    }
    return [FamilyLine(row, _family_name(row, open_to)) for row in rows]


def _family_name(row: FamilyMember, open_to: dict[int, bool]) -> str:
    if row.relative is None:
        return "本人"
    if not open_to.get(row.relative.pk, False):
        return FAMILY_WAITS
    relation = f"（{row.relative.relation}）" if row.relative.relation else ""
    return f"{row.relative.name}{relation}"
