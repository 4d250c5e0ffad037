"""利用状況: how much the platform is used, per month; counts only, small ones hidden (T-MCS10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Q, QuerySet

from renkei.care.patients.models import Patient, TeamMember
from renkei.care.timelines.models import Entry, EntryKind
from renkei.foundation.accounts.models import Membership, Organisation, Role
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock

# Counts of persons from 1 to 4 are hidden, 0 is shown.
# Source: design §3b (small numbers); a setting of each publication there, fixed here.
SMALLEST_SHOWN: Final = 5
HIDDEN: Final = "5人未満"
# Not small itself: shown, it would tell a small count beside it.
COVERED: Final = "非公開"


@dataclass(frozen=True)
class Month:
    """One month's figures, not yet suppressed."""

    first: date
    registered: int
    active: int
    offices: int
    members: int
    posts: int
    by_profession: tuple[tuple[str, int], ...]
    by_kind: tuple[tuple[str, int], ...]


def shown_persons(count: int) -> str:
    """A count of persons as it may be published: 0, hidden, or the number."""
    return HIDDEN if 0 < count < SMALLEST_SHOWN else f"{count:,}"


def shown_part(count: int, whole: int) -> str:
    """A part of a count of persons: hidden as well where the rest of it would be found by it."""
    return COVERED if 0 < whole - count < SMALLEST_SHOWN <= count else shown_persons(count)


def following(first: date) -> date:
    """The first day of the next month."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def usage_in(viewer: Viewer, months: Sequence[date]) -> list[Month]:
    """The figures of these months for the viewer's area, each at its end; no person among them."""
    patients = _patients_of(viewer)
    return [_month(patients, first) for first in months]


def _patients_of(viewer: Viewer) -> QuerySet[Patient]:
    """Persons who live in the viewer's municipality; the prefecture counts all."""
    if viewer.role == Role.PREFECTURE:
        return Patient.objects.filter(merged_into=None)
    own = Organisation.objects.filter(Q(pk=viewer.organisation_id), area__isnull=False)
    return Patient.objects.filter(
        Q(municipality__in=own.values("area"))
        | Q(municipality=None, host__area__in=own.values("area")),
        merged_into=None,
    )


def _month(patients: QuerySet[Patient], first: date) -> Month:
    start, end = (clock.midnight(day) for day in (first, following(first)))
    known = patients.filter(registered_at__lt=end).filter(
        Q(closed_on=None) | Q(closed_on__gte=first)
    )
    entries = Entry.objects.filter(
        room__patient__in=patients, posted_at__gte=start, posted_at__lt=end, hidden_at=None
    )
    team = TeamMember.objects.filter(patient__in=known, joined_at__lt=end).filter(
        Q(left_at=None) | Q(left_at__gte=start)
    )
    members = _people_of(team)
    kinds = dict(entries.order_by().values_list("kind").annotate(count=Count("pk")))
    return Month(
        first=first,
        registered=known.count(),
        active=entries.values("room__patient").distinct().count(),
        offices=team.values("organisation").distinct().count(),
        members=len(members),
        posts=sum(kinds.values()),
        by_profession=tuple(Counter(members.values()).most_common()),
        by_kind=tuple((str(kind.label), kinds.get(kind.value, 0)) for kind in EntryKind),
    )


def _people_of(team: QuerySet[TeamMember]) -> dict[int, str]:
    """Each person on these teams once, with their profession."""
    rows = list(team.values_list("membership_id", "organisation_id", "profession").distinct())
    named = {membership: profession for membership, _, profession in rows if membership}
    offices = {organisation: word for membership, organisation, word in rows if not membership}
    people = Membership.objects.filter(
        Q(pk__in=named) | Q(organisation_id__in=offices, revoked_at=None)
    ).values_list("pk", "organisation_id", "user_id", "profession")
    found: dict[int, str] = {}
    for membership, organisation, user, own in people:
        word = named.get(membership) or own or offices.get(organisation, "")
        found.setdefault(user, word or "職種なし")
    return found
