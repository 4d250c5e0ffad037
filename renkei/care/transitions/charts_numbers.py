"""A number over time as plain values for an SVG, wide and narrow. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

TOP: Final = 28
FOOT: Final = 40
# Steps of the axis that people read easily.
STEPS: Final = (1, 2, 5, 10, 20, 25, 50, 100)
LINES: Final = 5
FULL: Final = 100


@dataclass(frozen=True)
class Point:
    """One value with its place; ``text_y`` for its label."""

    x: float
    y: float
    text_y: float
    text: str


@dataclass(frozen=True)
class Line:
    """One series: parts that follow each other without a gap, and its points."""

    label: str
    is_first: bool
    parts: Sequence[str]
    points: Sequence[Point]


@dataclass(frozen=True)
class Tick:
    """A line of the grid or a label below it."""

    place: float
    text_place: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Everything the picture draws."""

    width: int
    height: int
    left: int
    right: int
    ground: float
    font: int
    lines: Sequence[Line]
    grid: Sequence[Tick]
    labels: Sequence[Tick]


Series = tuple[str, Sequence[float | None]]


def charts_of(labels: Sequence[str], series: Sequence[Series], *, is_share: bool) -> list[Chart]:
    """The picture for wide screens and for phones; none where there is no value to draw."""
    values = [value for _label, row in series for value in row if value is not None]
    if not values:
        return []
    top, step = _axis(max(values), is_share=is_share)
    return [
        _chart((800, 320, 14, 1), labels, series, (top, step)),
        _chart((400, 300, 13, 3 if len(labels) > LINES + 1 else 1), labels, series, (top, step)),
    ]


def _axis(highest: float, *, is_share: bool) -> tuple[float, float]:
    """The end of the axis and the distance of its lines; shares always end at 100."""
    if is_share:
        return FULL, 25
    step = next((step for step in STEPS if step * LINES >= highest), FULL)
    return step * LINES, step


def _chart(
    size: tuple[int, int, int, int],
    labels: Sequence[str],
    series: Sequence[Series],
    axis: tuple[float, float],
) -> Chart:
    width, height, font, every = size
    left, right = 44, width - 20
    ground = height - FOOT
    top, step = axis
    wide = (right - left) / max(len(labels), 1)
    xs = [round(left + wide * (place + 0.5), 1) for place in range(len(labels))]

    def y(value: float) -> float:
        return round(ground - (ground - TOP) * value / top, 1)

    lines = []
    for number, (label, row) in enumerate(series):
        points = [
            Point(x, y(value), y(value) - 12 if number == 0 else y(value) + 24, f"{value:.0f}")
            if value is not None
            else None
            for x, value in zip(xs, row, strict=True)
        ]
        lines.append(Line(label, number == 0, _parts(points), [point for point in points if point]))
    return Chart(
        width=width,
        height=height,
        left=left,
        right=right,
        ground=ground,
        font=font,
        lines=lines,
        grid=[
            Tick(y(value), y(value) + 5, f"{value:g}")
            for value in (step * place for place in range(int(top / step) + 1))
        ],
        labels=[
            Tick(x, height - 14, label)
            for place, (x, label) in enumerate(zip(xs, labels, strict=True))
            if place % every == 0
        ],
    )


def _parts(points: Sequence[Point | None]) -> list[str]:
    """What hangs together; a period without a value leaves a gap."""
    groups = itertools.groupby(points, key=lambda point: point is not None)
    return [
        " ".join(f"{point.x},{point.y}" for point in group if point)
        for there, group in groups
        if there
    ]
