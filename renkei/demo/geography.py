"""The map of 架空広域: five municipalities, their districts and towns."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from shapely.geometry import Point, Polygon

from renkei.foundation.common.codes import municipality_check_digit

Position = tuple[float, float]  # longitude, latitude

PREFECTURE_CODE = "99"
PREFECTURE = "架空県"
PREFECTURE_KANA = "かくうけん"
SECONDARY_AREA = "架空広域"

# Corners of the island and of its inner borders.
CORNERS: dict[str, Position] = {
    "A": (141.02, 35.80), "B": (141.16, 35.86), "C": (141.30, 35.85), "D": (141.42, 35.78),
    "E": (141.45, 35.68), "F": (141.36, 35.60), "G": (141.22, 35.57), "H": (141.08, 35.61),
    "I": (141.01, 35.70), "P": (141.14, 35.74), "Q": (141.26, 35.76), "R": (141.25, 35.655),
    "S": (141.33, 35.71), "T": (141.195, 35.68),
}  # fmt: skip
WIGGLE_STEPS = 4


@dataclass(frozen=True)
class Municipality:
    """One invented municipality; ``number`` is the three digits after the prefecture code."""

    number: str
    name: str
    kana: str
    corners: str
    towns: tuple[str, ...]
    population: int
    share_65: float
    share_75: float
    home_care_area: str
    area_number: str  # 郡市区番号 inside office and institution numbers

    @property
    def code(self) -> str:
        """全国地方公共団体コード, 6 digits."""
        five = PREFECTURE_CODE + self.number
        return five + municipality_check_digit(five)

    @property
    def polygon(self) -> Polygon:
        """Its border; neighbours share the very same points."""
        return polygon_of(self.corners)


MUNICIPALITIES = (
    Municipality(
        "201", "架空市", "かくうし", "PQSRGH",
        ("北浜", "本町", "松が丘", "みずほ台", "港町", "大字架空"), 86_214, 31.2, 16.9, "架空南部", "01",
    ),
    Municipality(
        "202", "汐見市", "しおみし", "BCDSQP",
        ("汐見台", "中央", "灯台前", "大字汐見"), 41_380, 33.8, 18.4, "架空北部", "02",
    ),
    Municipality(
        "301", "磯辺町", "いそべちょう", "ABPI", ("磯辺", "大字浦", "大字峰"), 14_512, 38.1, 21.7,
        "架空北部", "11",
    ),
    Municipality(
        "302", "浜風町", "はまかぜちょう", "IPH", ("浜風", "大字西浜"), 9_804, 40.3, 23.5,
        "架空南部", "12",
    ),
    Municipality(
        "341", "沖波村", "おきなみむら", "SDEFGR", ("大字沖", "大字波"), 3_021, 46.7, 29.2,
        "架空南部", "21",
    ),
)  # fmt: skip
# 日常生活圏域 of 架空市, which share its border.
DISTRICTS = {"松が丘": "PQST", "みずほ台": "SRT", "本町": "TRGH", "北浜": "PTH"}


@cache
def border(first: str, second: str) -> tuple[Position, ...]:
    """The crooked line between two corners, the same from both sides (the second corner left out)."""
    if first > second:
        line = (*border(second, first), CORNERS[first])
        return tuple(reversed(line))[:-1]
    points = [CORNERS[first], CORNERS[second]]
    chance = random.Random(first + second)
    for step in range(WIGGLE_STEPS):
        size = 0.012 / 2**step
        finer = [points[0]]
        for before, after in pairwise(points):
            middle = (
                round((before[0] + after[0]) / 2 + chance.uniform(-size, size), 6),
                round((before[1] + after[1]) / 2 + chance.uniform(-size, size), 6),
            )
            finer += [middle, after]
        points = finer
    return tuple(points[:-1])


def polygon_of(corners: str) -> Polygon:
    """The area inside a ring of corners."""
    ring: list[Position] = []
    for first, second in zip(corners, corners[1:] + corners[0], strict=True):
        ring += border(first, second)
    return Polygon(ring)


def place_in(polygon: Polygon, chance: random.Random) -> Position:
    """A random position inside, away from the border."""
    inner = polygon.buffer(-0.006)
    low_x, low_y, high_x, high_y = inner.bounds
    while True:
        point = Point(chance.uniform(low_x, high_x), chance.uniform(low_y, high_y))
        if inner.contains(point):
            return (round(point.x, 6), round(point.y, 6))


@cache
def town_centre(municipality: str, town: str) -> Position:
    """The middle of one town; districts of 架空市 have theirs in their own polygon."""
    found = next(one for one in MUNICIPALITIES if one.name == municipality)
    chance = random.Random(municipality + town)
    polygon = polygon_of(DISTRICTS[town]) if town in DISTRICTS else found.polygon
    return place_in(polygon, chance)
