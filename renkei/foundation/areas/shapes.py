"""Boundaries as the screens need them: a drawing for the page, GeoJSON for the map island."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from django.core.cache import cache
from django.db.models import Count, F, Max
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from renkei.foundation.areas import geometry
from renkei.foundation.areas.models import Area, AreaLevel, AreaNeighbour, Boundary
from renkei.foundation.areas.queries import children_on, descendants_on
from renkei.foundation.areas.statistics import unit_ids_of

# The drawing in units of its view box, and how much around the area it shows.
WIDTH, MARGIN = 360.0, 0.18
_TALLEST = 400.0
# A detail below half a unit cannot be seen.
_DETAIL = 0.5
# Room one letter and one line of a name take at the size the template writes.
_LETTER, _LINE = 11, 14
_A_DAY = 24 * 60 * 60
# Beyond this the map would be a picture of the whole country.
_MOST_SHAPES = 250
_FEW_FEATURES = 80
_FINE, _COARSE = 0.0002, 0.001


@dataclass(frozen=True)
class Shape:
    """One area as an SVG path with the place of its name."""

    area_id: int
    name: str
    path: str
    x: float
    y: float
    inside: bool
    # Whether the name fits into the shape.
    labelled: bool


@dataclass(frozen=True)
class View:
    """From degrees to the view box; a degree of longitude shrinks with the latitude."""

    west: float
    north: float
    scale_x: float
    scale_y: float
    height: float

    @classmethod
    def around(cls, shapes: list[BaseGeometry]) -> View:
        west, south, east, north = shapely.total_bounds(shapes).tolist()
        shrink = math.cos(math.radians((south + north) / 2))
        wide, tall = (east - west) * shrink, north - south
        pad = MARGIN * max(wide, tall)
        scale = min(WIDTH / (wide + 2 * pad), _TALLEST / (tall + 2 * pad))
        spare = (WIDTH / scale - wide) / 2
        return cls(
            west=west - spare / shrink,
            north=north + pad,
            scale_x=scale * shrink,
            scale_y=scale,
            height=round((tall + 2 * pad) * scale, 1),
        )

    def place(self, shapes: BaseGeometry) -> BaseGeometry:
        def move(points: Any) -> Any:
            return (points - [self.west, self.north]) * [self.scale_x, -self.scale_y]

        return shapely.transform(shapes, move)

    def point(self, longitude: float, latitude: float) -> tuple[float, float] | None:
        """Where a place lies in the view box; None outside of it."""
        x, y = (longitude - self.west) * self.scale_x, (self.north - latitude) * self.scale_y
        return (round(x, 1), round(y, 1)) if 0 <= x <= WIDTH and 0 <= y <= self.height else None

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the view box in degrees."""
        south = self.north - self.height / self.scale_y
        return self.west, south, self.west + WIDTH / self.scale_x, self.north


@dataclass(frozen=True)
class Drawing:
    """The map of an area with its neighbours in a view box of its own."""

    width: float
    height: float
    shapes: list[Shape]
    source: str
    as_of: date | None
    view: View


def boundary_stamp() -> str:
    """Changes whenever a boundary does; for cache keys and ETags."""
    state = Boundary.objects.aggregate(Max("pk"), Count("pk"))
    return f"{state['pk__max']}-{state['pk__count']}"


def drawing_of(area: Area, day: date) -> Drawing | None:
    """The area's municipalities (or itself) and what lies around; None without boundaries."""
    key = f"areas-drawing2-{area.pk}-{day}-{boundary_stamp()}"
    found: Drawing | str | None = cache.get(key, "")
    if isinstance(found, str):
        found = _draw(area, day)
        cache.set(key, found, _A_DAY)
    return found


def _draw(area: Area, day: date) -> Drawing | None:
    if area.level == AreaLevel.NATION:
        return None
    inside = _inside(area, day)
    if not inside or len(inside) > _MOST_SHAPES:
        return None
    around = _around(area, inside, day)
    names = dict(Area.objects.filter(pk__in=[*inside, *around]).values_list("pk", "name"))
    boundaries = latest_boundaries([*inside, *around])
    shapes = {pk: shape(boundary.geometry) for pk, boundary in boundaries.items()}
    drawn = [shapes[pk] for pk in inside if pk in shapes]
    if not drawn:
        return None
    view = View.around(drawn)
    found = [
        _shape(pk, _short(names[pk]), shapes[pk], view, inside=pk in inside)
        for pk in [*around, *inside]
        if pk in shapes
    ]
    first = boundaries[next(pk for pk in inside if pk in shapes)]
    return Drawing(
        WIDTH, view.height, [s for s in found if s.path], first.source, first.as_of, view
    )


def _inside(area: Area, day: date) -> list[int]:
    if Boundary.objects.filter(area=area).exists():
        return [area.pk]
    return unit_ids_of(area, day)


def _around(area: Area, inside: Collection[int], day: date) -> list[int]:
    if area.level == AreaLevel.DAILY_LIVING:
        siblings = [
            edge.child_id
            for parent in Area.objects.filter(edges_down__child=area, period__contains=day)
            for edge in children_on(parent, day)
            if edge.child.level == AreaLevel.DAILY_LIVING
        ]
        return [pk for pk in siblings if pk not in inside]
    links = AreaNeighbour.objects.filter(area__in=inside).exclude(neighbour__in=inside)
    links = links.filter(neighbour__period__contains=day)
    return list(links.order_by("neighbour_id").values_list("neighbour_id", flat=True).distinct())


def latest_boundaries(area_ids: Collection[int]) -> Mapping[int, Boundary]:
    """The newest boundary of each area; one without a day only where there is no other."""
    rows = Boundary.objects.filter(area__in=area_ids).order_by(
        F("as_of").asc(nulls_first=True), "pk"
    )
    return {boundary.area_id: boundary for boundary in rows}


def _short(name: str) -> str:
    """A ward by its own name, 「中央区」, where its city is the frame."""
    city, _, ward = name.partition("市")
    return ward if city and ward.endswith("区") else name


def _shape(area_id: int, name: str, polygon: BaseGeometry, view: View, *, inside: bool) -> Shape:
    placed = geometry.simplified(view.place(polygon), _DETAIL)
    frame = shapely.box(-WIDTH, -view.height, 2 * WIDTH, 2 * view.height)
    visible = placed.intersection(shapely.box(0, 0, WIDTH, view.height))
    if visible.is_empty:
        return Shape(area_id, name, "", 0, 0, inside, labelled=False)
    point = visible.representative_point()
    west, south, east, north = visible.bounds
    fits = east - west > _LETTER * len(name) and north - south > _LINE
    path = _path(placed.intersection(frame))
    return Shape(area_id, name, path, round(point.x, 1), round(point.y, 1), inside, fits)


def _path(placed: BaseGeometry) -> str:
    parts = []
    for polygon in shapely.get_parts(placed):
        if polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in ring.coords[:-1])
            parts.append(f"M{points}Z")
    return "".join(parts)


def boundary_collection(area: Area, day: date) -> dict[str, Any]:
    """GeoJSON of the municipalities, or the 日常生活圏域, that make up an area on a day."""
    below = descendants_on(area, day).filter(period__contains=day).exclude(pk=area.pk)
    # The whole country at once would be slow to send and of no use on the map of a region.
    levels = (
        [] if area.level == AreaLevel.NATION else [AreaLevel.MUNICIPALITY, AreaLevel.DAILY_LIVING]
    )
    if area.level == AreaLevel.MUNICIPALITY:
        levels = [AreaLevel.WARD, AreaLevel.DAILY_LIVING]
    areas = {a.pk: a for a in below.filter(level__in=levels).order_by("code", "key")}
    areas = areas or {area.pk: area}
    boundaries = latest_boundaries(areas)
    tolerance = _FINE if len(boundaries) <= _FEW_FEATURES else _COARSE
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": pk,
                "properties": {"name": found.name, "level": found.level, "code": found.code},
                "geometry": geometry.to_geojson(
                    geometry.simplified(shape(boundaries[pk].geometry), tolerance)
                ),
            }
            for pk, found in areas.items()
            if pk in boundaries
        ],
    }
