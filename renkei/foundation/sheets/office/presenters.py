"""A sheet as a grid with the names of its cells and what goes into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from renkei.foundation.common.spreadsheets.problems import column_letter
from renkei.foundation.sheets.office.mapping import Mapped, Target
from renkei.foundation.sheets.office.package import Place, Sheet, reference_of

# What fits a page; the cells beyond can still be typed.
MOST_ROWS: Final = 80
MOST_COLUMNS: Final = 26
SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class GridCell:
    name: str
    text: str
    holds: str
    is_formula: bool
    column_span: int
    row_span: int


@dataclass(frozen=True, slots=True)
class Grid:
    letters: list[str]
    rows: list[tuple[int, list[GridCell]]]
    is_cut: bool


def grid_of(name: str, sheet: Sheet, mapped: Mapped, targets: Mapping[str, Target]) -> Grid:
    """The sheet as far as it fits, merged blocks as one cell."""
    rows, columns = sheet.size
    last = (min(rows, MOST_ROWS), min(columns, MOST_COLUMNS))
    holds: dict[str, list[str]] = {}
    for key, cell in mapped.items():
        if cell.sheet == name and key in targets:
            holds.setdefault(cell.cell, []).append(targets[key].label)
    spans = {merge.first: merge.last for merge in sheet.merges}
    hidden = {
        (row, column)
        for first, end in spans.items()
        for row in range(first[0], min(end[0], last[0]) + 1)
        for column in range(first[1], min(end[1], last[1]) + 1)
        if (row, column) != first
    }
    return Grid(
        letters=[column_letter(index) for index in range(last[1])],
        rows=[
            (
                row,
                [
                    _cell(sheet, (row, column), spans.get((row, column)), last, holds)
                    for column in range(1, last[1] + 1)
                    if (row, column) not in hidden
                ],
            )
            for row in range(1, last[0] + 1)
        ],
        is_cut=(rows, columns) != last,
    )


def _cell(
    sheet: Sheet, place: Place, end: Place | None, last: Place, holds: Mapping[str, list[str]]
) -> GridCell:
    shown = sheet.shown(place)
    row_end, column_end = end or place
    name = reference_of(place)
    return GridCell(
        name=name,
        text=shown.text[:SHOWN],
        holds="、".join(holds.get(name, ())),
        is_formula=shown.is_formula,
        column_span=min(column_end, last[1]) - place[1] + 1,
        row_span=min(row_end, last[0]) - place[0] + 1,
    )
