"""A group of municipalities: sentence, funnel and table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from renkei.programme.indicators.charts import axis_of
from renkei.programme.indicators.intervals import (
    LOWER,
    UPPER,
    WITHIN,
    WORDS,
    Z95,
    Z998,
    Interval,
    limits_at,
)
from renkei.programme.indicators.numerals import number_text, spoken
from renkei.programme.indicators.queries.beside import GROUPS, Beside, Standing

WIDTH, HEIGHT, LEFT, TOP, FOOT = 800, 420, 64, 30, 56
Scale = Callable[[float], float]
# Points along each limit of the funnel.
STEPS = 40


@dataclass(frozen=True)
class Line:
    """One municipality in the table."""

    name: str
    text: str
    interval: str
    base: str
    side: str
    status: str
    is_own: bool


@dataclass(frozen=True)
class Dot:
    """One municipality in the funnel; only one's own and those outside carry their name."""

    x: float
    y: float
    label: str
    is_own: bool
    is_out: bool


@dataclass(frozen=True)
class Tick:
    """A line of the grid or a label below it."""

    place: float
    text: str


@dataclass(frozen=True)
class Funnel:
    """Rates by the size of what they are of, between the limits of chance."""

    dots: Sequence[Dot]
    limits: Sequence[str]
    whole: float
    grid: Sequence[Tick]
    labels: Sequence[Tick]
    unit: str
    base: str


@dataclass(frozen=True)
class BesidePage:
    """The page of a group."""

    sentence: str
    lines: Sequence[Line]
    funnel: Funnel | None
    whole: str


def beside_page(found: Beside) -> BesidePage:
    """Sentence, table and picture of one period."""
    version = found.version
    whole = "" if found.whole is None else number_text(Decimal(found.whole), version.decimals)
    return BesidePage(
        sentence=_sentence(found, whole),
        lines=[_line(found, row) for row in found.rows],
        funnel=_funnel(found),
        whole=whole,
    )


def _sentence(found: Beside, whole: str) -> str:
    own = found.own
    group = GROUPS[found.group]
    if own is None or own.reading.value is None:
        return f"{found.period.label}の自分の値がないため、{group}とは比べられません。"
    said = spoken(own.reading.figure, own.reading.unit)
    words = f"{own.area.name}は{found.period.label}に{said}でした。"
    if found.whole is None or own.interval is None:
        return words + "分子と分母が分からないため、偶然による差かどうかは言えません。"
    together = spoken(whole, own.reading.unit)
    if own.side == WITHIN:
        return (
            f"{words}{group}の全体（{together}）との差は、偶然でも起こる大きさです。"
            "高いとも低いともいえません。"
        )
    way = "高い" if own.side == UPPER else "低い"
    return f"{words}{group}の全体（{together}）より、偶然では説明しにくいほど{way}数です。"


def _line(found: Beside, row: Standing) -> Line:
    version, reading = found.version, row.reading
    return Line(
        row.area.name,
        reading.figure,
        _interval(row.interval, version.decimals),
        "－" if reading.denominator is None else f"{int(reading.denominator):,}",
        WORDS[row.side],
        {UPPER: "in", LOWER: "in", WITHIN: "plain"}.get(row.side, "ask"),
        row.is_own,
    )


def _interval(interval: Interval | None, decimals: int) -> str:
    if interval is None:
        return "－"
    low, high = (number_text(Decimal(each), decimals) for each in (interval.low, interval.high))
    return f"{low}～{high}"


def _funnel(found: Beside) -> Funnel | None:
    rows = [
        (row, float(row.reading.value), float(row.reading.denominator))
        for row in found.rows
        if row.reading.value is not None and row.reading.denominator and row.interval
    ]
    if len(rows) < 3 or found.whole is None:  # noqa: PLR2004 - two dots are no funnel
        return None
    widest = max(base for _row, _value, base in rows) * 1.05
    smallest = min(base for _row, _value, base in rows) * 0.8
    highest = max(*(value for _row, value, _base in rows), found.whole)
    first, last, step = axis_of([Decimal(highest * 1.15)])
    right, ground = WIDTH - 24, HEIGHT - FOOT

    def x(base: float) -> float:
        return round(LEFT + (right - LEFT) * base / widest, 1)

    def y(value: float) -> float:
        share = (min(value, float(last)) - float(first)) / float(last - first)
        return round(ground - (ground - TOP) * share, 1)

    return Funnel(
        dots=[
            Dot(
                x(base),
                y(value),
                row.area.name if row.is_own or row.side in {UPPER, LOWER} else "",
                row.is_own,
                row.side in {UPPER, LOWER},
            )
            for row, value, base in rows
        ],
        limits=_limits(found, (smallest, widest), x, y),
        whole=y(found.whole),
        grid=[
            Tick(y(float(first + step * place)), f"{(first + step * place).normalize():,f}")
            for place in range(int((last - first) / step) + 1)
        ],
        labels=[Tick(x(float(base)), f"{base.normalize():,f}") for base in _bases(Decimal(widest))],
        unit=found.version.unit,
        base=found.version.denominator or "分母",
    )


def _bases(widest: Decimal) -> list[Decimal]:
    _first, last, step = axis_of([widest])
    return [step * place for place in range(1, int(last / step) + 1) if step * place <= widest]


def _limits(found: Beside, ends: tuple[float, float], x: Scale, y: Scale) -> list[str]:
    """Both limits, above and below, as lines; 95 % first."""
    start, end = ends
    whole, factor = found.whole or 0.0, found.version.factor
    bases = [start * (end / start) ** (place / STEPS) for place in range(STEPS + 1)]
    lines = []
    for z in (Z95, Z998):
        at = [limits_at(whole, base, factor, z=z) for base in bases]
        lines += [
            " ".join(f"{x(base)},{y(limit.low)}" for base, limit in zip(bases, at, strict=True)),
            " ".join(f"{x(base)},{y(limit.high)}" for base, limit in zip(bases, at, strict=True)),
        ]
    return lines
