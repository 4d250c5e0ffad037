"""The marks of a map's view: single places, or how many lie together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Max, Min

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.catalogue import GROUPS, GroupInfo
from renkei.registry.facilities.models import Facility, MapCell
from renkei.registry.facilities.queries import area_scope, located
from renkei.registry.facilities.search.boxes import Box
from renkei.registry.facilities.search.conditions import IN_BOX, Condition, box_values, condition_of
from renkei.registry.facilities.search.counts import KEPT_ZOOMS, cell_size
from renkei.registry.facilities.search.documents import FACET_BITS
from renkei.registry.facilities.search.hits import count_of, hits_of, rows_of
from renkei.registry.facilities.search.terms import COUNT_LIMIT, PAGE_SIZE, SearchTerms
from renkei.registry.facilities.visibility import Gate

# More marks than this cover each other on any screen.
MOST_POINTS = 300
# From here the index of positions leaves fewer rows than that of words.
_CLOSE_ZOOM = 11


@dataclass(frozen=True, slots=True)
class Cluster:
    """Some places near each other."""

    latitude: float
    longitude: float
    count: int
    box: Box


@dataclass(frozen=True, slots=True)
class MapPoint:
    """One place on the map."""

    pk: int
    latitude: float
    longitude: float
    name: str
    town: str
    group: GroupInfo


@dataclass(frozen=True, slots=True)
class Marks:
    """What a view shows, and how many places match wherever they lie."""

    total: int
    clusters: list[Cluster]
    points: list[MapPoint]
    # Place → its number in the list beside the map.
    numbers: Mapping[int, int]


def marks_of(terms: SearchTerms, box: Box, zoom: int, *, viewer: Viewer) -> Marks:
    """Clusters or points of one view; three to eight statements."""
    scope, _ = area_scope(terms.areas)
    terms, _ = located(terms, scope)
    condition = condition_of(terms, scope, viewer.audience)
    # On the map or not: the number the list shows.
    total, listed = count_of(condition), condition
    if terms.is_everything and zoom in KEPT_ZOOMS and viewer.audience is Audience.PUBLIC:
        clusters = _kept(box, zoom)
    else:
        if zoom >= _CLOSE_ZOOM:
            condition = replace(condition, sql=f"({condition.sql}) IS TRUE")
        clusters = _counted(condition, box, cell_size(zoom))
    shown = sum(cluster.count for cluster in clusters)
    if shown <= MOST_POINTS:
        points = _points(condition, terms, box, viewer)
        return Marks(total, [], points, _numbers(terms, listed) if points else {})
    return Marks(total, clusters, [], {})


def _numbers(terms: SearchTerms, condition: Condition) -> dict[int, int]:
    first = (terms.page - 1) * PAGE_SIZE + 1
    return {pk: number for number, pk in enumerate(hits_of(terms, condition).ids, first)}


def extent_of(terms: SearchTerms, *, count: int, viewer: Viewer) -> Box | None:
    """Where the ``count`` results of a search lie; of a broad one, where the register does."""
    if terms.near:
        radius = terms.radius_km or _AROUND_KM
        values = box_values(terms.near.latitude, terms.near.longitude, radius)
        return Box(values["west"], values["south"], values["east"], values["north"])
    scope, _ = area_scope(terms.areas)
    if count > COUNT_LIMIT and not scope.lexemes:
        found = MapCell.objects.aggregate(
            west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north")
        )
        box = found["west"], found["south"], found["east"], found["north"]
    else:
        box = rows_of(_EXTENT, condition_of(terms, scope, viewer.audience), "")[0]
    return None if box[0] is None else Box(*box)


_EXTENT = "SELECT min(e.longitude), min(e.latitude), max(e.longitude), max(e.latitude)"
_AROUND_KM = 5


_KEPT = """
SELECT latitude, longitude, count, west, south, east, north FROM facilities_mapcell
WHERE zoom = %(zoom)s AND latitude BETWEEN %(south)s AND %(north)s
    AND longitude BETWEEN %(west)s AND %(east)s
"""
_COUNT = (
    "SELECT avg(e.latitude), avg(e.longitude), count(*), min(e.longitude), min(e.latitude),"
    " max(e.longitude), max(e.latitude)"
)


def _kept(box: Box, zoom: int) -> list[Cluster]:
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, {"zoom": zoom, **box._asdict()})
        return [_cluster(row) for row in cursor.fetchall()]


def _counted(condition: Condition, box: Box, size: float) -> list[Cluster]:
    end = f"AND {IN_BOX} GROUP BY floor(e.longitude / %(size)s), floor(e.latitude / %(size)s)"
    rows = rows_of(_COUNT, condition, end, size=size, **box._asdict())
    return [_cluster(row) for row in rows]


def _cluster(row: tuple[float, float, int, float, float, float, float]) -> Cluster:
    latitude, longitude, count, *box = row
    return Cluster(latitude, longitude, count, Box(*box))


def _points(condition: Condition, terms: SearchTerms, box: Box, viewer: Viewer) -> list[MapPoint]:
    end = f"AND {IN_BOX} ORDER BY e.facility_id LIMIT {MOST_POINTS}"
    rows = rows_of(
        "SELECT e.facility_id, e.latitude, e.longitude, e.facets", condition, end, **box._asdict()
    )
    names = _names([facility_id for facility_id, *_ in rows], viewer)
    return [
        MapPoint(facility_id, latitude, longitude, *names[facility_id], _sign(facets, terms))
        for facility_id, latitude, longitude, facets in rows
        if facility_id in names
    ]


def _names(facility_ids: list[int], viewer: Viewer) -> dict[int, tuple[str, str]]:
    """Name and municipality of the places on the map, through the gate."""
    gate = Gate(viewer, facility_ids)
    rows = Facility.objects.filter(pk__in=facility_ids).values_list(
        "pk", "name", "municipality__name"
    )
    return {pk: (name, town or "") for pk, name, town in rows if gate.shows(pk, "name")}


_GROUP_BITS = {
    key: bit
    for lexeme, bit in FACET_BITS.items()
    if lexeme.startswith("g_") and (key := lexeme.removeprefix("g_")) in GROUPS
}


def _sign(facets: int, terms: SearchTerms) -> GroupInfo:
    """The sign of a place: of the kind that was looked for, else of its first."""
    own = [key for key, bit in _GROUP_BITS.items() if facets & bit]
    wanted = [key for key in own if key in terms.groups]
    return GROUPS[next(iter((*wanted, *own)), "support")]
