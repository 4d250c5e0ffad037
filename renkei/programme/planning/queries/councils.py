"""Councils and who may see them how far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet

from renkei.foundation.accounts.models import Membership, Organisation, Role, User
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.agreements import agreements_in_force, members_taking_part
from renkei.foundation.areas.models import Agreement, Area
from renkei.foundation.areas.queries import descendants_on
from renkei.foundation.common import clock
from renkei.programme.planning.models import (
    Action,
    ActionState,
    Council,
    CouncilMember,
    Meeting,
    MeetingState,
    WithholdingRate,
)
from renkei.programme.planning.rules import may_clerk, may_own_councils, watches_areas

# Terms that end within this time are asked about: appointing takes a council season.
RENEWAL_DAYS: Final = 90


@dataclass(frozen=True)
class CouncilDoor:
    """One council as one viewer may use it.

    ``owns``: sets up the council and its agenda; ``clerks``: does the clerical work; ``sits``: is
    a member today. Whoever is none of these reads what is public.
    """

    council: Council
    viewer: Viewer
    owns: bool
    clerks: bool
    sits: bool

    @property
    def inside(self) -> bool:
        """Reads what is not public as well."""
        return self.clerks or self.sits


def _owned(viewer: Viewer) -> Q:
    area = own_area_of(viewer)
    if not may_own_councils(viewer) or area is None:
        return Q(pk=None)
    agreements = agreements_in_force(area, clock.today()).values("pk")
    return Q(area=area) | Q(agreement__in=agreements) | Q(owner_id=viewer.organisation_id)


def _clerked(viewer: Viewer) -> Q:
    if not may_clerk(viewer) or viewer.organisation_id is None:
        return Q(pk=None)
    return Q(office_id=viewer.organisation_id)


def _sat_on(viewer: Viewer) -> Q:
    if viewer.user_id is None:
        return Q(pk=None)
    seats = CouncilMember.objects.filter(user_id=viewer.user_id, term__contains=clock.today())
    return Q(pk__in=seats.values("council"))


def _watched(viewer: Viewer) -> Q:
    area = own_area_of(viewer) if watches_areas(viewer) else None
    if area is None:
        return Q(pk=None)
    below = descendants_on(area, clock.today())
    agreements = members_taking_part(clock.today()).filter(area__in=below).values("agreement")
    return Q(area__in=below) | Q(agreement__in=agreements)


def councils_seen_by(viewer: Viewer) -> QuerySet[Council]:
    """Councils one owns, clerks, sits on or watches over."""
    reach = _owned(viewer) | _clerked(viewer) | _sat_on(viewer) | _watched(viewer)
    return Council.objects.filter(reach).select_related(
        "area", "agreement", "owner", "office", "parent"
    )


def council_door(viewer: Viewer, uid: UUID) -> CouncilDoor:
    """One council, and what the viewer may do there.

    Raises:
        Council.DoesNotExist: not there, or not theirs to see.
    """
    return door_of(viewer, councils_seen_by(viewer).get(uid=uid))


def door_of(viewer: Viewer, council: Council) -> CouncilDoor:
    """What the viewer may do with a council that is in reach."""
    this = Council.objects.filter(pk=council.pk)
    owns = this.filter(_owned(viewer)).exists()
    return CouncilDoor(
        council=council,
        viewer=viewer,
        owns=owns,
        clerks=owns or this.filter(_clerked(viewer)).exists(),
        sits=this.filter(_sat_on(viewer)).exists(),
    )


def members_on(council: Council, day: date) -> QuerySet[CouncilMember]:
    """Those whose term holds on a day, in the order of the roster.

    T-B1c: a term that ended on 3/31 is over on 4/1.
    """
    return (
        CouncilMember.objects.filter(council=council, term__contains=day)
        .select_related("user")
        .order_by(*ROSTER_ORDER)
    )


ROSTER_ORDER: Final = ("pk",)


def members_of(council: Council) -> QuerySet[CouncilMember]:
    """Every term there was, the running ones first."""
    return (
        CouncilMember.objects.filter(council=council).select_related("user").order_by("-term", "pk")
    )


def members_to_renew(council: Council, day: date) -> list[CouncilMember]:
    """Terms that end soon and have no successor row of the same office and profession."""
    soon = members_on(council, day).filter(term__endswith__lte=day + timedelta(days=RENEWAL_DAYS))
    later = set(
        CouncilMember.objects.filter(council=council, term__startswith__gt=day).values_list(
            "organisation_name", "profession"
        )
    )
    return [one for one in soon if (one.organisation_name, one.profession) not in later]


def member_of(door: CouncilDoor, uid: UUID) -> CouncilMember:
    """One row of the roster.

    Raises:
        CouncilMember.DoesNotExist: of another council.
    """
    return CouncilMember.objects.select_related("council", "user").get(
        uid=uid, council=door.council
    )


def council_of_member(viewer: Viewer, uid: UUID) -> Council:
    """The council a row of a roster belongs to.

    Raises:
        Council.DoesNotExist: no such row, or not theirs to see.
    """
    return councils_seen_by(viewer).get(members__uid=uid)


def councils_listed(viewer: Viewer) -> list[Council]:
    """For the list: with the last and the next meeting, and how many actions are open."""
    now = clock.now()
    return list(
        councils_seen_by(viewer)
        .annotate(
            last_at=Max(
                "meetings__begins_at",
                filter=Q(meetings__begins_at__lte=now) & ~Q(meetings__state=MeetingState.CANCELLED),
            ),
            next_at=Min(
                "meetings__begins_at",
                filter=Q(meetings__begins_at__gt=now) & ~Q(meetings__state=MeetingState.CANCELLED),
            ),
            open_actions=Count(
                "actions",
                filter=Q(actions__state__in=(ActionState.OPEN, ActionState.DOING)),
                distinct=True,
            ),
        )
        .order_by("ended_on", "parent__name", "pk")
    )


def parents_for(viewer: Viewer) -> QuerySet[Council]:
    """Under which council a new 部会 may be put."""
    return councils_seen_by(viewer).filter(_owned(viewer), ended_on=None).order_by("name", "pk")


def offices_for(viewer: Viewer) -> QuerySet[Organisation]:
    """Who can do the clerical work: one's own section, or a body of the area it is given to."""
    area = own_area_of(viewer)
    if area is None:
        return Organisation.objects.none()
    return (
        Organisation.objects.filter(
            Q(pk=viewer.organisation_id)
            | Q(area=area, memberships__role=Role.DESK, memberships__revoked_at=None)
        )
        .distinct()
        .order_by("name", "pk")
    )


def agreements_for(viewer: Viewer) -> QuerySet[Agreement]:
    """The agreements one's own area takes part in."""
    return agreements_in_force(own_area_of(viewer), clock.today())


def accounts_for(viewer: Viewer) -> QuerySet[User]:
    """Accounts a member may be tied to: people with a membership today in the own area's bodies."""
    area = own_area_of(viewer)
    if area is None:
        return User.objects.none()
    held = Membership.objects.filter(
        Q(organisation__area=area) | Q(organisation__area=None),
        period__contains=clock.today(),
        revoked_at=None,
    ).exclude(role__in=(Role.PERSON_OR_FAMILY, Role.OPERATOR))
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")


def rates_for(area: Area | None, day: date) -> list[WithholdingRate]:
    """The rates in force on a day: the area's own where it set one, otherwise the shipped one."""
    found = WithholdingRate.objects.filter(
        Q(area=area) | Q(area=None), period__contains=day
    ).order_by("code", "-area_id", "pk")
    by_code: dict[str, WithholdingRate] = {}
    for one in found:
        kept = by_code.get(one.code)
        if kept is None or (kept.area_id is None and one.area_id is not None):
            by_code[one.code] = one
    return list(by_code.values())


def rate_of(council: Council, day: date) -> WithholdingRate | None:
    """The rate a council's fees are paid by on a day."""
    return next(
        (one for one in rates_for(council.area, day) if one.code == council.withholding_code), None
    )


def groups_of(council: Council) -> QuerySet[Council]:
    """The 部会 below, with their meetings newest first."""
    meetings = Meeting.objects.exclude(state=MeetingState.CANCELLED).order_by("-begins_at")
    return (
        Council.objects.filter(parent=council, ended_on=None)
        .prefetch_related(Prefetch("meetings", queryset=meetings))
        .order_by("pk")
    )


def councils_worked_in(viewer: Viewer) -> QuerySet[Council]:
    """Councils whose minutes one may cite: those one sets up or clerks, or sits on."""
    return Council.objects.filter(_owned(viewer) | _clerked(viewer) | _sat_on(viewer))


def actions_seen_by(viewer: Viewer) -> QuerySet[Action]:
    """Actions of councils one works in or sits on; the others read only what is published."""
    return (
        Action.objects.filter(council__in=councils_worked_in(viewer))
        .select_related("council", "line__meeting__council", "line__item")
        .order_by("due_on", "pk")
    )
