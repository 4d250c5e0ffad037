"""Who of an area is on duty at which hour: every roster kept there, in a fixed number of queries.

No person is in it: rosters are the offices' own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from renkei.care.transitions.duty_rosters import Duty, Turn
from renkei.care.transitions.first_contacts import Cover, Step, Stretch, common, joined
from renkei.care.transitions.models import Roster
from renkei.care.transitions.queries.doctors import absences_in
from renkei.care.transitions.queries.numbers import area_around, areas_in
from renkei.care.transitions.queries.rosters import duty_rosters
from renkei.foundation.accounts.models import OrganisationKind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.registry.facilities.models import Facility


@dataclass(frozen=True)
class MapRow:
    """One roster of the area, with its window."""

    roster: Roster
    is_desk: bool
    turns: Sequence[Turn]


@dataclass(frozen=True)
class DutyMap:
    """All rosters of an area in one window; ``nobody``: when not one of them answers."""

    area: Area | None
    rows: Sequence[MapRow]
    nobody: Sequence[Stretch]


def duty_map(viewer: Viewer, *, since: datetime, until: datetime) -> DutyMap:
    """The rosters of the viewer's area, and of their own organisation wherever that is."""
    area = area_around(viewer)
    areas = areas_in(area)
    # An office in the register is where its place is; others say their area themselves.
    placed = Facility.objects.filter(organisation=OuterRef("organisation"), municipality__in=areas)
    rosters = list(
        Roster.objects.filter(
            Q(organisation__area__in=areas)
            | Q(Exists(placed))
            | Q(organisation=viewer.organisation_id),
            ended_at=None,
        )
        .select_related("organisation")
        .order_by("organisation__name", "name", "pk")
    )
    duties = duty_rosters(rosters, since=since, until=until)
    steps = [Step(each) for each in duties.values()]
    cover = Cover(since=since, until=until, absences=absences_in(steps, since=since, until=until))
    rows = [
        MapRow(
            roster,
            roster.organisation.kind != OrganisationKind.FACILITY,
            cover.turns(duties[roster.pk]),
        )
        for roster in rosters
    ]
    return DutyMap(area, rows, _nobody(rows, since, until))


def _nobody(rows: Sequence[MapRow], since: datetime, until: datetime) -> list[Stretch]:
    left: list[Stretch] = [(since, until)]
    for row in rows:
        silent = [(turn.starts_at, turn.ends_at) for turn in row.turns if turn.duty != Duty.ON]
        left = common(left, joined(silent))
    return left
