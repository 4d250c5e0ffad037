"""Sentences and charts of the area page. They format; the figures come from ``statistics``."""

from __future__ import annotations

from dataclasses import dataclass

from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.statistics import (
    LATE_OLD_AGE,
    OLD_AGE,
    PopulationFigures,
    ProjectionYear,
)
from renkei.foundation.common.eras import format_screen

# All charts are drawn 360 units wide: readable on a phone, twice the size on a desk.
WIDTH = 360


@dataclass(frozen=True)
class Bar:
    """One horizontal bar of the pyramid."""

    x: float
    width: float


@dataclass(frozen=True)
class PyramidRow:
    """One age class, oldest on top."""

    label: str
    y: float
    text_y: float
    male: Bar
    female: Bar


@dataclass(frozen=True)
class Tick:
    """One line of the scale."""

    position: float
    label: str
    # "start", "middle" or "end" of the label stands at the position.
    anchor: str


@dataclass(frozen=True)
class Pyramid:
    """The population pyramid as rectangles and lines."""

    height: float
    bar_height: float
    rows: list[PyramidRow]
    ticks: list[Tick]
    left: float
    right: float


_ROW, _TOP, _GAP = 17.0, 26.0, 52.0


def pyramid(figures: PopulationFigures) -> Pyramid:
    """Men to the left, women to the right, the ages between."""
    half = (WIDTH - _GAP) / 2
    left, right = half, half + _GAP
    most = max(max(row.male, row.female) for row in figures.classes)
    step = _step(most)
    scale = half / (step * 3)
    rows = []
    for index, row in enumerate(reversed(figures.classes)):
        y = _TOP + index * _ROW
        male, female = row.male * scale, row.female * scale
        rows.append(
            PyramidRow(
                label=str(row.age_from) + ("–" + str(row.age_to) if row.age_to else "–"),
                y=y,
                text_y=y + _ROW - 5,
                male=Bar(round(left - male, 1), round(male, 1)),
                female=Bar(right, round(female, 1)),
            )
        )
    most_label = _count(step * 3)
    ticks = [
        Tick(0, most_label, "start"),
        Tick(left, "0", "middle"),
        Tick(right, "0", "middle"),
        Tick(WIDTH, most_label, "end"),
    ]
    return Pyramid(_TOP + len(rows) * _ROW + 22, _ROW - 3, rows, ticks, left, right)


def _step(most: int) -> int:
    """A third of the scale: a round number, so that three of it hold the largest bar."""
    third = max(1, -(-most // 3))
    power: int = 10 ** (len(str(third)) - 1)
    return next(power * digit for digit in (1, 2, 3, 4, 5, 6, 8, 10) if power * digit >= third)


_TEN_THOUSAND = 10_000


def _count(number: int) -> str:
    if number >= _TEN_THOUSAND:
        return f"{number / _TEN_THOUSAND:g}万"
    return f"{number:,}"


def population_sentence(area: Area, figures: PopulationFigures) -> str:
    """What the pyramid shows, in words."""
    text = f"{format_screen(figures.as_of)}現在、{area}の人口は{figures.total:,}人です。"
    share, late = figures.share(OLD_AGE), figures.share(LATE_OLD_AGE)
    if share is not None and late is not None:
        text += (
            f"65歳以上は{figures.aged(OLD_AGE):,}人（{share:.1f}％）、"
            f"75歳以上は{figures.aged(LATE_OLD_AGE):,}人（{late:.1f}％）です。"
        )
    return text


# Projection ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class StackedBar:
    """One year: the young from the ground, then 65–74, then 75 and over."""

    year: int
    x: float
    middle: float
    young_y: float
    young_height: float
    old_y: float
    old_height: float
    late_y: float
    late_height: float
    label: str


@dataclass(frozen=True)
class ProjectionChart:
    """Bars of the projected years."""

    height: float
    bar_width: float
    ground: float
    bars: list[StackedBar]


_CHART_HEIGHT, _CHART_TOP, _GROUND = 250.0, 24.0, 222.0


def projection_chart(years: list[ProjectionYear]) -> ProjectionChart | None:
    """The projection as stacked bars; None where a part of it is missing."""
    known = [year for year in years if year.aged_65 is not None and year.aged_75 is not None]
    if not known:
        return None
    scale = (_GROUND - _CHART_TOP) / max(year.total for year in known)
    pitch = WIDTH / len(known)
    width = pitch * 0.62
    bars = []
    for index, year in enumerate(known):
        late = (year.aged_75 or 0) * scale
        old = (year.aged_65 or 0) * scale - late
        young = year.total * scale - late - old
        x = index * pitch + (pitch - width) / 2
        bars.append(
            StackedBar(
                year=year.year,
                x=round(x, 1),
                middle=round(x + width / 2, 1),
                young_y=round(_GROUND - young, 1),
                young_height=round(young, 1),
                old_y=round(_GROUND - young - old, 1),
                old_height=round(old, 1),
                late_y=round(_GROUND - young - old - late, 1),
                late_height=round(late, 1),
                label=_short_count(year.total),
            )
        )
    return ProjectionChart(_CHART_HEIGHT, round(width, 1), _GROUND, bars)


def _short_count(number: int) -> str:
    if number >= 10 * _TEN_THOUSAND:
        return f"{number / _TEN_THOUSAND:.1f}万"
    return f"{number:,}"


def projection_sentence(area: Area, years: list[ProjectionYear]) -> str:
    """The change over the whole projection, in words."""
    first, last = years[0], years[-1]
    change = (last.total - first.total) / first.total * 100 if first.total else 0.0
    text = (
        f"{area}の人口は、{first.year}年の{first.total:,}人から{last.year}年には{last.total:,}人"
        f"（{_change(change)}）になると推計されています。"
    )
    if first.aged_75 is not None and last.aged_75 is not None:
        peak = max(years, key=lambda year: year.aged_75 or 0)
        text += (
            f"75歳以上は{first.aged_75:,}人から{last.aged_75:,}人になり、"
            f"いちばん多いのは{peak.year}年の{peak.aged_75:,}人です。"
        )
    return text


def _change(percent: float) -> str:
    if round(percent, 1) == 0:
        return "ほぼ同じ"
    return f"{abs(percent):.1f}％{'減' if percent < 0 else '増'}"


def kind_of(area: Area) -> str:
    """What stands over the name: 「福岡県の市区町村」."""
    label = AreaLevel(area.level).label
    return "市町村" if area.level == AreaLevel.MUNICIPALITY and area.name[-1] in "市町村" else label
