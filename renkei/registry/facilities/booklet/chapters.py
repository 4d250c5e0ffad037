"""Which chapter of a booklet a place belongs to, and what the map of a chapter shows."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Final

import shapely

from renkei.registry.facilities.booklet.plan import Entry, Ground, PlaceName, Ring

# More pins than this on one map nobody can read; the chapter is divided by towns.
MOST_PLACES: Final = 80
# A place three times as far out as nine of ten others is most likely in the wrong spot.
FAR: Final = 3
CROWD: Final = 20
UNKNOWN_DISTRICT: Final = "（地区の分からない所）"
NO_MUNICIPALITY: Final = "市区町村の分からない所"
POLYGON_CORNERS: Final = 3


@dataclass(frozen=True)
class Shape:
    """An area with its border: a 日常生活圏域 or a municipality."""

    name: str
    rings: tuple[Ring, ...] = ()


@dataclass(frozen=True)
class Map:
    """What is known of the land, for the maps of all chapters."""

    districts: tuple[Shape, ...] = ()  # 日常生活圏域; empty where the town has none drawn
    municipalities: tuple[Shape, ...] = ()  # of the booklet, in the order of their codes
    around: tuple[Ring, ...] = ()  # neighbours
    towns: Mapping[str, Sequence[PlaceName]] | None = None  # municipality → its towns


def divide(entries: Iterable[Entry], land: Map) -> tuple[list[Entry], dict[str, Ground]]:
    """Give every place its chapter.

    A chapter is a 日常生活圏域 where its border is known, otherwise a municipality; what is too
    much for one map is divided by towns.

    Returns: the places with their chapter, and each chapter's ground in the order of the booklet.
    """
    chapters = _by_area(list(entries), land)
    shapes = {one.name: one for one in (*land.municipalities, *land.districts)}
    outlines = tuple(ring for one in land.municipalities for ring in one.rings) + land.around
    divided: list[Entry] = []
    grounds: dict[str, Ground] = {}
    for area, places in chapters.items():
        borders = shapes[area].rings if area in shapes else ()
        parts = _parts(area, places)
        for name, part in parts:
            divided += [replace(one, district=name) for one in _without_far(part)]
            grounds[name] = Ground(
                # A part has no border of its own; that of the whole is drawn around it.
                borders=borders if len(parts) == 1 else (),
                outlines=outlines if len(parts) == 1 else (*borders, *outlines),
                names=_names(part, land),
            )
    return divided, grounds


def rings_of(geometry: Mapping[str, Any]) -> tuple[Ring, ...]:
    """The outer rings of a GeoJSON polygon or multi-polygon."""
    polygons = geometry.get("coordinates", [])
    if geometry.get("type") == "Polygon":
        polygons = [polygons]
    elif geometry.get("type") != "MultiPolygon":
        return ()
    return tuple(
        tuple((float(point[0]), float(point[1])) for point in polygon[0]) for polygon in polygons
    )


def _by_area(entries: list[Entry], land: Map) -> dict[str, list[Entry]]:
    """Places by 圏域 or municipality, in the order of the map."""
    within = _districts_of(entries, land.districts)
    by_town: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for entry in entries:
        if name := within.get(entry.facility_id):
            by_town[entry.municipality, entry.town][name] += 1
    divided_towns = {municipality for municipality, _ in by_town}
    order = [one.name for one in (*land.districts, *land.municipalities)]
    found: dict[str, list[Entry]] = {name: [] for name in order}
    for entry in entries:
        area = within.get(entry.facility_id) or entry.municipality or NO_MUNICIPALITY
        if entry.facility_id not in within and entry.municipality in divided_towns:
            # Where the others of its town are, it is too.
            town = by_town.get((entry.municipality, entry.town)) if entry.town else None
            area = town.most_common(1)[0][0] if town else entry.municipality + UNKNOWN_DISTRICT
        found.setdefault(area, []).append(entry)
    return {name: places for name, places in found.items() if places}


def _districts_of(entries: Sequence[Entry], districts: Sequence[Shape]) -> dict[int, str]:
    """Place → the 圏域 it lies in."""
    located = [(entry, entry.position) for entry in entries if entry.position]
    polygons = [
        (shapely.Polygon(ring), shape.name)
        for shape in districts
        for ring in shape.rings
        if len(ring) >= POLYGON_CORNERS
    ]
    if not located or not polygons:
        return {}
    tree = shapely.STRtree([polygon for polygon, _ in polygons])
    points = [shapely.Point(position) for _, position in located]
    places, hits = tree.query(points, predicate="intersects")
    found: dict[int, str] = {}
    for place, hit in sorted(zip(places.tolist(), hits.tolist(), strict=True)):
        found.setdefault(located[place][0].facility_id, polygons[hit][1])
    return found


@dataclass(frozen=True)
class _Town:
    """The places of one town, and the middle of those that have a position."""

    name: str
    places: list[Entry]
    middle: tuple[float, float] | None


def _parts(area: str, places: list[Entry]) -> list[tuple[str, list[Entry]]]:
    """The chapter as it is, or divided by towns that lie together, north to south."""
    if len(places) <= MOST_PLACES:
        return [(area, places)]
    towns: dict[str, list[Entry]] = defaultdict(list)
    for entry in places:
        towns[entry.town].append(entry)
    known = [_town(name, rows) for name, rows in sorted(towns.items())]
    groups = _halved([town for town in known if town.middle])
    # Towns that the map cannot show keep the last part company.
    lost = [town for town in known if not town.middle]
    groups = [*groups[:-1], [*groups[-1], *lost]] if groups else [lost]
    if len(groups) == 1:
        return [(area, places)]
    return [
        (
            f"{area} {number}（{_label(group)}）",
            [entry for town in group for entry in town.places],
        )
        for number, group in enumerate(groups, start=1)
    ]


def _town(name: str, places: list[Entry]) -> _Town:
    points = [one.position for one in places if one.position]
    if not points:
        return _Town(name, places, None)
    middle = (sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points))
    return _Town(name, places, middle)


def _halved(towns: list[_Town]) -> list[list[_Town]]:
    """Towns in groups of at most MOST_PLACES places, cut across the longer side each time."""
    count = sum(len(town.places) for town in towns)
    if count <= MOST_PLACES or len(towns) < 2:  # noqa: PLR2004 - one town is not divided
        return [towns] if towns else []
    middles = [town.middle for town in towns if town.middle]
    wide = max(x for x, _ in middles) - min(x for x, _ in middles)
    high = max(y for _, y in middles) - min(y for _, y in middles)
    if wide > high:
        ordered = sorted(towns, key=lambda town: (town.middle or (0, 0), town.name))
    else:
        ordered = sorted(towns, key=lambda town: (-(town.middle or (0, 0))[1], town.name))
    seen, cut = 0, 1
    for at, town in enumerate(ordered[:-1], start=1):
        seen += len(town.places)
        if seen <= count / 2 or at == 1:
            cut = at
    return [*_halved(ordered[:cut]), *_halved(ordered[cut:])]


def _label(towns: Sequence[_Town]) -> str:
    """北浜・本町など: the towns with the most places."""
    named = sorted((town for town in towns if town.name), key=lambda one: -len(one.places))
    if not named:
        return "町名の分からない所"
    most = "・".join(town.name for town in named[:2])
    return most + ("など" if len(named) > 2 else "")  # noqa: PLR2004 - two are named


def _without_far(places: list[Entry]) -> list[Entry]:
    """A wrong position far from all others would shrink them to a dot: it loses its pin."""
    points = [one.position for one in places if one.position]
    if len(points) < CROWD:
        return places
    middle = (median(x for x, _ in points), median(y for _, y in points))
    far = FAR * sorted(math.dist(point, middle) for point in points)[len(points) * 9 // 10]
    return [
        replace(one, longitude=None, latitude=None)
        if one.position and math.dist(one.position, middle) > far
        else one
        for one in places
    ]


def _names(places: Sequence[Entry], land: Map) -> tuple[PlaceName, ...]:
    """The names of its municipalities' towns, those of the chapter first, by their places."""
    if not land.towns:
        return ()
    counted = Counter((one.municipality, one.town) for one in places if one.town)
    known = [
        (-counted[municipality, town.name], town)
        for municipality in dict.fromkeys(one.municipality for one in places)
        for town in land.towns.get(municipality, ())
    ]
    return tuple(town for _, town in sorted(known, key=lambda pair: (pair[0], pair[1].name)))
