"""Tables out: workbooks people print and filter, and CSV that loses nothing in silence."""

from __future__ import annotations

import csv
import datetime as dt
import enum
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Final, Protocol, TypeAlias
from zoneinfo import ZoneInfo

import xlsxwriter

from renkei.foundation.common.spreadsheets.cp932 import LossReport, fits, repair_row
from renkei.foundation.common.spreadsheets.formulas import neutralise
from renkei.foundation.common.spreadsheets.workbook_process import number_text

CellValue: TypeAlias = str | int | float | Decimal | dt.date | dt.datetime | bool | None
Note: TypeAlias = tuple[str, str]

TOKYO: Final = ZoneInfo("Asia/Tokyo")
ABOUT: Final = "この表について"
FONT: Final = "BIZ UDPゴシック"
# Excel's own limits; beyond them it calls the file damaged.
MAX_ROWS: Final = 1_048_576
MAX_CELL: Final = 32_767
MAX_SHEET_NAME: Final = 31
MAX_PAGE_HEADER: Final = 255
FIRST_EXCEL_YEAR: Final = 1900
CUT: Final = "…（長いため省略）"
# Column widths in half-width characters; beyond the widest the text wraps.
NARROWEST: Final = 6
WIDEST: Final = 50
MEASURED_ROWS: Final = 500
NOTE_WIDTH: Final = 80
LINE_POINTS: Final = 15
TALLEST_POINTS: Final = 409
A4: Final = 9
MARGIN: Final = 15 / 25.4


class Kind(enum.Enum):
    """What a column holds: decides its alignment, its format and what counts as dangerous."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    PHONE = "phone"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Column:
    """``width`` in half-width characters; None = by content."""

    name: str
    kind: Kind = Kind.TEXT
    width: float | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[CellValue]]


class TooManyRowsError(ValueError):
    """More rows than a sheet can hold."""


class Writable(Protocol):
    """What CSV is written to: a file opened for bytes, or an HTTP response."""

    def write(self, data: bytes, /) -> object: ...


def write_xlsx(
    stream: IO[bytes],
    *,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[CellValue]],
    notes: Sequence[Note] = (),
) -> None:
    """One table as a workbook; ``notes`` (label, text) fill the sheet 「この表について」."""
    write_workbook(stream, [Sheet(title, columns, rows)], title=title, notes=notes)


def write_workbook(
    stream: IO[bytes], sheets: Sequence[Sheet], *, title: str, notes: Sequence[Note] = ()
) -> None:
    """Several tables as one workbook, in constant memory.

    Each sheet has its header in row 1, frozen and repeated in print on A4 landscape. Text is
    written as text: no value can become a formula, and codes keep their zeros.

    Raises:
        TooManyRowsError: a table does not fit on one sheet.
    """
    options = {"constant_memory": True, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": title})
        # The cells without a format, and with them the widths, follow this font.
        book.formats[0].set_font_name(FONT)
        styles = _Styles(book)
        used: set[str] = {ABOUT} if notes else set()
        for sheet in sheets:
            _write_sheet(book.add_worksheet(_sheet_name(sheet.title, used)), sheet, styles)
        if notes:
            _write_notes(book.add_worksheet(ABOUT), title, notes, styles)


class _Styles:
    """The few formats of our workbooks."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": FONT, "valign": "top", "text_wrap": True, "bottom": 1}
        text = book.add_format({**base, "num_format": "@"})
        self.header = book.add_format(
            {**base, "bold": True, "bottom": 2, "valign": "vcenter", "num_format": "@"}
        )
        self.title = book.add_format({"font_name": FONT, "bold": True, "font_size": 14})
        self.plain = book.add_format(base)
        self.by_kind = {
            Kind.TEXT: self.plain,
            Kind.NUMBER: book.add_format({**base, "align": "right", "indent": 1}),
            Kind.DATE: book.add_format({**base, "num_format": "yyyy-mm-dd", "align": "left"}),
            Kind.PHONE: text,
            Kind.CODE: text,
        }


def _write_sheet(worksheet: xlsxwriter.worksheet.Worksheet, sheet: Sheet, styles: _Styles) -> None:
    for index, column in enumerate(sheet.columns):
        worksheet.write_string(0, index, excel_text(column.name), styles.header)
    rows = iter(sheet.rows)
    # A row's height must be known before it is written, and needs the widths.
    first = list(islice(rows, MEASURED_ROWS))
    widths = _fitted_widths(sheet.columns, first)
    formats = [styles.by_kind[column.kind] for column in sheet.columns]
    number = 0
    for number, row in enumerate(chain(first, rows), start=1):
        if number >= MAX_ROWS:
            raise TooManyRowsError(
                f"「{sheet.title}」は{MAX_ROWS - 1:,}行を超えるためExcelでは書き出せません。"
                "条件でしぼり込むか、CSVで書き出してください。"
            )
        values = [
            excel_value(value, column.kind)
            for value, column in zip(row, sheet.columns, strict=True)
        ]
        lines = max(map(_line_count, values, widths), default=1)
        if lines > 1:
            worksheet.set_row(number, min(lines * LINE_POINTS, TALLEST_POINTS))
        for index, value in enumerate(values):
            _write_cell(worksheet, number, index, value, formats[index])
    for index, width in enumerate(widths):
        worksheet.set_column(index, index, width)
    _set_up_table(worksheet, rows=number, columns=len(sheet.columns))
    _set_up_page(worksheet, sheet.title)


def _fitted_widths(columns: Sequence[Column], rows: list[Sequence[CellValue]]) -> list[float]:
    widths: list[float] = []
    for index, column in enumerate(columns):
        if column.width is not None:
            widths.append(column.width)
            continue
        content = max((_width(cell_text(row[index])) for row in rows), default=0)
        # The heading needs room for the filter button.
        widths.append(min(max(_width(column.name) + 3, content + 2, NARROWEST), WIDEST))
    return widths


def _line_count(value: str | float | dt.date | None, width: float) -> int:
    """How many lines the value takes in a column; no program but Excel finds that out itself."""
    if not isinstance(value, str) or (len(value) * 2 < width and "\n" not in value):
        return 1
    return sum(max(1, math.ceil(_width(line) / (width - 1))) for line in value.split("\n"))


def _set_up_table(worksheet: xlsxwriter.worksheet.Worksheet, *, rows: int, columns: int) -> None:
    worksheet.freeze_panes(1, 0)
    worksheet.autofilter(0, 0, rows, columns - 1)
    worksheet.print_area(0, 0, rows, columns - 1)
    worksheet.repeat_rows(0)
    worksheet.set_landscape()
    # Codes and phone numbers are text on purpose; without this each shows a warning.
    worksheet.ignore_errors({"number_stored_as_text": f"A1:XFD{rows + 1}"})


def _write_cell(
    worksheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    value: str | float | dt.date | None,
    style: xlsxwriter.format.Format,
) -> None:
    if value is None:
        worksheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        worksheet.write_string(row, column, value, style)
    elif isinstance(value, dt.date):
        worksheet.write_datetime(row, column, value, style)
    else:
        worksheet.write_number(row, column, value, style)


def _write_notes(
    worksheet: xlsxwriter.worksheet.Worksheet, title: str, notes: Sequence[Note], styles: _Styles
) -> None:
    worksheet.set_column(0, 0, 18)
    worksheet.set_column(1, 1, NOTE_WIDTH)
    worksheet.write_string(0, 0, excel_text(title), styles.title)
    for row, (label, text) in enumerate(notes, start=2):
        worksheet.set_row(row, _line_count(excel_text(text), NOTE_WIDTH) * LINE_POINTS)
        worksheet.write_string(row, 0, excel_text(label), styles.plain)
        worksheet.write_string(row, 1, excel_text(text), styles.plain)
    _set_up_page(worksheet, title)


def _set_up_page(worksheet: xlsxwriter.worksheet.Worksheet, title: str) -> None:
    worksheet.set_paper(A4)
    worksheet.set_margins(left=MARGIN, right=MARGIN, top=MARGIN + 0.3, bottom=MARGIN + 0.2)
    worksheet.fit_to_pages(1, 0)
    # An ampersand begins a code in a page header.
    heading = excel_text(title).replace("&", "&&").replace("\n", " ")
    worksheet.set_header("&L" + heading[: MAX_PAGE_HEADER - 20])
    worksheet.set_footer("&R&P / &N")


def _sheet_name(title: str, used: set[str]) -> str:
    """A name Excel takes: at most 31 characters, no brackets or slashes, unlike any other."""
    clean = re.sub(r"[\[\]:*?/\\]", "・", excel_text(title)).strip().strip("'") or "表"
    name, number = clean[:MAX_SHEET_NAME], 1
    while name.casefold() in {other.casefold() for other in used}:
        number += 1
        ending = f" ({number})"
        name = clean[: MAX_SHEET_NAME - len(ending)] + ending
    used.add(name)
    return name


def excel_value(value: CellValue, kind: Kind) -> str | float | dt.date | None:
    """The value as Excel shall hold it: numbers only in number columns, dates in date columns."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return excel_text(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return float(value) if kind is Kind.NUMBER else cell_text(value)
    if isinstance(value, dt.datetime):
        value = _local(value)
    if isinstance(value, dt.date) and kind is Kind.DATE and value.year >= FIRST_EXCEL_YEAR:
        return value
    return excel_text(cell_text(value))


def excel_text(text: str) -> str:
    if len(text) > MAX_CELL:
        text = text[: MAX_CELL - len(CUT)] + CUT
    # Half of a character from a damaged source cannot be written at all.
    return text.encode("utf-8", "replace").decode("utf-8")


def cell_text(value: CellValue) -> str:
    """The value as text: dates in ISO form, instants in Tokyo's time, TRUE and FALSE."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return _local(value).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return number_text(value)
    return str(value)


def _local(value: dt.datetime) -> dt.datetime:
    return value if value.tzinfo is None else value.astimezone(TOKYO).replace(tzinfo=None)


def _width(text: str) -> int:
    """Width of the longest line in half-width characters."""
    return max(len(line.encode("cp932", "replace")) for line in text.split("\n"))


def write_csv(
    stream: Writable,
    *,
    columns: Sequence[Column],
    rows: Iterable[Sequence[CellValue]],
    encoding: str = "utf-8-sig",
) -> LossReport:
    """The table as CSV with CRLF, ``encoding`` "utf-8-sig" or "cp932".

    Returns the characters the encoding could not hold: each was replaced by a substitute or 〓,
    never by "?", and is listed with its cell (row 1 is the header).
    """
    report = LossReport("utf-8" if encoding == "utf-8-sig" else encoding)
    names = [column.name for column in columns]
    if encoding == "utf-8-sig":
        stream.write("\ufeff".encode())
    for block in _blocks(_csv_rows(names, columns, rows)):
        stream.write(_encode(block, names, report))
    return report


@dataclass(slots=True)
class _Block:
    first_row: int
    rows: list[list[str]] = field(default_factory=list)


def _csv_rows(
    names: list[str], columns: Sequence[Column], rows: Iterable[Sequence[CellValue]]
) -> Iterator[list[str]]:
    yield [neutralise(name) for name in names]
    numbers = [column.kind is Kind.NUMBER for column in columns]
    for row in rows:
        yield [
            cell_text(value)
            if is_number and not isinstance(value, str)
            else neutralise(cell_text(value))
            for value, is_number in zip(row, numbers, strict=True)
        ]


def _blocks(rows: Iterator[list[str]], size: int = 500) -> Iterator[_Block]:
    first_row = 1
    while block := list(islice(rows, size)):
        yield _Block(first_row, block)
        first_row += len(block)


def _encode(block: _Block, names: list[str], report: LossReport) -> bytes:
    text = _csv_text(block.rows)
    if not fits(text, report.encoding):
        text = _csv_text(
            [
                repair_row(cells, row=row, names=names, report=report)
                for row, cells in enumerate(block.rows, start=block.first_row)
            ]
        )
    return text.encode(report.encoding)


def _csv_text(rows: list[list[str]]) -> str:
    lines = io.StringIO(newline="")
    csv.writer(lines, lineterminator="\r\n").writerows(rows)
    return lines.getvalue()
