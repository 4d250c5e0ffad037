"""A projection: sentence, charts, table, assumptions; and two of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from renkei.programme.indicators.cells import Cell
from renkei.programme.indicators.charts import STYLES, Chart, charts_of
from renkei.programme.indicators.charts import Line as ChartLine
from renkei.programme.indicators.numerals import number_text
from renkei.programme.indicators.projecting import (
    ASSUMPTIONS,
    BASE_YEAR,
    LINE_BY_KEY,
    LINES,
    Figure,
)
from renkei.programme.indicators.queries.scenarios import Sheet

MISSING: Final = "未入力"
_CHARTS: Final = (
    ("75歳以上の人口", "人", ("N-75", "F-85")),
    ("在宅の医療と看護を使う人", "人", ("F-HV", "F-NU")),
    ("看取り", "人/年", ("F-DEATH", "F-HOME")),
)
_COMPARED: Final = ("F-HV", "F-NU", "F-HOME")


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    sign: str
    label: str
    unit: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Drawing:
    """One chart with the key of its lines."""

    title: str
    unit: str
    charts: Sequence[Chart]
    rows: Sequence[Row]


@dataclass(frozen=True)
class Premise:
    """One assumption as shown."""

    label: str
    unit: str
    value: str
    source: str
    group: str = ""
    other: str = ""
    other_source: str = ""

    @property
    def differs(self) -> bool:
        return self.value != self.other


@dataclass(frozen=True)
class ProjectionPage:
    """The page of one set of assumptions."""

    sentence: str
    drawings: Sequence[Drawing]
    years: Sequence[int]
    rows: Sequence[Row]
    premises: Sequence[Premise]


def projection_page(name: str, figure: Figure, sheet: Sheet) -> ProjectionPage:
    """Sentence, charts and table of one figure."""
    return ProjectionPage(
        sentence=_sentence(name, figure, sheet),
        drawings=[_drawing(*one, figure) for one in _CHARTS],
        years=figure.years,
        rows=[
            Row("", line.label, line.unit, [_text(cell, line.key) for cell in
                                            figure.cells[line.key]])
            for line in LINES
            if line.key != "N-GONE"
        ],
        premises=premises_of(sheet),
    )  # fmt: skip


def premises_of(sheet: Sheet, other: Sheet | None = None) -> list[Premise]:
    """The sheet line by line, beside another where there is one."""
    return [
        Premise(
            one.label,
            one.unit,
            _given(sheet, one.key),
            sheet[one.key].source,
            one.group,
            _given(other, one.key) if other else "",
            other[one.key].source if other else "",
        )
        for one in ASSUMPTIONS
    ]


def compared(names: tuple[str, str], figures: tuple[Figure, Figure]) -> list[Drawing]:
    """The same line of two sets in one chart, with the difference below."""
    found = []
    for key in _COMPARED:
        line = LINE_BY_KEY[key]
        rows = [
            Row(STYLES[place][3], name, line.unit, [_text(cell, key) for cell in figure.cells[key]])
            for place, (name, figure) in enumerate(zip(names, figures, strict=True))
        ]
        rows.append(Row("", "差（後の前提－前の前提）", line.unit, _differences(key, figures)))
        charts = _charts(line.label, line.unit, figures[0].years, [
            (name, figure.cells[key], key) for name, figure in zip(names, figures, strict=True)
        ])  # fmt: skip
        found.append(Drawing(line.label, line.unit, charts, rows))
    return found


def _differences(key: str, figures: tuple[Figure, Figure]) -> list[str]:
    first, second = (figure.cells[key] for figure in figures)
    texts = []
    for one, two in zip(first, second, strict=True):
        if one.value is None or two.value is None:
            texts.append(MISSING)
            continue
        difference = two.value - one.value
        sign = "＋" if difference > 0 else ""
        texts.append(sign + number_text(difference, LINE_BY_KEY[key].decimals))
    return texts


def _drawing(title: str, unit: str, keys: Sequence[str], figure: Figure) -> Drawing:
    rows = [
        Row(
            STYLES[place][3],
            LINE_BY_KEY[key].label,
            unit,
            [_text(cell, key) for cell in figure.cells[key]],
        )
        for place, key in enumerate(keys)
    ]
    charts = _charts(
        title,
        unit,
        figure.years,
        [(LINE_BY_KEY[key].label, figure.cells[key], key) for key in keys],
    )
    return Drawing(title, unit, charts, rows)


def _charts(
    title: str,
    unit: str,
    years: Sequence[int],
    lines: Sequence[tuple[str, Sequence[Cell], str]],
) -> list[Chart]:
    return charts_of(
        title,
        unit,
        [(str(year), str(year)) for year in years],
        [
            ChartLine(label, [cell.value for cell in cells], [_text(cell, key) for cell in cells])
            for label, cells, key in lines
        ],
    )


def _text(cell: Cell, key: str) -> str:
    if cell.value is None:
        return MISSING
    return number_text(cell.value, LINE_BY_KEY[key].decimals)


def _given(sheet: Sheet, key: str) -> str:
    value = sheet[key].value
    if value is None:
        return MISSING
    return f"{value:f}" if key == BASE_YEAR else f"{value.normalize():f}"


def _sentence(name: str, figure: Figure, sheet: Sheet) -> str:
    base = sheet[BASE_YEAR].value
    first = int(base) if base is not None and int(base) in figure.years else figure.years[0]
    last = figure.years[-1]
    words = []
    for key in ("F-HV", "F-HOME"):
        then, now = figure.at(key, last), figure.at(key, first)
        label, unit = LINE_BY_KEY[key].label, LINE_BY_KEY[key].unit.split("/")[0]
        if then.value is None or now.value is None:
            continue
        cells = zip(figure.cells[key], figure.years, strict=True)
        most, year = max((cell.value or Decimal(0), year) for cell, year in cells)
        text = f"{label}は{first}年の{_text(now, key)}{unit}から{last}年に{_text(then, key)}{unit}"
        if year not in {first, last} and most > max(then.value, now.value):
            text += f"（いちばん多いのは{year}年の{_text(Cell(most), key)}{unit}）"
        words.append(text)
    if not words:
        return f"「{name}」は、入力していない前提があるため、まだ計算できません。"
    return f"「{name}」では、{'、'.join(words)}になります。"
