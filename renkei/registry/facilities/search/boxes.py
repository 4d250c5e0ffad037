"""A part of the map."""

from __future__ import annotations

from typing import NamedTuple


class Box(NamedTuple):
    """A view in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def is_on_earth(self) -> bool:
        """Whether it is a box at all; a map that was moved around the earth counts on."""
        # NaN is in no order.
        is_wide = -_AROUND <= self.west < self.east <= _AROUND
        return is_wide and -_POLE <= self.south < self.north <= _POLE


_AROUND, _POLE = 540, 90
