"""What residents read of councils and plans: only what somebody published, never a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from renkei.foundation.common import clock
from renkei.programme.indicators.models import Sharing, Value
from renkei.programme.indicators.queries.values import Reading, reading_of
from renkei.programme.planning.frames import Scene
from renkei.programme.planning.models import (
    CAME,
    Audience,
    Council,
    CouncilKind,
    Goal,
    Meeting,
    MeetingState,
    Plan,
    Seat,
)
from renkei.programme.planning.queries.councils import members_on
from renkei.programme.planning.queries.meetings import OPEN_TO_ALL
from renkei.programme.planning.queries.plans import activities_of, goals_of, visions_of

# A 地域ケア会議 may be about one person: its days are no news for residents.
ANNOUNCED = (CouncilKind.PLENARY, CouncilKind.GROUP)
MOST_DIGESTS = 12


@dataclass(frozen=True, slots=True)
class PublicCouncil:
    """One council as residents know it. ``members``: by profession, where the office shows it."""

    council: Council
    next: list[Meeting]
    digests: list[Meeting]
    members: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class PublicGoal:
    """A goal with the published value of its indicator, if there is one."""

    goal: Goal
    reading: Reading | None


@dataclass(frozen=True, slots=True)
class PublicScene:
    label: str
    vision: str
    goals: list[PublicGoal]
    activities: list[str]


def digests() -> QuerySet[Meeting]:
    """Meetings whose 要旨 is published, newest first; none that was closed as a whole."""
    return (
        Meeting.objects.filter(state__in=OPEN_TO_ALL, audience=Audience.PUBLIC)
        .select_related("council__area", "council__agreement", "council__owner", "council__office")
        .order_by("-begins_at", "-pk")
    )


def digest_called(uid: UUID) -> Meeting:
    """One of them.

    Raises:
        Meeting.DoesNotExist: not published, or closed.
    """
    return digests().get(uid=uid)


def who_came(meeting: Meeting) -> list[tuple[str, int]]:
    """Who took part, by profession, as the 要旨 says it."""
    found = Seat.objects.filter(meeting=meeting, attendance__in=CAME).order_by("pk")
    return list(Counter(found.values_list("profession", flat=True)).items())


def public_councils() -> list[PublicCouncil]:
    """Councils that have something to say: a day to come, a 要旨, or their members."""
    coming = (
        Meeting.objects.filter(
            council__kind__in=ANNOUNCED,
            state__in=(MeetingState.CALLED, MeetingState.MATERIALS_SENT),
            begins_at__gte=clock.now(),
        )
        .select_related("council")
        .order_by("begins_at")
    )
    next_by, digests_by = _by_council(coming), _by_council(digests())
    shown = Council.objects.filter(
        Q(pk__in=next_by.keys()) | Q(pk__in=digests_by.keys()) | Q(on_portal__isnull=False),
        ended_on=None,
    ).select_related("area", "agreement", "owner", "on_portal")
    return [
        PublicCouncil(
            council=one,
            next=next_by.get(one.pk, []),
            digests=digests_by.get(one.pk, [])[:MOST_DIGESTS],
            members=members_by_profession(one) if hasattr(one, "on_portal") else [],
        )
        for one in shown.order_by("area__code", "parent_id", "pk")
    ]


def _by_council(meetings: Iterable[Meeting]) -> dict[int, list[Meeting]]:
    found: dict[int, list[Meeting]] = {}
    for one in meetings:
        found.setdefault(one.council_id, []).append(one)
    return found


def members_by_profession(council: Council) -> list[tuple[str, int]]:
    """How many of each profession sit there today."""
    rows = members_on(council, clock.today()).values_list("profession", flat=True)
    return list(Counter(rows).items())


def public_plans() -> QuerySet[Plan]:
    """Plans the office shows, newest first."""
    found = Plan.objects.filter(on_portal__isnull=False).select_related("area", "organisation")
    return found.order_by("area__code", "-fiscal_year")


def public_plan(uid: UUID) -> Plan:
    """One of them.

    Raises:
        Plan.DoesNotExist: not shown.
    """
    return public_plans().get(uid=uid)


def summary_of(plan: Plan) -> list[PublicScene]:
    """Scene by scene: めざす姿, goals with published numbers, what is done for them."""
    written = visions_of(plan)
    goals, activities = list(goals_of(plan)), list(activities_of(plan))
    values = _open_values(plan, [one.indicator_code for one in goals if one.indicator_code])
    return [
        PublicScene(
            label=str(scene.label),
            vision=written.get(scene.value, ""),
            goals=[
                PublicGoal(one, values.get(one.indicator_code))
                for one in goals
                if one.scene == scene.value
            ],
            activities=[one.name for one in activities if scene.value in one.scenes],
        )
        for scene in Scene
    ]


def _open_values(plan: Plan, codes: list[str]) -> dict[str, Reading]:
    """The newest published value of each indicator; what is shared or kept is not there."""
    rows = (
        Value.objects.filter(indicator__code__in=codes, area=plan.area, sharing=Sharing.OPEN)
        .exclude(value=None)
        .select_related("indicator", "version")
        .order_by("period", "version__number")
    )
    return {
        one.indicator.code: reading_of(one, one.version, plan.area, code=one.indicator.code)
        for one in rows
    }
