"""The shapes of a map's areas, drawn from the boundaries of the areas room and kept for a day."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

import shapely
from django.core.cache import cache
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from renkei.foundation.areas import geometry
from renkei.foundation.areas.models import Area
from renkei.foundation.areas.queries import units_on
from renkei.foundation.areas.shapes import WIDTH, View, boundary_stamp, latest_boundaries
from renkei.foundation.common import clock
from renkei.programme.indicators.queries.maps import TOWN, Unit, members_on

_MARGIN, _TALLEST = 0.03, 440.0
_DETAIL: Final = 0.25
_MANY: Final = 400
_COARSE: Final = 0.6
# Islands farther from the middle than this many times the usual way are told, not drawn: 小笠原
# would make 東京 a dot. In degrees; at least so much.
_FAR, _LEAST = 4.0, 1.0
_LETTER, _LINE = 11, 14
_A_DAY: Final = 24 * 60 * 60


@dataclass(frozen=True)
class Shape:
    """One unit as an SVG path, with the place of its name; ``number`` as in the table."""

    number: int
    path: str
    x: float
    y: float
    wide: float
    tall: float

    def holds(self, name: str) -> bool:
        """Whether a name fits into the shape."""
        return self.wide > _LETTER * len(name) and self.tall > _LINE


@dataclass(frozen=True)
class MapDrawing:
    """All shapes in one view box. ``undrawn`` have no boundary, ``far`` lie outside of it."""

    width: float
    height: float
    view: View
    shapes: Sequence[Shape]
    # Shapes that stand for several units of then.
    shared: Sequence[Shape]
    undrawn: frozenset[int]
    far: frozenset[int]
    source: str
    as_of: date | None


def drawing_of(units: Sequence[Unit], level: str, day: date, prefecture: str) -> MapDrawing | None:
    """The drawing of a map's units; None where no boundary is known."""
    ids = ";".join(",".join(map(str, unit.area_ids)) for unit in units)
    mark = hashlib.sha256(f"{level}|{day}|{clock.today()}|{ids}".encode()).hexdigest()[:32]
    key = f"indicators-map2-{mark}-{boundary_stamp()}"
    found: MapDrawing | str | None = cache.get(key, "")
    if isinstance(found, str):
        found = _draw(units, level, day, prefecture)
        cache.set(key, found, _A_DAY)
    return found


def _draw(units: Sequence[Unit], level: str, day: date, prefecture: str) -> MapDrawing | None:
    ids = [pk for unit in units for pk in unit.area_ids]
    outlines, shared, about = _outlines(ids, level, day, prefecture)
    by_number: dict[int, BaseGeometry] = {}
    for number, unit in enumerate(units):
        parts = [outlines[pk] for pk in unit.area_ids if pk in outlines]
        if parts:
            by_number[number] = parts[0] if len(parts) == 1 else geometry.union(parts)
    everything = [*by_number.values(), *shared]
    if not everything:
        return None
    near = _near(by_number) if prefecture else set(by_number)
    inside = [by_number[number] for number in by_number if number in near]
    view = _view([_main(one) for one in (inside or everything)] + list(shared))
    detail = _COARSE if len(everything) > _MANY else _DETAIL
    shapes = [_shape(number, one, view, detail) for number, one in by_number.items()]
    return MapDrawing(
        width=WIDTH,
        height=view.height,
        view=view,
        shapes=[one for one in shapes if one.path],
        shared=[_shape(-1, one, view, detail) for one in shared],
        undrawn=frozenset(range(len(units))) - by_number.keys(),
        far=frozenset(one.number for one in shapes if not one.path),
        source=about[0],
        as_of=about[1],
    )


def _view(shapes: Sequence[BaseGeometry]) -> View:
    """As the page of an area, with less of what lies around: nothing is drawn there."""
    west, south, east, north = shapely.total_bounds(list(shapes)).tolist()
    shrink = math.cos(math.radians((south + north) / 2))
    wide, tall = (east - west) * shrink, north - south
    pad = _MARGIN * max(wide, tall)
    scale = min(WIDTH / (wide + 2 * pad), _TALLEST / (tall + 2 * pad))
    spare = (WIDTH / scale - wide) / 2
    height = round((tall + 2 * pad) * scale, 1)
    return View(west - spare / shrink, north + pad, scale * shrink, scale, height)


def _outlines(
    ids: Collection[int], level: str, day: date, prefecture: str
) -> tuple[dict[int, BaseGeometry], list[BaseGeometry], tuple[str, date | None]]:
    """Shapes by area; shapes of today that hold several of these areas; source and day."""
    boundaries = latest_boundaries(ids)
    found = {pk: shape(one.geometry) for pk, one in boundaries.items()}
    about = next(((one.source, one.as_of) for one in boundaries.values()), ("", None))
    left = [pk for pk in ids if pk not in found]
    if not left:
        return found, [], about
    if level != TOWN:
        areas = list(Area.objects.filter(pk__in=left))
        members = members_on(areas, day, prefecture=prefecture)
        towns = {pk for each in members.values() for pk in each}
        if not towns:
            return found, [], about
        pieces, _shared, about = _outlines(towns, TOWN, day, prefecture)
        for pk, each in members.items():
            parts = [pieces[town] for town in each if town in pieces]
            if parts:
                found[pk] = geometry.union(parts)
        return found, [], about
    later, shared, source = _from_today(left, day)
    return found | later, shared, about if about[0] else source


def _from_today(
    ids: Collection[int], day: date
) -> tuple[dict[int, BaseGeometry], list[BaseGeometry], tuple[str, date | None]]:
    """Old areas by the boundary of what they became, where that is theirs alone."""
    today = clock.today()
    became = units_on(ids, on=day, day=today)
    held = latest_boundaries({pk for each in became.values() for pk in each})
    came = units_on(held, on=today, day=day) if held else {}
    found: dict[int, BaseGeometry] = {}
    for pk, each in became.items():
        own = [shape(held[new].geometry) for new in each if new in held]
        if own and all(came.get(new) == [pk] for new in each):
            found[pk] = own[0] if len(own) == 1 else geometry.union(own)
    several = {new for pk, each in became.items() if pk not in found for new in each if new in held}
    source = next(((one.source, one.as_of) for one in held.values()), ("", None))
    return found, [shape(held[new].geometry) for new in sorted(several)], source


def _main(one: BaseGeometry) -> BaseGeometry:
    """The largest part: an islet in the ocean shall not shrink the rest."""
    parts: list[BaseGeometry] = shapely.get_parts(one).tolist()
    return max(parts, key=lambda part: part.area)


def _near(shapes: Mapping[int, BaseGeometry]) -> set[int]:
    """The units around the middle of all of them."""
    centres = {number: _main(one).centroid for number, one in shapes.items()}
    x = median(point.x for point in centres.values())
    y = median(point.y for point in centres.values())
    ways = {number: max(abs(point.x - x), abs(point.y - y)) for number, point in centres.items()}
    limit = max(_LEAST, _FAR * median(ways.values()))
    return {number for number, way in ways.items() if way <= limit}


def _shape(number: int, polygon: BaseGeometry, view: View, detail: float) -> Shape:
    placed = geometry.simplified(view.place(polygon), detail)
    visible = placed.intersection(shapely.box(0, 0, WIDTH, view.height))
    if visible.is_empty:
        return Shape(number, "", 0, 0, 0, 0)
    main = _main(visible)
    point = main.representative_point()
    west, north, east, south = main.bounds
    return Shape(
        number,
        _path(visible),
        round(point.x, 1),
        round(point.y, 1),
        round(east - west, 1),
        round(south - north, 1),
    )


def _path(placed: BaseGeometry) -> str:
    parts = []
    for polygon in shapely.get_parts(placed):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in ring.coords[:-1])
            parts.append(f"M{points}Z")
    return "".join(parts)
