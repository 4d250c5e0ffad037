"""Where the pins of a printed map go: projection, spreading of pins that overlap, scale bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from renkei.registry.facilities.booklet.plan import District, Entry

Point = tuple[float, float]

METRES_PER_DEGREE = 111_320.0
MAP_WIDTH, MAP_HEIGHT = 180.0, 165.0  # millimetres on A4 with 15 mm margins
PIN_DISTANCE = 8.6  # millimetres between the middles of two pins
MARGIN = 7.0
FINEST_LINE = 0.3  # millimetres a printer and a FAX can show
SCALE_STEPS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
SCALE_TARGET = 35.0  # millimetres a scale bar should have at most
RINGS_TRIED = 20
CROWD = 20  # pins that deserve a map of their own surroundings
FINEST_METRES = 6.0  # what one millimetre shows at least
LARGEST_BORDER = 2.5  # times the extent of its places; a larger one does not decide the frame
SMALLEST_EXTENT = 0.004  # degrees, about 400 m
MOST_NAMES = 60  # of towns that are tried on one map
LETTER = 3.75  # millimetres of one full-width letter of 10.5 pt
# Where a name may stand instead of exactly on its place.
LABEL_STEPS = ((0, 0), (0, -6), (0, 6), (12, 0), (-12, 0), (0, -12), (0, 12), (18, 8), (-18, -8))


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
class Label:
    """The name of a town on the map; (x, y) is the upper left corner of its letters."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Sheet:
    """The rectangle a map is drawn in, in millimetres."""

    width: float = MAP_WIDTH
    height: float = MAP_HEIGHT
    finest: float = FINEST_METRES  # metres that one millimetre shows at least


A4_SHEET = Sheet()
A3_SHEET = Sheet(267.0, 205.0)


@dataclass(frozen=True)
class PrintedMap:
    """A map ready to draw; the origin is the top left corner."""

    sheet: Sheet
    pins: tuple[Pin, ...]
    borders: tuple[tuple[Point, ...], ...]
    outlines: tuple[tuple[Point, ...], ...]
    labels: tuple[Label, ...]
    scale_metres: int
    scale_length: float  # millimetres


def print_map(district: District, sheet: Sheet = A4_SHEET) -> PrintedMap | None:
    """The map of one chapter, or None when no place has a position."""
    positions = [(one, one.position) for one in district.entries if one.position]
    if not positions:
        return None
    points = [point for _, point in positions]
    frame = _Frame.around(_framed(points, district.ground.borders), sheet)
    wanted = [frame.project(point) for point in points]
    spots = spread(wanted, sheet)
    pins = tuple(
        Pin(entry, x, y, at_x, at_y)
        for (entry, _), (x, y), (at_x, at_y) in zip(positions, spots, wanted, strict=True)
    )
    metres = max(
        (step for step in SCALE_STEPS if step / frame.metres_per_mm <= SCALE_TARGET),
        default=SCALE_STEPS[0],
    )
    return PrintedMap(
        sheet=sheet,
        pins=pins,
        borders=_drawn(district.ground.borders, frame),
        outlines=_drawn(district.ground.outlines, frame),
        labels=place_labels(
            [(one.name, frame.exact(one.position)) for one in district.ground.names],
            [*spots, *wanted],
            sheet,
        ),
        scale_metres=metres,
        scale_length=metres / frame.metres_per_mm,
    )


def _framed(points: list[Point], borders: Sequence[Sequence[Point]]) -> list[Point]:
    """The points that the map must show: the border's too, unless it is far larger than they."""
    corners = [point for ring in borders for point in ring]
    if not corners:
        return points
    near = [point for point in points if _near(point, corners)]
    # A place outside the border (a town centre of a neighbour) must not shrink the map to a dot,
    # and neither must the mountains of a large town whose places lie in one valley.
    crowded = len(near) >= CROWD
    if crowded and max(_extent(corners)) > LARGEST_BORDER * max(*_extent(near), SMALLEST_EXTENT):
        return near
    return corners + near


def _extent(points: Sequence[Point]) -> tuple[float, float]:
    longitudes, latitudes = zip(*points, strict=True)
    return (max(longitudes) - min(longitudes), max(latitudes) - min(latitudes))


def _drawn(rings: Sequence[Sequence[Point]], frame: _Frame) -> tuple[tuple[Point, ...], ...]:
    """Rings as lines on the sheet, cut off a little outside of it."""
    reach = 5.0
    lines: list[tuple[Point, ...]] = []
    for ring in rings:
        cut = shapely.clip_by_rect(
            shapely.LineString([frame.exact(point) for point in [*ring, ring[0]]]),
            -reach, -reach, frame.sheet.width + reach, frame.sheet.height + reach,
        )  # fmt: skip
        parts = shapely.line_merge(cut) if cut.geom_type == "MultiLineString" else cut
        lines += [
            _thinned(list(part.coords))
            for part in getattr(parts, "geoms", [parts])
            if part.geom_type == "LineString" and not part.is_empty
        ]
    return tuple(lines)


def place_labels(
    names: Sequence[tuple[str, Point]], pins: Sequence[Point], sheet: Sheet
) -> tuple[Label, ...]:
    """Names at their place or a little beside it; those without room are left out."""
    taken = [_around_pin(pin) for pin in pins]
    taken += _corners(sheet)
    placed = []
    near = [(name, spot) for name, spot in names if _is_on(spot, sheet)]
    for name, (x, y) in near[:MOST_NAMES]:
        wide = LETTER * len(name)
        for across, down in LABEL_STEPS:
            left, top = x - wide / 2 + across, y - LETTER / 2 + down
            box = (left, top, left + wide, top + LETTER)
            inside = left >= 1 and top >= 1 and box[2] <= sheet.width - 1
            if inside and box[3] <= sheet.height - 1 and not any(_meet(box, one) for one in taken):
                taken.append(box)
                placed.append(Label(name, round(left, 2), round(top, 2)))
                break
    return tuple(placed)


def _is_on(spot: Point, sheet: Sheet) -> bool:
    return 0 <= spot[0] <= sheet.width and 0 <= spot[1] <= sheet.height


Box = tuple[float, float, float, float]  # left, top, right, bottom


def _corners(sheet: Sheet) -> list[Box]:
    """Where the scale bar and the north arrow stand."""
    return [(0, sheet.height - 10, 60, sheet.height), (sheet.width - 14, 0, sheet.width, 16)]


def _around_pin(spot: Point) -> Box:
    half = PIN_DISTANCE / 2
    return (spot[0] - half, spot[1] - half, spot[0] + half, spot[1] + half)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def spread(wanted: Sequence[Point], sheet: Sheet = A4_SHEET) -> list[Point]:
    """Move pins that would cover another one to the nearest free spot, in the given order."""
    taken: dict[tuple[int, int], list[Point]] = {}
    corners = _corners(sheet)
    spots = []
    for x, y in wanted:
        around = (
            one
            for one in _around(x, y, sheet)
            if not any(_meet(_around_pin(one), corner) for corner in corners)
        )
        spot = next((one for one in around if _free(one, taken)), (x, y))
        taken.setdefault(_cell(spot), []).append(spot)
        spots.append(spot)
    return spots


@dataclass(frozen=True)
class _Frame:
    """Local equal-scale projection of a small area onto the printed rectangle."""

    middle: Point
    metres_per_mm: float
    sheet: Sheet

    @classmethod
    def around(cls, points: Sequence[Point], sheet: Sheet) -> _Frame:
        longitudes, latitudes = zip(*points, strict=True)
        middle = (
            (min(longitudes) + max(longitudes)) / 2,
            (min(latitudes) + max(latitudes)) / 2,
        )
        wide = (max(longitudes) - min(longitudes)) * _metres_per_longitude(middle[1])
        high = (max(latitudes) - min(latitudes)) * METRES_PER_DEGREE
        across, down = sheet.width - 2 * MARGIN, sheet.height - 2 * MARGIN
        return cls(middle, max(wide / across, high / down, sheet.finest), sheet)

    def exact(self, point: Point) -> Point:
        """Where a point lies, on the sheet or outside of it."""
        east = (point[0] - self.middle[0]) * _metres_per_longitude(self.middle[1])
        north = (point[1] - self.middle[1]) * METRES_PER_DEGREE
        x = self.sheet.width / 2 + east / self.metres_per_mm
        return (x, self.sheet.height / 2 - north / self.metres_per_mm)

    def project(self, point: Point) -> Point:
        """Where a point lies, moved to the edge of the sheet when it is outside."""
        x, y = self.exact(point)
        return (min(max(x, 0.0), self.sheet.width), min(max(y, 0.0), self.sheet.height))


def _metres_per_longitude(latitude: float) -> float:
    return METRES_PER_DEGREE * math.cos(math.radians(latitude))


def _near(point: Point, corners: Sequence[Point]) -> bool:
    wide, high = (max(side, 0.01) for side in _extent(corners))
    west, south = min(one[0] for one in corners), min(one[1] for one in corners)
    return (
        west - wide / 4 <= point[0] <= west + wide * 5 / 4
        and south - high / 4 <= point[1] <= south + high * 5 / 4
    )


def _around(x: float, y: float, sheet: Sheet) -> list[Point]:
    spots = [_inside(x, y, sheet)]
    for ring in range(1, RINGS_TRIED):
        distance = PIN_DISTANCE * 0.75 * ring
        count = 6 * ring
        for step in range(count):
            angle = 2 * math.pi * step / count
            across, down = distance * math.cos(angle), distance * math.sin(angle)
            spots.append(_inside(x + across, y + down, sheet))
    return spots


def _inside(x: float, y: float, sheet: Sheet) -> Point:
    half = PIN_DISTANCE / 2 + 1
    return (min(max(x, half), sheet.width - half), min(max(y, half), sheet.height - half))


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
