"""Loading the look-ups of an import: municipalities, towns, boundaries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import shapely
from django.db.models import Count, Max

from renkei.foundation.areas.models import Area, AreaChange, Boundary, Town
from renkei.foundation.areas.queries import municipality_index, town_index
from renkei.foundation.areas.resolver import Municipality
from renkei.registry.facilities.importers.geography import Geography

# A boundary is simplified, a building stands beside the line: about a kilometre is not "elsewhere".
TOLERANCE_DEGREES = 0.01


def load_geography(day: date) -> Geography:
    """The look-ups as of a day."""
    municipalities = municipality_index(day)
    return Geography(municipalities, town_index(municipalities), _elsewhere(), _fingerprint())


def _fingerprint() -> str:
    """Changes whenever a row of the look-ups is added, removed or replaced."""
    parts = []
    for model in (Area, AreaChange, Town, Boundary):
        found = model.objects.aggregate(rows=Count("pk"), last=Max("pk"))
        parts.append(f"{found['rows']}-{found['last']}")
    return "/".join(parts)


def _elsewhere() -> Callable[[Municipality, float, float], bool]:
    """Whether a point is surely in another municipality than said.

    An area without a boundary of its own (a city of wards, an invented one) cannot say.
    """
    rows = Boundary.objects.order_by("area_id", "as_of").values_list(
        "area_id", "west", "south", "east", "north"
    )
    boxes = {row[0]: row[1:] for row in rows}
    shapes: dict[int, shapely.Geometry] = {}

    def lies_elsewhere(municipality: Municipality, latitude: float, longitude: float) -> bool:
        box = boxes.get(municipality.id)
        if box is None:
            return False
        west, south, east, north = box
        near = TOLERANCE_DEGREES
        if not (
            west - near <= longitude <= east + near and south - near <= latitude <= north + near
        ):
            return True
        shape = shapes.get(municipality.id)
        if shape is None:
            shape = shapes[municipality.id] = _shape(municipality.id)
        return not shapely.intersects_xy(shape, longitude, latitude)

    return lies_elsewhere


def _shape(area_id: int) -> shapely.Geometry:
    """The area and a kilometre around it, prepared for many questions."""
    newest = Boundary.objects.filter(area=area_id).order_by("as_of").last()
    if newest is None:  # deleted since the boxes were read
        return shapely.box(-180, -90, 180, 90)
    shape = shapely.geometry.shape(newest.geometry).buffer(TOLERANCE_DEGREES, quad_segs=2)
    shapely.prepare(shape)
    return shape
