"""Where the pins of a printed map go: projection, spreading of pins that overlap, scale bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from renkei.registry.facilities.booklet.plan import District, Entry

Point = tuple[float, float]

METRES_PER_DEGREE = 111_320.0
MAP_WIDTH, MAP_HEIGHT = 180.0, 150.0  # millimetres on A4 with 15 mm margins
PIN_DISTANCE = 6.5  # millimetres between the middles of two pins
MARGIN = 7.0
FINEST_LINE = 0.3  # millimetres a printer and a FAX can show
SCALE_STEPS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
SCALE_TARGET = 35.0  # millimetres a scale bar should have at most
RINGS_TRIED = 14


@dataclass(frozen=True)
class Pin:
    """One pin: where it is drawn (x, y) and the place it means (at_x, at_y), in millimetres."""

    entry: Entry
    x: float
    y: float
    at_x: float
    at_y: float

    @property
    def moved(self) -> bool:
        """Whether a line must lead from the pin to its place."""
        return math.hypot(self.x - self.at_x, self.y - self.at_y) > PIN_DISTANCE / 2


@dataclass(frozen=True)
class PrintedMap:
    """A map ready to draw; the origin is the top left corner."""

    pins: tuple[Pin, ...]
    borders: tuple[tuple[Point, ...], ...]
    scale_metres: int
    scale_length: float  # millimetres


def print_map(district: District) -> PrintedMap | None:
    """The map of one chapter, or None when no place has a position."""
    positions = [
        (one, (one.longitude, one.latitude))
        for one in district.entries
        if one.latitude is not None and one.longitude is not None
    ]
    if not positions:
        return None
    points = [point for _, point in positions]
    corners = [point for ring in district.borders for point in ring] or points
    # A place outside the border (a town centre of a neighbour) must not shrink the map to a dot.
    frame = _Frame.around(corners + [point for point in points if _near(point, corners)])
    wanted = [frame.project(point) for point in points]
    spots = spread(wanted)
    pins = tuple(
        Pin(entry, x, y, at_x, at_y)
        for (entry, _), (x, y), (at_x, at_y) in zip(positions, spots, wanted, strict=True)
    )
    metres = max(
        (step for step in SCALE_STEPS if step / frame.metres_per_mm <= SCALE_TARGET),
        default=SCALE_STEPS[0],
    )
    borders = tuple(_thinned([frame.project(point) for point in ring]) for ring in district.borders)
    return PrintedMap(pins, borders, metres, metres / frame.metres_per_mm)


def spread(wanted: Sequence[Point]) -> list[Point]:
    """Move pins that would cover another one to the nearest free spot, in the given order."""
    taken: dict[tuple[int, int], list[Point]] = {}
    spots = []
    for x, y in wanted:
        spot = next((one for one in _around(x, y) if _free(one, taken)), (x, y))
        taken.setdefault(_cell(spot), []).append(spot)
        spots.append(spot)
    return spots


@dataclass(frozen=True)
class _Frame:
    """Local equal-scale projection of a small area onto the printed rectangle."""

    middle: Point
    metres_per_mm: float

    @classmethod
    def around(cls, points: Sequence[Point]) -> _Frame:
        longitudes, latitudes = zip(*points, strict=True)
        middle = (
            (min(longitudes) + max(longitudes)) / 2,
            (min(latitudes) + max(latitudes)) / 2,
        )
        wide = (max(longitudes) - min(longitudes)) * _metres_per_longitude(middle[1])
        high = (max(latitudes) - min(latitudes)) * METRES_PER_DEGREE
        metres_per_mm = max(wide / (MAP_WIDTH - 2 * MARGIN), high / (MAP_HEIGHT - 2 * MARGIN), 2.0)
        return cls(middle, metres_per_mm)

    def project(self, point: Point) -> Point:
        east = (point[0] - self.middle[0]) * _metres_per_longitude(self.middle[1])
        north = (point[1] - self.middle[1]) * METRES_PER_DEGREE
        x = MAP_WIDTH / 2 + east / self.metres_per_mm
        y = MAP_HEIGHT / 2 - north / self.metres_per_mm
        return (min(max(x, 0.0), MAP_WIDTH), min(max(y, 0.0), MAP_HEIGHT))


def _metres_per_longitude(latitude: float) -> float:
    return METRES_PER_DEGREE * math.cos(math.radians(latitude))


def _near(point: Point, corners: Sequence[Point]) -> bool:
    longitudes, latitudes = zip(*corners, strict=True)
    wide = max(max(longitudes) - min(longitudes), 0.01)
    high = max(max(latitudes) - min(latitudes), 0.01)
    return (
        min(longitudes) - wide / 4 <= point[0] <= max(longitudes) + wide / 4
        and min(latitudes) - high / 4 <= point[1] <= max(latitudes) + high / 4
    )


def _around(x: float, y: float) -> list[Point]:
    spots = [_inside(x, y)]
    for ring in range(1, RINGS_TRIED):
        distance = PIN_DISTANCE * 0.75 * ring
        count = 6 * ring
        for step in range(count):
            angle = 2 * math.pi * step / count
            spots.append(_inside(x + distance * math.cos(angle), y + distance * math.sin(angle)))
    return spots


def _inside(x: float, y: float) -> Point:
    half = PIN_DISTANCE / 2
    return (min(max(x, half), MAP_WIDTH - half), min(max(y, half), MAP_HEIGHT - half))


def _cell(spot: Point) -> tuple[int, int]:
    return (int(spot[0] // PIN_DISTANCE), int(spot[1] // PIN_DISTANCE))


def _free(spot: Point, taken: dict[tuple[int, int], list[Point]]) -> bool:
    column, row = _cell(spot)
    return all(
        math.dist(spot, other) >= PIN_DISTANCE
        for across in (-1, 0, 1)
        for down in (-1, 0, 1)
        for other in taken.get((column + across, row + down), ())
    )


def _thinned(ring: Sequence[Point]) -> tuple[Point, ...]:
    """Leave out points closer than ``FINEST_LINE``."""
    kept: list[Point] = []
    for point in ring:
        # Compared with the last point kept, so that many small steps still make a line.
        if not kept or math.dist(point, kept[-1]) >= FINEST_LINE:
            kept.append(point)
    return tuple((round(x, 2), round(y, 2)) for x, y in kept)
