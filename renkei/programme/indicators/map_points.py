"""Places of the register in front of a map: one mark each, or how many lie together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log2
from typing import Final

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.shapes import View
from renkei.foundation.common.templatetags.components import PIN_SHAPES
from renkei.registry.facilities.catalogue import GROUPS, GroupInfo
from renkei.registry.facilities.search.boxes import Box
from renkei.registry.facilities.search.clusters import Marks, marks_of
from renkei.registry.facilities.search.terms import SearchTerms

# Kinds whose marks differ in shape: in front of shades a colour would tell nothing.
OFFERED: Final = ("clinic", "nursing", "care_manager", "pharmacy", "day_care")
# What T-MI3 shows first: who treats at home, and who arranges care.
USUAL: Final = ("clinic", "nursing", "care_manager")
# Marks closer than this, in units of the drawing, become one with their number.
_CELL: Final = 48.0
# Kinds of one cell stand side by side.
_ASIDE: Final = 16.0
# A view of so many degrees divided by the zoom's squares leaves about eight across.
_WORLD: Final = 960
_WIDEST, _CLOSEST = 4, 17


@dataclass(frozen=True)
class PointMark:
    """One mark in the drawing's units."""

    x: float
    y: float
    outline: str
    text: str


@dataclass(frozen=True)
class PointKey:
    """One kind in the legend, with how many there are."""

    group: GroupInfo
    shown: int

    @property
    def outline(self) -> str:
        return PIN_SHAPES[self.group.shape]


@dataclass(frozen=True)
class Points:
    """All marks of a map."""

    marks: Sequence[PointMark]
    keys: Sequence[PointKey]


def points_of(viewer: Viewer, view: View, area_code: str, groups: Sequence[str]) -> Points:
    """The places of these kinds inside the view, as the viewer may find them."""
    box = Box(*view.bounds)
    wide = max(box.east - box.west, 1e-6)
    zoom = max(min(floor(log2(_WORLD / wide)), _CLOSEST), _WIDEST)
    chosen = [GROUPS[key] for key in OFFERED if key in groups]
    cells: dict[tuple[int, int], dict[str, _Heap]] = defaultdict(dict)
    keys: list[PointKey] = []
    for group in chosen:
        terms = SearchTerms(areas=(area_code,) if area_code else (), groups=(group.key,))
        found = marks_of(terms, box, zoom, viewer=viewer)
        shown = 0
        for x, y, count in _placed(found, view):
            cell = cells[floor(x / _CELL), floor(y / _CELL)]
            heap = cell.setdefault(group.key, _Heap())
            heap.add(x, y, count)
            shown += count
        keys.append(PointKey(group, shown))
    marks = [mark for place, cell in cells.items() for mark in _side_by_side(place, cell)]
    return Points(marks, keys)


@dataclass
class _Heap:
    """What lies in one cell of one kind."""

    count: int = 0
    x: float = 0.0
    y: float = 0.0

    def add(self, x: float, y: float, count: int) -> None:
        self.count += count
        self.x += x * count
        self.y += y * count


def _placed(found: Marks, view: View) -> list[tuple[float, float, int]]:
    places = [(one.longitude, one.latitude, 1) for one in found.points]
    places += [(one.longitude, one.latitude, one.count) for one in found.clusters]
    return [
        (*at, count)
        for longitude, latitude, count in places
        if (at := view.point(longitude, latitude))
    ]


def _side_by_side(at: tuple[int, int], cell: dict[str, _Heap]) -> list[PointMark]:
    """The kinds of one cell beside each other around the middle of all its places.

    They stay inside their cell, so that no mark covers another.
    """
    count = sum(heap.count for heap in cell.values())
    x = sum(heap.x for heap in cell.values()) / count
    y = sum(heap.y for heap in cell.values()) / count
    x = _inside(x, at[0], _ASIDE * len(cell))
    y = _inside(y, at[1], _ASIDE)
    marks = []
    for place, (key, heap) in enumerate(cell.items()):
        group = GROUPS[key]
        aside = (place - (len(cell) - 1) / 2) * _ASIDE
        text = group.letter if heap.count == 1 else str(heap.count)
        marks.append(PointMark(round(x + aside, 1), round(y, 1), PIN_SHAPES[group.shape], text))
    return marks


def _inside(value: float, cell: int, size: float) -> float:
    """The nearest place where something of this size does not reach over the cell's edge."""
    low, high = cell * _CELL + size / 2, (cell + 1) * _CELL - size / 2
    return min(max(value, low), high) if low <= high else (low + high) / 2
