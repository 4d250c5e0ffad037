"""Telling the people of a stay that something is new: fixed words, a path of random uids."""

from __future__ import annotations

from django.urls import reverse

from renkei.care.patients.models import ContentClass
from renkei.care.patients.people_to_tell import administrator_user_ids
from renkei.care.patients.visibility import team_grants_on
from renkei.care.timelines.queries.people import present_memberships
from renkei.care.transitions import notices
from renkei.care.transitions.models import CaseFact, CoordinationCase, Side
from renkei.care.transitions.queries.cases import CaseDoor
from renkei.care.transitions.queries.member_absences import absences_on
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify


def case_path(case: CoordinationCase) -> str:
    """Where a stay is read; a uid only."""
    return reverse("transitions:case_detail", args=[case.uid])


def readers_of(case: CoordinationCase) -> dict[int, int]:
    """Account → organisation of everybody on the team who can open this stay now."""
    grants = team_grants_on(case.patient, ContentClass.BASIC).filter(
        member__isnull=False, member__left_at=None
    )
    named = {grant.membership_id for grant in grants if grant.membership_id}
    offices = {grant.organisation_id for grant in grants if not grant.membership_id}
    people = present_memberships()
    rows = [
        *people.filter(pk__in=named),
        *people.filter(organisation_id__in=offices),
    ]
    return {row.user_id: row.organisation_id for row in rows}


def people_of_side(case: CoordinationCase, side: Side) -> set[int]:
    """The team's people of one side: the hospital's, or the care manager's office's.

    Where the care manager's office is not known, everybody of the care side.
    """
    readers = readers_of(case)
    if side == Side.HOSPITAL:
        return {user for user, office in readers.items() if office == case.hospital_id}
    own = {user for user, office in readers.items() if office == case.care_office_id}
    return own or {user for user, office in readers.items() if office != case.hospital_id}


def at_work(case: CoordinationCase, people: set[int]) -> set[int]:
    """Those of them who are at work today, and who stands in for the others and can open it."""
    readers = readers_of(case)
    away = absences_on({readers[user] for user in people if user in readers}, clock.today())
    resting = {one.membership.user_id for one in away}
    standing_in = {
        one.stand_in.user_id
        for one in away
        if one.stand_in is not None and one.membership.user_id in people
    }
    return ((people | standing_in) & set(readers)) - resting


def administrators_of(office: int) -> set[int]:
    """Those of an office who are told what its people left undone."""
    return administrator_user_ids([office])


def colleagues_of(office: int) -> set[int]:
    """Everybody who works in an office now; of those on leave, only where nobody else is there."""
    everybody = set(
        present_memberships().filter(organisation_id=office).values_list("user_id", flat=True)
    )
    away = {one.membership.user_id for one in absences_on([office], clock.today())}
    return everybody - away or everybody


def tell_of_new_case(door: CaseDoor) -> None:
    """Both sides learn that a stay began."""
    _tell(door, set(readers_of(door.case)), notices.CASE_NEW)


def tell_of_fact(door: CaseDoor, fact: CaseFact) -> None:
    """The other side learns of a fact, and those of the recorder's own side who work with them."""
    sides = people_of_side(fact.case, Side.HOSPITAL) | people_of_side(fact.case, Side.CARE)
    _tell(door, sides, notices.CASE_NEWS)


def _tell(door: CaseDoor, user_ids: set[int], kind: str) -> None:
    others = user_ids - {door.viewer.user_id or 0}
    if others:
        notify(
            user_ids=others,
            kind=kind,
            path=case_path(door.case),
            dedupe_key=f"{kind}:{door.case.uid}",
        )
