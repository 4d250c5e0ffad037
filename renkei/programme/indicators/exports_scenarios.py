"""A projection as a workbook that works by itself: assumptions in cells, the figure in formulas."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from renkei.foundation.common.spreadsheets.write import excel_text
from renkei.programme.indicators.charts import STYLES
from renkei.programme.indicators.exports import FONT
from renkei.programme.indicators.projecting import (
    ASSUMPTIONS,
    LINES,
    Figure,
    People,
    figure_of,
    in_excel,
)
from renkei.programme.indicators.queries.scenarios import Sheet

PREMISES, FIGURE = "前提", "推計"
_TOP: Final = 4
_HEADS: Final = ("前提", "値", "単位", "出典・理由", "記号")
_GIVEN: Final = {"N-POP": "total", "N-65": "aged_65", "N-75": "aged_75"}
_CHARTED: Final = ("F-HV", "F-NU", "F-DEATH", "F-HOME")


def workbook_of(title: str, people: Sequence[People], sheet: Sheet, *, sentence: str) -> bytes:
    """Two sheets; whoever changes a cell of the first sees the second and its chart follow."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_urls": False}) as book:
        book.set_properties({"title": title})
        book.formats[0].set_font_name(FONT)
        _premises(book, title, sheet)
        figure = figure_of(people, {key: given.value for key, given in sheet.items()})
        _figure(book, people, figure, sentence)
    return stream.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": FONT}
    return {
        "title": book.add_format(base | {"bold": True, "font_size": 14}),
        "head": book.add_format(base | {"bold": True, "bottom": 2}),
        "entry": book.add_format(base | {"bg_color": "#fff4cc", "border": 1}),
        "wrap": book.add_format(base | {"text_wrap": True, "valign": "top"}),
        "count": book.add_format(base | {"num_format": "#,##0", "align": "right"}),
        "share": book.add_format(base | {"num_format": "#,##0.0", "align": "right"}),
    }


def _premises(book: Any, title: str, sheet: Sheet) -> None:
    page, look = book.add_worksheet(PREMISES), _formats(book)
    page.write_string(0, 0, excel_text(title), look["title"])
    page.write_string(1, 0, "黄色のセルを書き換えると、「推計」の表と図が計算し直されます。")
    for place, words in enumerate(_HEADS):
        page.write_string(_TOP - 1, place, words, look["head"])
    for number, one in enumerate(ASSUMPTIONS, start=_TOP):
        given = sheet[one.key]
        page.write_string(number, 0, one.label)
        if given.value is None:
            page.write_blank(number, 1, None, look["entry"])
        else:
            page.write_number(number, 1, float(given.value), look["entry"])
        page.write_string(number, 2, one.unit)
        page.write_string(number, 3, excel_text(given.source), look["wrap"])
        page.write_string(number, 4, one.key)
    page.set_column(0, 0, 48)
    page.set_column(2, 2, 14)
    page.set_column(3, 3, 60)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _figure(book: Any, people: Sequence[People], figure: Figure, sentence: str) -> None:
    page, look = book.add_worksheet(FIGURE), _formats(book)
    page.write_string(0, 0, excel_text(sentence), look["title"])
    page.write_string(_TOP - 1, 0, "項目", look["head"])
    page.write_string(_TOP - 1, 1, "単位", look["head"])
    rows = {line.key: number for number, line in enumerate(LINES, start=_TOP)}
    premises = {one.key: number for number, one in enumerate(ASSUMPTIONS, start=_TOP)}
    for place, one in enumerate(people, start=2):
        page.write_number(_TOP - 1, place, one.year, look["head"])

    def cell_in(column: int) -> Any:
        def place(code: str) -> str:
            if code == "N-YEAR":
                return str(xl_rowcol_to_cell(_TOP - 1, column))
            if code in premises:
                at = xl_rowcol_to_cell(premises[code], 1, row_abs=True, col_abs=True)
                return f"{PREMISES}!{at}"
            return str(xl_rowcol_to_cell(rows[code], column))

        return place

    for line in LINES:
        row = rows[line.key]
        style = look["share" if line.decimals else "count"]
        page.write_string(row, 0, line.label)
        page.write_string(row, 1, line.unit)
        for number, one in enumerate(people):
            column = number + 2
            if line.formula:
                shown = figure.cells[line.key][number].value
                kept: float | str = "未入力" if shown is None else float(shown)
                page.write_formula(
                    row, column, in_excel(line.formula, cell_in(column)), style, kept
                )
            elif (count := getattr(one, _GIVEN[line.key])) is not None:
                page.write_number(row, column, count, style)
            else:
                page.write_string(row, column, "記録なし", style)
    page.insert_chart(_TOP + len(LINES) + 1, 0, _chart(book, rows, len(people)))
    page.set_column(0, 0, 40)
    page.set_column(2, 1 + len(people), 11)
    page.freeze_panes(_TOP, 2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _chart(book: Any, rows: dict[str, int], count: int) -> Any:
    chart = book.add_chart({"type": "line"})
    for place, key in enumerate(_CHARTED):
        chart.add_series(
            {
                "name": [FIGURE, rows[key], 0],
                "categories": [FIGURE, _TOP - 1, 2, _TOP - 1, 1 + count],
                "values": [FIGURE, rows[key], 2, rows[key], 1 + count],
                "line": {"color": STYLES[place][0], "width": 2.25},
                "marker": {"type": "circle", "size": 6},
            }
        )
    chart.set_title({"name": "在宅医療・看護と看取りの見通し", "name_font": {"size": 12}})
    chart.set_y_axis({"min": 0})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 860, "height": 400})
    return chart
