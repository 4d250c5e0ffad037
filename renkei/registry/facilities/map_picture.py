"""The still map: the area's drawing with numbered pins, for pages without script and for print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.queries import areas_on
from renkei.foundation.areas.shapes import Drawing, drawing_of
from renkei.foundation.common import clock
from renkei.registry.facilities.catalogue import GroupInfo

PREFECTURE_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Pin:
    """One mark in the drawing's own units."""

    x: float
    y: float
    shape: str
    text: str


@dataclass(frozen=True, slots=True)
class MapPicture:
    """A drawing and the marks on it."""

    area: Area
    drawing: Drawing
    pins: Sequence[Pin]

    @property
    def view_box(self) -> str:
        return f"0 0 {self.drawing.width:g} {self.drawing.height:g}"


class Mark(NamedTuple):
    """What to draw where."""

    longitude: float
    latitude: float
    group: GroupInfo
    text: str


def picture_of(area_code: str, marks: Sequence[Mark]) -> MapPicture | None:
    """The still map of one area; None where the area has no boundary or no mark lies in it."""
    day = clock.today()
    area = _area(area_code, day) if area_code else None
    drawing = drawing_of(area, day) if area else None
    if area is None or drawing is None:
        return None
    pins = []
    for mark in marks:
        point = drawing.view.point(mark.longitude, mark.latitude)
        if point:
            pins.append(Pin(*point, mark.group.shape, mark.text))
    return MapPicture(area, drawing, pins) if pins else None


def _area(code: str, day: date) -> Area | None:
    """An area by its code, by "a" and its number, or a prefecture by two digits."""
    if code.startswith("a"):
        return areas_on(day).filter(pk=int(code[1:])).first()
    if len(code) == PREFECTURE_DIGITS:
        return areas_on(day).filter(level=AreaLevel.PREFECTURE, prefecture_code=code).first()
    return areas_on(day).filter(code=code).order_by("pk").first()
