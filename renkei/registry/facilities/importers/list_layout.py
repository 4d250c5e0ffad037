"""Where the header of somebody's own list is: under titles, in two rows, with merged cells.

Pure: works on the first rows of a sheet. What it finds is a proposal; a person confirms it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError

from renkei.foundation.common.eras import parse_day
from renkei.foundation.common.spreadsheets.problems import column_letter
from renkei.foundation.common.spreadsheets.read import Table, open_tables
from renkei.registry.facilities.importers.list_columns import guess_target

LOOKED_AT = 40
# A list of one column is not a list of places.
MIN_COLUMNS = 2
# Headings are names of things; a longer text is a note or a value.
LONGEST_HEADING = 30
_DAY = re.compile(
    r"(?:明治|大正|昭和|平成|令和|[MTSHR])\s*(?:元|\d{1,2})[年.]\s*\d{1,2}[月.]\s*\d{1,2}日?"
    r"|20\d{2}[年./-]\d{1,2}[月./-]\d{1,2}日?|20\d{6}"
)
_DIGITS = re.compile(r"[0-9０-９]{2,}")

Row = tuple[str, ...]


@dataclass(frozen=True)
class HeaderRows:
    """The spreadsheet's own row numbers of the header, the first and the last of one or two."""

    first: int
    last: int


@dataclass(frozen=True)
class Sheet:
    """The beginning of one sheet: (spreadsheet row number, cells), empty rows left out."""

    file_name: str
    name: str
    encoding: str
    rows: tuple[tuple[int, Row], ...]

    @property
    def place(self) -> str:
        return f"{self.file_name}（{self.name}）" if self.name else self.file_name

    def row(self, number: int) -> Row:
        """The cells of one spreadsheet row; an empty row has none."""
        return next((cells for at, cells in self.rows if at == number), ())


def read_sheets(path: Path, *, name: str) -> list[Sheet]:
    """The first rows of every sheet of a file, as the wizard shows them.

    Raises:
        UnreadableFile: no table can be read.
    """
    return [_sheet(table) for table in open_tables(path, name=name, has_header=False)]


def _sheet(table: Table) -> Sheet:
    rows = tuple(
        (number, tuple(cell.strip() for cell in cells))
        for number, cells in islice(table.rows(), LOOKED_AT)
    )
    return Sheet(table.file_name, table.sheet, table.encoding, rows)


def guess_header(sheet: Sheet) -> HeaderRows | None:
    """The most likely header: the row that names the most known things, with its second row."""
    scored = [
        (_known_headings(cells), _filled(cells), -index)
        for index, (_, cells) in enumerate(sheet.rows)
        if _filled(cells) >= MIN_COLUMNS
    ]
    if not scored:
        return None
    known, _, negative_index = max(scored)
    if known == 0:
        return None
    index = -negative_index
    for upper in (index - 1, index):
        if upper >= 0 and upper + 1 < len(sheet.rows) and _is_pair(sheet.rows, upper):
            return HeaderRows(sheet.rows[upper][0], sheet.rows[upper + 1][0])
    number = sheet.rows[index][0]
    return HeaderRows(number, number)


def day_in(sheet: Sheet, header: HeaderRows) -> date | None:
    """The day a list says it is of, in its file name or in the titles above the header."""
    titles = [cell for number, cells in sheet.rows if number < header.first for cell in cells]
    for text in (*titles, sheet.file_name):
        for found in _DAY.findall(unicodedata.normalize("NFKC", text)):
            try:
                return parse_day(found)
            except ValidationError:
                continue
    return None


def _filled(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell)


def _known_headings(cells: Sequence[str]) -> int:
    return sum(
        1
        for cell in cells
        if cell
        and len(cell) <= LONGEST_HEADING
        and not _DIGITS.search(cell)
        and guess_target(cell) is not None
    )


def _is_pair(rows: Sequence[tuple[int, Row]], upper: int) -> bool:
    """Whether two rows are one header whose cells were merged across or down."""
    (upper_at, above), (lower_at, below) = rows[upper], rows[upper + 1]
    if lower_at != upper_at + 1 or min(_filled(above), _filled(below)) < MIN_COLUMNS:
        return False
    if any(_DIGITS.search(cell) or len(cell) > LONGEST_HEADING for cell in (*above, *below)):
        return False
    merged_down = any(a and not b for a, b in zip(above, below, strict=False))
    merged_across = any(b and not a for a, b in zip(above, below, strict=False))
    if not (merged_down and merged_across):
        return False
    # The row of a record with gaps looks the same, but has gaps where other records have them too.
    following = rows[upper + 2][1] if upper + 2 < len(rows) else ()
    first = next((i for i, cell in enumerate(below) if not cell), 0)
    return first < len(following) and bool(following[first]) and not below[first]


def headings_of(sheet: Sheet, header: HeaderRows) -> list[str]:
    """One heading per column: two rows joined, empty ones by letter, doubled ones numbered."""
    above = sheet.row(header.first)
    below = sheet.row(header.last) if header.last != header.first else ()
    width = max((len(cells) for _, cells in sheet.rows), default=0)
    names: list[str] = []
    group = ""
    for index in range(width):
        upper = above[index] if index < len(above) else ""
        lower = below[index] if index < len(below) else ""
        # A merged heading stands over the columns to its right as long as those have a second row.
        group = upper or (group if lower else "")
        names.append(" ".join(filter(None, (group, lower))) or f"（{column_letter(index)}列）")
    return _numbered([re.sub(r"\s+", " ", name) for name in names])


def _numbered(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}（{seen[name]}）")
    return result
