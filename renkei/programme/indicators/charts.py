"""Numbers over time as plain values for an SVG, wide and narrow. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

# Distances in units of the picture.
TOP, FOOT, LEFT = 30, 52, 58
LABEL_GAP, MARK = 18, 6
STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
LINES: Final = 4
# Labels stand at every mark of the first lines; of more they would cover each other.
LABELLED: Final = 2
# A line is told by colour, by dashes and by the shape of its marks; all dark enough on white.
STYLES: Final = (
    ("#00118f", "", "circle", "●"),
    ("#ac3e00", "8 5", "square", "□"),
    ("#115a36", "2 4", "diamond", "◇"),
    ("#5109ad", "12 4 2 4", "triangle", "△"),
    ("#006f83", "4 3", "circle", "○"),
    ("#8b0000", "10 3", "square", "■"),
    ("#4d4d4d", "1 3", "diamond", "◆"),
    ("#7c5c00", "6 2 2 2", "triangle", "▲"),
)
MOST: Final = len(STYLES)


@dataclass(frozen=True)
class Line:
    """One series to draw: a value and its words per period; None leaves a gap."""

    label: str
    values: Sequence[Decimal | None]
    texts: Sequence[str]


@dataclass(frozen=True)
class Mark:
    """One value with its place; ``text`` is empty where no label stands."""

    x: float
    y: float
    text_y: float
    text: str
    path: str


@dataclass(frozen=True)
class Drawn:
    """One line as drawn: parts without a gap, its marks, its name at the end."""

    label: str
    colour: str
    dashes: str
    sign: str
    is_hollow: bool
    parts: Sequence[str]
    marks: Sequence[Mark]
    end_x: float
    end_y: float


@dataclass(frozen=True)
class Tick:
    """A line of the grid, or a label below it."""

    place: float
    text_place: float
    text: str
    below: str = ""


@dataclass(frozen=True)
class Chart:
    """Everything the picture draws."""

    title: str
    unit: str
    width: int
    height: int
    left: int
    right: int
    ground: float
    font: int
    is_wide: bool
    lines: Sequence[Drawn]
    grid: Sequence[Tick]
    labels: Sequence[Tick]


def charts_of(
    title: str, unit: str, periods: Sequence[tuple[str, str]], lines: Sequence[Line]
) -> list[Chart]:
    """The picture for wide screens and paper, and for phones; none without a value.

    ``periods``: (令和元, 2019) from the oldest.
    """
    shown = [line for line in lines[:MOST] if any(value is not None for value in line.values)]
    if not shown:
        return []
    return [
        _chart((800, 400, 14), title, unit, periods, shown),
        _chart((400, 360, 13), title, unit, periods, shown),
    ]


def axis_of(values: Sequence[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """Lower end, upper end and step of an axis that always holds 0."""
    low, high = min(*values, Decimal(0)), max(*values, Decimal(0))
    span = (high - low) or Decimal(1)
    power = Decimal(10) ** (span / LINES).adjusted()
    step = next(each * power for each in STEPS if each * power * LINES >= span)
    first = (low / step).to_integral_value(rounding="ROUND_FLOOR") * step
    last = (high / step).to_integral_value(rounding="ROUND_CEILING") * step
    return first, max(last, first + step), step


def _chart(
    size: tuple[int, int, int],
    title: str,
    unit: str,
    periods: Sequence[tuple[str, str]],
    lines: Sequence[Line],
) -> Chart:
    width, height, font = size
    is_wide = width > height * 1.5
    left, right = LEFT, width - (110 if is_wide else 16)
    ground = height - FOOT
    first, last, step = axis_of(
        [value for line in lines for value in line.values if value is not None]
    )
    pitch = (right - left) / max(len(periods), 1)
    xs = [round(left + pitch * (place + 0.5), 1) for place in range(len(periods))]

    def y(value: Decimal) -> float:
        return round(ground - (ground - TOP) * float((value - first) / (last - first)), 1)

    drawn = [
        _line(line, number, xs, y, labelled=number < LABELLED and pitch > font * 3)
        for number, line in enumerate(lines)
    ]
    every = max(1, -(-len(periods) * font * 4 // (right - left)))
    count = int((last - first) / step) + 1
    return Chart(
        title=title,
        unit=unit,
        width=width,
        height=height,
        left=left,
        right=right,
        ground=y(Decimal(0)) if first < 0 else ground,
        font=font,
        is_wide=is_wide,
        lines=_apart(drawn, right + 6, font),
        grid=[
            Tick(y(first + step * place), y(first + step * place) + 5, _tick(first + step * place))
            for place in range(count)
        ],
        labels=[
            Tick(x, height - 28, words, below if below != words else "")
            for place, (x, (words, below)) in enumerate(zip(xs, periods, strict=True))
            if (len(periods) - 1 - place) % every == 0
        ],
    )


def _tick(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _line(
    line: Line, number: int, xs: Sequence[float], y: Callable[[Decimal], float], *, labelled: bool
) -> Drawn:
    colour, dashes, shape, sign = STYLES[number]
    marks: list[Mark | None] = []
    for x, value, text in zip(xs, line.values, line.texts, strict=True):
        if value is None:
            marks.append(None)
            continue
        at = y(value)
        # The first line's labels stand above their marks, the second's below.
        text_y = at - 12 if number == 0 else at + 24
        marks.append(Mark(x, at, round(text_y, 1), text if labelled else "", _shape(shape, x, at)))
    there = [mark for mark in marks if mark]
    return Drawn(
        label=line.label,
        colour=colour,
        dashes=dashes,
        sign=sign,
        is_hollow=sign in "□◇△○",
        parts=_parts(marks),
        marks=there,
        end_x=0,
        end_y=there[-1].y + 5,
    )


def _shape(shape: str, x: float, y: float) -> str:
    size = MARK
    if shape == "square":
        return f"M{x - size} {y - size}h{size * 2}v{size * 2}h-{size * 2}z"
    if shape == "diamond":
        tip = size + 1
        return f"M{x} {y - tip}l{tip} {tip}l-{tip} {tip}l-{tip}-{tip}z"
    if shape == "triangle":
        return f"M{x} {y - size}l{size} {size * 2 - 1}h-{size * 2}z"
    return f"M{x - size} {y}a{size} {size} 0 1 0 {size * 2} 0a{size} {size} 0 1 0 -{size * 2} 0z"


def _parts(marks: Sequence[Mark | None]) -> list[str]:
    """What hangs together; a period without a value leaves a gap."""
    groups = itertools.groupby(marks, key=lambda mark: mark is not None)
    return [
        " ".join(f"{mark.x},{mark.y}" for mark in group if mark) for there, group in groups if there
    ]


def _apart(lines: Sequence[Drawn], end_x: float, font: int) -> list[Drawn]:
    """The names at the ends of the lines, moved so far that none covers another."""
    order = sorted(range(len(lines)), key=lambda place: lines[place].end_y)
    places: dict[int, float] = {}
    lowest = 0.0
    for place in order:
        lowest = max(lines[place].end_y, lowest + font + 3 if places else lines[place].end_y)
        places[place] = round(lowest, 1)
    return [replace(line, end_x=end_x, end_y=places[number]) for number, line in enumerate(lines)]
