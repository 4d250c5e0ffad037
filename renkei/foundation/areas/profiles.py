"""An area's place among the others on a day: above, below, before, after, beside; its offices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, QuerySet

from renkei.foundation.areas.models import (
    Area,
    AreaChange,
    AreaLevel,
    AreaNeighbour,
    AreaOffice,
    Hierarchy,
    OfficeKind,
    Population,
)
from renkei.foundation.areas.queries import ancestors_on, areas_on, children_on


@dataclass(frozen=True)
class Place:
    """Where an area lies in one hierarchy: the areas above it, from the highest."""

    hierarchy: Hierarchy
    above: list[Area]


@dataclass
class Members:
    """What an area consists of in one hierarchy."""

    hierarchy: Hierarchy
    areas: list[Area] = field(default_factory=list)


@dataclass(frozen=True)
class OfficeLine:
    """One part in the programme, who plays it, and for which area; nobody where not recorded."""

    kind: OfficeKind
    offices: list[AreaOffice]


@dataclass(frozen=True)
class AreaProfile:
    """Everything the page of an area says beside its figures."""

    area: Area
    day: date
    places: list[Place]
    members: list[Members]
    neighbours: list[Area]
    origins: list[AreaChange]
    successors: list[AreaChange]
    offices: list[OfficeLine]
    # As printed with the area itself, without a day.
    printed_population: int | None

    @property
    def exists(self) -> bool:
        return self.day in self.area.period


def area_profile(area: Area, day: date) -> AreaProfile:
    """The profile, in a number of queries that does not depend on what it finds."""
    ancestors = ancestors_on(area, day)
    places: dict[int, Place] = {}
    for ancestor in sorted(ancestors, key=lambda a: (a.hierarchy.position, -a.depth)):
        place = places.setdefault(ancestor.hierarchy.pk, Place(ancestor.hierarchy, []))
        place.above.append(ancestor.area)
    members: dict[int, Members] = {}
    for edge in children_on(area, day):
        members.setdefault(edge.hierarchy_id, Members(edge.hierarchy)).areas.append(edge.child)
    around = AreaNeighbour.objects.filter(area=area).select_related("neighbour")
    printed = Population.objects.filter(area=area, as_of=None).order_by("pk").first()
    return AreaProfile(
        area=area,
        day=day,
        places=list(places.values()),
        members=list(members.values()),
        neighbours=[
            link.neighbour
            for link in around.order_by("neighbour__code")
            if day in link.neighbour.period
        ],
        origins=list(_changes().filter(new=area)),
        successors=list(_changes().filter(old=area)),
        offices=_office_lines([area.pk, *(ancestor.area.pk for ancestor in ancestors)]),
        printed_population=printed.count if printed else None,
    )


def _changes() -> QuerySet[AreaChange]:
    return AreaChange.objects.select_related("old", "new").order_by("changed_on", "pk")


def _office_lines(area_ids: list[int]) -> list[OfficeLine]:
    """The offices of the area and of those above it, nearest area first within a kind."""
    order = {area_id: position for position, area_id in enumerate(area_ids)}
    offices = AreaOffice.objects.filter(area__in=area_ids).select_related("area").order_by("name")
    # One centre may serve an area and those above it: it is named once, for the nearest.
    nearest: dict[tuple[str, str], AreaOffice] = {}
    for office in sorted(offices, key=lambda office: order[office.area_id]):
        nearest.setdefault((office.kind, office.name), office)
    rows = list(nearest.values())
    return [
        OfficeLine(kind, [office for office in rows if office.kind == kind])
        for kind in OfficeKind
        if kind != OfficeKind.SUPPORT_CENTRE or any(office.kind == kind for office in rows)
    ]


@dataclass(frozen=True)
class LevelList:
    """Areas of one kind."""

    level: AreaLevel
    areas: list[Area]


def prefectures_on(day: date) -> list[tuple[Area, int]]:
    """Prefectures with the number of their municipalities on a day."""
    counts = dict(
        areas_on(day)
        .filter(level=AreaLevel.MUNICIPALITY)
        .values_list("prefecture_code")
        .annotate(Count("pk"))
    )
    prefectures = areas_on(day).filter(level=AreaLevel.PREFECTURE).order_by("code")
    return [(area, counts.get(area.prefecture_code, 0)) for area in prefectures]


def areas_of_prefecture_on(prefecture_code: str, day: date) -> list[LevelList]:
    """Every area of a prefecture on a day by kind, from the largest kind to the smallest."""
    found: dict[str, list[Area]] = {}
    areas = areas_on(day).filter(prefecture_code=prefecture_code).order_by("code", "key")
    for area in areas:
        found.setdefault(area.level, []).append(area)
    order = (
        AreaLevel.PREFECTURE,
        AreaLevel.TERTIARY_MEDICAL,
        AreaLevel.SECONDARY_MEDICAL,
        AreaLevel.HOME_CARE,
        AreaLevel.HEALTH_CENTRE,
        AreaLevel.MEDICAL_ASSOCIATION,
        AreaLevel.WIDE_AREA_UNION,
        AreaLevel.MUNICIPALITY,
        AreaLevel.WARD,
        AreaLevel.DAILY_LIVING,
    )
    return [LevelList(level, found[level]) for level in order if level in found]
