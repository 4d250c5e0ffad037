"""Lines of measurements: the little ones beside the story, and one large one over each table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.urls import reverse

from renkei.care.timelines.models import Limit, Observation
from renkei.care.timelines.observations import BY_CODE, MEASURES, Measure, amount
from renkei.foundation.common.clock import TOKYO

SPARK_DAYS: Final = 14
SPARK: Final = (120.0, 36.0, 4.0)
CHART: Final = (640.0, 200.0, 40.0)
TICKS: Final = 4


@dataclass(frozen=True)
class Point:
    """One mark: where, and whether it lies outside the limits."""

    x: str
    y: str
    outside: bool


@dataclass(frozen=True)
class Line:
    """Everything a template needs to draw one measure as SVG."""

    points: tuple[Point, ...]
    band_y: str
    band_height: str
    ticks: tuple[tuple[str, str], ...]
    days: tuple[tuple[str, str], ...]

    @property
    def path(self) -> str:
        """For ``<polyline points>``."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def last(self) -> Point:
        return self.points[-1]


@dataclass(frozen=True)
class Row:
    """One value in the table under a chart."""

    at: str
    value: str
    judgement: str
    outside: bool
    author: str
    url: str


@dataclass(frozen=True)
class Series:
    """One measure of one person over a period."""

    measure: Measure
    limit: Limit | None
    line: Line | None
    rows: tuple[Row, ...]
    newest: str
    judgement: str
    outside: bool
    sentence: str


def series_of(
    observations: Sequence[Observation], limits: dict[str, Limit], *, large: bool = False
) -> list[Series]:
    """The measured codes in the order of the composer; queries nothing."""
    found: list[Series] = []
    for measure in MEASURES:
        own = [one for one in observations if one.code == measure.code.value]
        if own:
            found.append(_series(measure, own, limits.get(measure.code.value), large=large))
    return found


def judgement(value: Decimal | None, limit: Limit | None) -> tuple[str, bool]:
    """範囲内, ↑ 上限 42.8 kg, 範囲の決まりなし: in words, never by colour alone."""
    if limit is None or value is None:
        return "範囲の決まりなし", False
    unit = BY_CODE[limit.code].unit
    if limit.high is not None and value > limit.high:
        return f"↑ 上限 {amount(limit.high, unit)}", True
    if limit.low is not None and value < limit.low:
        return f"↓ 下限 {amount(limit.low, unit)}", True
    return "範囲内", False


def range_words(limit: Limit) -> str:
    """40 kg以上 42.8 kg以下."""
    unit = BY_CODE[limit.code].unit
    low = f"{amount(limit.low, unit)}以上" if limit.low is not None else ""
    high = f"{amount(limit.high, unit)}以下" if limit.high is not None else ""
    return " ".join(part for part in (low, high) if part)


def _series(
    measure: Measure, own: Sequence[Observation], limit: Limit | None, *, large: bool
) -> Series:
    last = own[-1]
    word, outside = judgement(last.value, limit)
    numbers = [(one.measured_at, one.value) for one in own if one.value is not None]
    return Series(
        measure=measure,
        limit=limit,
        line=_line(numbers, limit, CHART if large else SPARK) if numbers else None,
        rows=tuple(_row(one, limit) for one in reversed(own)) if large else (),
        newest=last.text or amount(last.value, last.unit),
        judgement=word if measure.is_number else "",
        outside=outside,
        sentence=_sentence(measure, numbers),
    )


def _row(one: Observation, limit: Limit | None) -> Row:
    word, outside = judgement(one.value, limit)
    local = one.measured_at.astimezone(TOKYO)
    return Row(
        at=f"{local.month}月{local.day}日 {local.hour}:{local.minute:02}",
        value=one.text or amount(one.value, one.unit),
        judgement=word if one.value is not None else "",
        outside=outside,
        author=f"{one.entry.author_name}（{one.entry.author_profession}）",
        url=reverse("timelines:entry_detail", args=[one.entry.room.uid, one.entry.uid]),
    )


def _sentence(measure: Measure, numbers: Sequence[tuple[datetime, Decimal]]) -> str:
    """The chart in words: the last value against the one before, and the span."""
    if not numbers:
        return ""
    values = [value for _, value in numbers]
    words = f"いちばん新しい値は{amount(values[-1], measure.unit)}です。"
    if len(values) == 1:
        return words
    change = values[-1] - values[-2]
    if change:
        way = "高い" if change > 0 else "低い"
        words += f"前回より{amount(abs(change), measure.unit)}{way}値です。"
    else:
        words += "前回と同じ値です。"
    low, high = amount(min(values), measure.unit), amount(max(values), measure.unit)
    if low == high:
        return words + f"この期間はずっと{low}でした（{len(values)}回）。"
    return words + f"この期間は{low}から{high}でした（{len(values)}回）。"


def _line(
    numbers: Sequence[tuple[datetime, Decimal]],
    limit: Limit | None,
    size: tuple[float, float, float],
) -> Line:
    width, height, left = size
    pad = 4.0 if height < 100 else 24.0  # noqa: PLR2004 - the large one carries its dates below
    ends = [float(end) for end in (limit.low, limit.high) if end is not None] if limit else []
    values = [float(value) for _, value in numbers]
    bottom, top = min(values + ends), max(values + ends)
    if top == bottom:
        bottom, top = bottom - 1, top + 1
    start = numbers[0][0].timestamp()
    span = numbers[-1][0].timestamp() - start or 1.0

    def y_of(value: float) -> float:
        return pad + (height - 2 * pad) * (top - value) / (top - bottom)

    def x_of(at: datetime) -> float:
        share = (at.timestamp() - start) / span if len(numbers) > 1 else 1.0
        return left + (width - left - 6) * share

    band_top = y_of(float(limit.high)) if limit and limit.high is not None else pad / 2
    band_bottom = y_of(float(limit.low)) if limit and limit.low is not None else height - pad / 2
    step = (top - bottom) / TICKS
    return Line(
        points=tuple(
            Point(f"{x_of(at):.1f}", f"{y_of(float(value)):.1f}", judgement(value, limit)[1])
            for at, value in numbers
        ),
        band_y=f"{band_top:.1f}" if limit else "",
        band_height=f"{max(0.0, band_bottom - band_top):.1f}" if limit else "",
        ticks=tuple(
            (f"{y_of(bottom + step * number):.1f}", f"{bottom + step * number:.5g}")
            for number in range(TICKS + 1)
        ),
        days=tuple(
            (f"{x_of(at):.1f}", f"{at.astimezone(TOKYO):%-m/%-d}")
            for at in dict.fromkeys((numbers[0][0], numbers[-1][0]))
        ),
    )
