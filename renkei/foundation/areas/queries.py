"""Areas and their hierarchies as they were on a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from renkei.foundation.areas.models import (
    Area,
    AreaEdge,
    AreaLevel,
    Hierarchy,
    HierarchyCode,
    Town,
)
from renkei.foundation.areas.resolver import Municipality, MunicipalityIndex, TownIndex, TownRow
from renkei.foundation.common.codes import check_municipality_code
from renkei.foundation.common.prefectures import prefecture_name

MUNICIPAL_LEVELS = (AreaLevel.MUNICIPALITY, AreaLevel.WARD)
# Addresses keep the old names for years after a merger; older ones are towns of their city now.
_YEARS_OF_FORMER_NAMES = 10


def all_areas() -> QuerySet[Area]:
    """Areas of every day; public."""
    return Area.objects.all()


def areas_on(day: date) -> QuerySet[Area]:
    """Areas that existed on a day."""
    return Area.objects.filter(period__contains=day)


def municipality_by_code(code: str, day: date) -> Area | None:
    """The prefecture, municipality or ward that had this code (five or six digits) on a day."""
    value = check_municipality_code(code, allow_fictional=True).value
    return areas_on(day).filter(code=value).order_by("pk").first()


# Up and down --------------------------------------------------------------------------------

_DOWN = """
WITH RECURSIVE walk (area_id) AS (
    SELECT unnest(%s::bigint[])
    UNION
    SELECT edge.child_id
    FROM walk
    JOIN areas_areaedge edge ON edge.parent_id = walk.area_id AND edge.period @> %s::date
    JOIN areas_hierarchy hierarchy ON hierarchy.id = edge.hierarchy_id
    WHERE hierarchy.code = ANY(%s) OR %s
)
SELECT area_id FROM walk
"""
_UP = """
WITH RECURSIVE walk (hierarchy_id, area_id, depth) AS (
    SELECT edge.hierarchy_id, edge.parent_id, 1
    FROM areas_areaedge edge
    WHERE edge.child_id = %(area)s AND edge.period @> %(day)s::date
    UNION
    SELECT walk.hierarchy_id, edge.parent_id, walk.depth + 1
    FROM walk
    JOIN areas_areaedge edge ON edge.child_id = walk.area_id
        AND edge.hierarchy_id = walk.hierarchy_id AND edge.period @> %(day)s::date
    WHERE walk.depth < 12
)
SELECT hierarchy_id, area_id, depth FROM walk ORDER BY depth, area_id
"""


def descendants_on(
    areas: Area | Collection[int], day: date, *, hierarchy: str | None = None
) -> QuerySet[Area]:
    """The areas themselves and everything in them on a day, in one query.

    ``areas`` is an area or primary keys. Without a hierarchy all of them are followed; with one,
    that and the 行政 one, because facilities lie in wards while 医療圏 are made of cities.
    """
    start = [areas.pk] if isinstance(areas, Area) else list(areas)
    followed = [hierarchy, HierarchyCode.ADMINISTRATIVE.value] if hierarchy else []
    below = RawSQL(_DOWN, (start, day, followed, not hierarchy))  # noqa: S611 - fixed text
    return Area.objects.filter(pk__in=below)


@dataclass(frozen=True)
class Ancestor:
    """One area above another; depth 1 is its parent."""

    hierarchy: Hierarchy
    area: Area
    depth: int


def ancestors_on(area: Area, day: date) -> list[Ancestor]:
    """Everything above an area on a day in every hierarchy, nearest first, in three queries."""
    with connection.cursor() as cursor:
        cursor.execute(_UP, {"area": area.pk, "day": day})
        rows: list[tuple[int, int, int]] = cursor.fetchall()
    areas = Area.objects.in_bulk({area_id for _, area_id, _ in rows})
    hierarchies = Hierarchy.objects.in_bulk({hierarchy_id for hierarchy_id, _, _ in rows})
    return [Ancestor(hierarchies[first], areas[second], depth) for first, second, depth in rows]


def parents_on(area: Area, day: date) -> QuerySet[AreaEdge]:
    """The edges from an area to its parents on a day, by hierarchy."""
    return (
        AreaEdge.objects.filter(child=area, period__contains=day)
        .select_related("hierarchy", "parent")
        .order_by("hierarchy__position", "hierarchy_id", "parent__key")
    )


def children_on(area: Area, day: date) -> QuerySet[AreaEdge]:
    """The edges from an area to its children on a day, by hierarchy."""
    return (
        AreaEdge.objects.filter(parent=area, period__contains=day)
        .select_related("hierarchy", "child")
        .order_by("hierarchy__position", "hierarchy_id", "child__code", "child__key")
    )


# As then, as now ----------------------------------------------------------------------------

_FLOW = """
WITH RECURSIVE walk (start_id, area_id) AS (
    SELECT id, id FROM unnest(%(areas)s::bigint[]) id
    UNION
    SELECT walk.start_id, change.{to}_id
    FROM walk
    JOIN areas_areachange change ON change.{origin}_id = walk.area_id
        AND change.changed_on > %(first)s::date AND change.changed_on <= %(last)s::date
)
SELECT walk.start_id, walk.area_id
FROM walk JOIN areas_area area ON area.id = walk.area_id
WHERE area.period @> %(day)s::date
ORDER BY area.code, area.id
"""
_FORWARD = _FLOW.format(origin="old", to="new")
_BACKWARD = _FLOW.format(origin="new", to="old")


def units_on(areas: Iterable[int], *, on: date, day: date) -> dict[int, list[int]]:
    """What the areas of one day (``on``) are on another: themselves, or what they became or were.

    Returns: for each area's primary key those of the areas on ``day`` that hold a part of it, in
    the order of their codes; none where nothing is known.
    """
    wanted = list(areas)
    sql = _FORWARD if day >= on else _BACKWARD
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {"areas": wanted, "first": min(on, day), "last": max(on, day), "day": day},
        )
        rows: list[tuple[int, int]] = cursor.fetchall()
    found: dict[int, list[int]] = {area_id: [] for area_id in wanted}
    for start, area_id in rows:
        found[start].append(area_id)
    return found


@dataclass(frozen=True)
class RecutRow:
    """A value for one unit, or for several that the source does not tell apart."""

    area_ids: tuple[int, ...]
    value: int


def recut(values: Mapping[int, int], *, on: date, day: date) -> list[RecutRow]:
    """Values of the units of one day (``on``) under the units of another, nothing lost.

    Units that were merged are added up. Where a unit was divided, the parts are one row together:
    a value is never split by guess. A unit of which nothing is known on ``day`` stays itself.
    """
    targets = units_on(values, on=on, day=day)
    groups: dict[int, set[int]] = {}
    for area_id in values:
        merged = set(targets[area_id] or [area_id])
        for target in list(merged):
            merged |= groups.get(target, set())
        for target in merged:
            groups[target] = merged
    totals: dict[tuple[int, ...], int] = defaultdict(int)
    for area_id, value in values.items():
        group = groups[(targets[area_id] or [area_id])[0]]
        totals[tuple(sorted(group))] += value
    return [RecutRow(area_ids, value) for area_ids, value in sorted(totals.items())]


# Look-ups for imports -----------------------------------------------------------------------


def municipality_index(day: date) -> MunicipalityIndex:
    """Every municipality and ward of a day, by code and address; four queries, kept in memory."""
    today = areas_on(day).filter(level__in=MUNICIPAL_LEVELS)
    rows = {area.pk: _row(area) for area in today.order_by("code")}
    past = day.replace(year=day.year - _YEARS_OF_FORMER_NAMES, day=1)
    ended = Area.objects.filter(
        level__in=MUNICIPAL_LEVELS, period__endswith__gt=past, period__endswith__lte=day
    ).order_by("code")
    former = [_row(area) for area in ended]
    successors = units_on([row.id for row in former], on=past, day=day)
    cities = {(row.prefecture_code, row.name): row for row in rows.values()}
    pairs = []
    for old in former:
        new = [rows[area_id] for area_id in successors[old.id] if area_id in rows]
        successor = new[0] if len(new) == 1 else _common_city(new, cities)
        if successor:
            pairs.append((old, successor))
    return MunicipalityIndex(rows.values(), former=pairs)


def town_index(municipalities: MunicipalityIndex) -> TownIndex:
    """From an address to the point of its town; a prefecture's towns load when first needed."""
    return TownIndex(municipalities, _towns_of)


def _row(area: Area) -> Municipality:
    return Municipality(area.pk, area.code, area.name, area.prefecture_code)


def _common_city(
    wards: list[Municipality], cities: Mapping[tuple[str, str], Municipality]
) -> Municipality | None:
    """The city of wards that share one: 浜松市北区 became parts of two wards."""
    names = {(ward.prefecture_code, ward.name.partition("市")[0] + "市") for ward in wards}
    return cities.get(names.pop()) if len(names) == 1 else None


def _towns_of(prefecture_code: str) -> Iterator[TownRow]:
    rows = Town.objects.filter(prefecture=prefecture_name(prefecture_code)).order_by("pk")
    columns = ("prefecture", "municipality", "name", "hamlet", "latitude", "longitude")
    for row in rows.values_list(*columns).iterator(chunk_size=5000):
        yield TownRow(*row)


# 在宅医療圏 -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class HomeCareArea:
    """One 在宅医療圏 with what its place says about it."""

    area: Area
    secondary: Area | None
    member_ids: tuple[int, ...]
    # The only 在宅医療圏 of its 二次医療圏.
    coincides: bool

    @property
    def is_one_municipality(self) -> bool:
        return len(self.member_ids) == 1


def home_care_areas_on(day: date, *, prefecture_code: str = "") -> list[HomeCareArea]:
    """The 在宅医療圏 of a day with their members, in two queries."""
    edges = AreaEdge.objects.filter(
        hierarchy__code=HierarchyCode.MEDICAL, period__contains=day
    ).select_related("child", "parent")
    above = {edge.child: edge.parent for edge in edges.filter(child__level=AreaLevel.HOME_CARE)}
    members: dict[int, list[int]] = defaultdict(list)
    for edge in edges.filter(parent__level=AreaLevel.HOME_CARE).order_by("child__code"):
        members[edge.parent_id].append(edge.child_id)
    siblings = Counter(parent.pk for parent in above.values())
    return [
        HomeCareArea(area, parent, tuple(members[area.pk]), siblings[parent.pk] == 1)
        for area, parent in sorted(above.items(), key=lambda pair: pair[0].key)
        if prefecture_code in ("", area.prefecture_code)
    ]
