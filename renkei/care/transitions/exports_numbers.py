"""The numbers as a workbook: what the page shows, hidden where the page hides."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from renkei.care.transitions.presenters_numbers import NumberRow, NumbersPage, table_rows
from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_long
from renkei.foundation.common.spreadsheets.write import CellValue, Column, Sheet, write_workbook

RULE: Final = "1人から4人の数と、それが逆算できる数は「非公開」と書きます。"


def numbers_workbook(page: NumbersPage) -> bytes:
    """All tables of the page, each with the words of its definition."""
    stream = io.BytesIO()
    sheets = [
        Sheet(title, _columns(columns), [_row(row, page) for row in rows])
        for title, rows, columns in table_rows(page)
    ]
    notes = [
        ("日付", f"{format_long(clock.today())}に数えた値"),
        ("小さい数", RULE),
        (page.metric.label, page.definition),
    ]
    write_workbook(stream, sheets, title=page.title, notes=notes)
    return stream.getvalue()


def _columns(columns: Sequence[str]) -> list[Column]:
    heads = [Column("項目")]
    for name in columns:
        heads += [Column(name), Column(f"{name}（数／対象）")]
    return [*heads, Column("決め方")]


def _row(row: NumberRow, page: NumbersPage) -> list[CellValue]:
    cells: list[CellValue] = [row.label]
    for cell in row.cells:
        cells += [cell.value, cell.counts]
    return [*cells, row.words or page.definition]
