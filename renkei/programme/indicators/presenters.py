"""What the pages of indicators show, as plain values. They format, they do not decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from renkei.foundation.areas.models import AreaLevel
from renkei.programme.indicators.charts import STYLES, Chart, Line, charts_of
from renkei.programme.indicators.models import Absence, IndicatorVersion, PeriodKind
from renkei.programme.indicators.numerals import rounded
from renkei.programme.indicators.queries.comparing import Comparison, Side
from renkei.programme.indicators.queries.values import Reading
from renkei.programme.indicators.sentences import trend_sentence

# What a table shows for each kind of absence; three different signs and never an empty cell.
_SHORT: Final = {Absence.NOT_RECORDED: "記録なし", Absence.SUPPRESSED: "非公開"}


@dataclass(frozen=True)
class Cell:
    """One cell of a table of numbers."""

    text: str
    flag: str
    note: str


@dataclass(frozen=True)
class Row:
    """One area in the table under a chart, with the sign of its line."""

    sign: str
    label: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Head:
    """One period over a column."""

    text: str
    below: str


@dataclass(frozen=True)
class Trend:
    """A chart, its sentence and its table: the same numbers three times."""

    version: IndicatorVersion
    title: str
    unit: str
    sentence: str
    charts: Sequence[Chart]
    heads: Sequence[Head]
    rows: Sequence[Row]
    ratio: Row | None
    sources: Sequence[str]
    notes: Sequence[str]
    as_of: date | None
    axis: str

    @property
    def has_values(self) -> bool:
        return bool(self.charts)


def trend_of(compared: Comparison) -> Trend:
    """Sentence, picture and table of one definition."""
    version, sides, periods = compared.version, compared.sides, compared.periods
    unit = _unit_of(compared)
    sentence = (
        trend_sentence(
            sides[0].cells, [side.cells for side in sides[1:]], decimals=version.decimals
        )
        if sides
        else "この指標の値は、まだありません。"
    )
    cells = [cell for side in sides for cell in side.cells]
    return Trend(
        version=version,
        title=version.name,
        unit=unit,
        sentence=sentence,
        charts=charts_of(
            version.name,
            unit,
            [(period.short, period.western) for period in periods],
            [_line(side) for side in sides],
        ),
        heads=[
            Head(period.short, period.western if period.western != period.short else "")
            for period in periods
        ],
        rows=[_row(side, number) for number, side in enumerate(sides)],
        ratio=_ratio(sides),
        sources=list(dict.fromkeys(cell.source for cell in cells if cell.source)),
        notes=list(dict.fromkeys(cell.note for cell in cells if cell.note)),
        as_of=max((cell.as_of for cell in cells if cell.as_of), default=None),
        axis=str(PeriodKind(version.period_kind).label),
    )


def _unit_of(compared: Comparison) -> str:
    """The unit the values carry; as printed where all of them print another one."""
    units = {cell.unit for side in compared.sides for cell in side.cells if cell.value is not None}
    return units.pop() if len(units) == 1 else compared.version.unit


def _line(side: Side) -> Line:
    return Line(
        side.area.name,
        [cell.value for cell in side.cells],
        [cell.figure for cell in side.cells],
    )


def _row(side: Side, number: int) -> Row:
    cells = [_cell(cell) for cell in side.cells]
    return Row(STYLES[number % len(STYLES)][3], side.area.name, cells)


def _cell(reading: Reading) -> Cell:
    return Cell(reading.figure, reading.flag, reading.note)


def _ratio(sides: Sequence[Side]) -> Row | None:
    """The first area over the area above it, where both have the same kind of rate."""
    if len(sides) < 2:  # noqa: PLR2004 - a ratio needs two
        return None
    mine = sides[0]
    wide = (AreaLevel.PREFECTURE, AreaLevel.NATION)
    other = next((side for side in sides[1:] if side.area.level in wide), None)
    if other is None:
        return None
    cells = []
    for one, two in zip(mine.cells, other.cells, strict=True):
        comparable = (
            one.value is not None
            and two.value
            and one.unit == two.unit
            and not one.is_doubtful
            and ("/" in one.unit or "%" in one.unit)
        )
        text = str(rounded(one.value / two.value, 2)) if comparable else "－"  # type: ignore[operator]
        cells.append(Cell(text, "", ""))
    if all(cell.text == "－" for cell in cells):
        return None
    return Row("", f"比（{mine.area.name}÷{other.area.name}）", cells)


@dataclass(frozen=True)
class Link:
    """A link with its words."""

    url: str
    label: str
    current: bool = False
    count: int | None = None


def query_of(areas: Sequence[int], **more: str) -> str:
    """The part of an address that keeps the chosen areas."""
    return urlencode([*(("area", pk) for pk in areas), *more.items()])


def indicator_url(code: str, areas: Sequence[int] = ()) -> str:
    """The page of an indicator for these areas."""
    url = reverse("indicators:indicator_detail", args=[code])
    return f"{url}?{query_of(areas)}" if areas else url
