"""Tables from a file on disk: CSV and TSV, xlsx, xls, ods, and zip archives of these."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

from renkei.foundation.common.spreadsheets.columns import fold_heading
from renkei.foundation.common.spreadsheets.containers import (
    Kind,
    Scratch,
    kind_of,
    unpack_tables,
)
from renkei.foundation.common.spreadsheets.problems import (
    DEFAULT_LIMITS,
    FileProblem,
    Limits,
    UnreadableFile,
    column_letter,
)
from renkei.foundation.common.spreadsheets.text import (
    SUSPECT,
    TextFormat,
    detect_delimiter,
    detect_format,
    is_suspect,
    read_records,
)
from renkei.foundation.common.spreadsheets.workbook import convert_workbook

# Titles, notes and units stand above the header of ministry files; none found took more rows.
HEADER_WITHIN: Final = 30
# A header names most columns; a title above it fills one or two cells.
HEADER_FILLS: Final = 0.6
SHOWN_VALUE: Final = 60
KEPT_VALUE: Final = 1_000
_NUMBER: Final = re.compile(r"[-+]?[\d,./]+%?")
NO_TABLE: Final = "表の中身がありません。中身のあるファイルを選んでください。"


@dataclass(slots=True)
class Table:
    """One table of a file. ``rows()`` streams and may be called again; each call starts anew.

    ``header_row`` is the spreadsheet's row of the header, 0 for a table without one. ``encoding``
    is empty for workbooks. ``problems`` are those of the rows read so far; a row with a problem
    is not given, its cells are in the problem.
    """

    file_name: str
    sheet: str
    encoding: str
    header: list[str]
    header_row: int
    source: _Source = field(repr=False)
    problems: list[FileProblem] = field(default_factory=list)

    @property
    def place(self) -> str:
        """The file, and the sheet where there is one, as the user knows them."""
        return self.source.place

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (spreadsheet row number, cells), as wide as the header; empty rows are left out.

        Raises:
            UnreadableFile: the rest of the file cannot be read, or too much of it is wrong.
        """
        if not self.source.width:
            return
        self.problems.clear()
        header_row, width, suspect = self.header_row, self.source.width, self.source.format.suspect
        number, length, short_rows = 0, width, 0
        for number, cells in enumerate(self.source.records(), start=1):
            if number <= header_row:
                continue
            length = len(cells)
            if length != width:
                if length > width and any(cells[width:]):
                    self._add_too_wide(number, cells)
                    continue
                short_rows += 1 < length < width
                # Excel and others leave out empty cells at the end of a row.
                cells[width:] = [""] * (width - length)
            if suspect and self._add_suspects(number, cells):
                continue
            if any(cells):
                yield number, cells
        if 1 < length < width and short_rows == 1 and not self.source.format.ends_with_newline:
            raise UnreadableFile(
                self.place,
                "最後の行が途中で終わっています。ファイルが途中で切れていないか確かめ、"
                "もう一度ダウンロードしてください。",
                row=number,
            )

    def _add_too_wide(self, number: int, cells: list[str]) -> None:
        width = self.source.width
        self._add(
            FileProblem(
                self.place,
                number,
                "",
                _shown(next(cell for cell in cells[width:] if cell)),
                f"列が{len(cells)}列あり、見出しの{width}列より多くなっています。"
                '「,」や「"」が値に混ざっていないか確かめてください。',
                _cleaned(cells),
            )
        )

    def _add_suspects(self, number: int, cells: list[str]) -> bool:
        """Report every cell with a character that must not be stored."""
        found = False
        for index, cell in enumerate(cells):
            if match := SUSPECT.search(cell):
                found = True
                heading = self.header[index] if index < len(self.header) else ""
                self._add(
                    FileProblem(
                        self.place,
                        number,
                        heading or f"{column_letter(index)}列",
                        _shown(cell),
                        _suspect_message(match.group(), self.encoding),
                        _cleaned(cells),
                    )
                )
        return found

    def _add(self, problem: FileProblem) -> None:
        self.problems.append(problem)
        limit = self.source.limits.max_problems
        if len(self.problems) >= limit:
            raise UnreadableFile(
                self.place,
                f"読めない行が{limit:,}か所に達したので中止しました。"
                f"最初は{self.problems[0].row}行目です。ファイルの種類と文字コードを確かめてください。",
                row=problem.row,
            )


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a table's records come from."""

    path: Path
    file_name: str
    sheet: str
    format: TextFormat
    limits: Limits
    # Held so that an unpacked file outlives the loop that opened it.
    scratch: Scratch
    width: int = 0

    @property
    def place(self) -> str:
        return f"{self.file_name}（{self.sheet}）" if self.sheet else self.file_name

    def records(self) -> Iterator[list[str]]:
        return read_records(self.path, self.format, name=self.place, limits=self.limits)


def open_tables(
    path: Path,
    *,
    name: str | None = None,
    expected: Collection[str] = (),
    has_header: bool = True,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[Table]:
    """Yield every table of a file: one per CSV, one per visible sheet, those inside a zip too.

    ``name`` is the file's name as the user knows it. ``expected`` holds all headings that may
    occur (aliases too); with them the header row is the one that has most of them. A sheet without
    any beside one that has them comes with an empty header, no rows and the reason in
    ``problems``.

    Raises:
        UnreadableFile: the file, or one inside it, holds no table that can be read.
    """
    folded = frozenset(fold_heading(heading) for heading in expected)
    scratch = Scratch(limits.max_uncompressed_bytes)
    yield from _open(path, name or path.name, _Request(folded, has_header, limits, scratch))


@dataclass(frozen=True, slots=True)
class _Request:
    expected: frozenset[str]
    has_header: bool
    limits: Limits
    scratch: Scratch


def _open(path: Path, name: str, request: _Request, *, depth: int = 0) -> Iterator[Table]:
    kind = kind_of(path, name=name, limits=request.limits)
    if kind is Kind.ARCHIVE:
        if depth > 1:
            raise UnreadableFile(
                name, "zipの中のzipの中に、さらにzipがあります。展開してから選んでください。"
            )
        for shown, unpacked in unpack_tables(
            path, name=name, scratch=request.scratch, limits=request.limits
        ):
            yield from _open(unpacked, shown, request, depth=depth + 1)
        return
    if kind is Kind.WORKBOOK:
        sources = _workbook_sources(path, name, request)
    else:
        sources = [_text_source(path, name, request)]
    yield from _tables(sources, name, request)


def _text_source(path: Path, name: str, request: _Request) -> _Source:
    found = detect_format(path, name=name)
    delimiter = detect_delimiter(path, found.encoding)
    text_format = replace(found, delimiter=delimiter)
    return _Source(path, name, "", text_format, request.limits, request.scratch)


def _workbook_sources(path: Path, name: str, request: _Request) -> list[_Source]:
    limits, scratch = request.limits, request.scratch
    sheets = convert_workbook(path, name=name, scratch=scratch, limits=limits)
    return [
        _Source(csv_path, name, sheet, TextFormat("utf-8", is_suspect(csv_path)), limits, scratch)
        for sheet, csv_path in sheets
    ]


def _tables(sources: list[_Source], name: str, request: _Request) -> Iterator[Table]:
    """The tables of one file, once it is sure that at least one has a header."""
    found: list[Table] = []
    for source in sources:
        sample = list(islice(source.records(), HEADER_WITHIN))
        if any(any(record) for record in sample):
            found.append(_table(source, sample, request))
    if not found:
        raise UnreadableFile(name, NO_TABLE)
    if not any(table.source.width for table in found):
        raise UnreadableFile(name, found[0].problems[0].message)
    yield from found


def _table(source: _Source, sample: list[list[str]], request: _Request) -> Table:
    encoding = "" if source.sheet else source.format.encoding
    header: list[str] = []
    header_row, width = 0, max(len(record) for record in sample)
    problems: list[FileProblem] = []
    if request.has_header:
        found = _find_header(sample, request.expected)
        if found is None:
            width = 0
            problems = [FileProblem(source.place, None, "", "", _no_header(request))]
        else:
            header = [cell.strip() for cell in sample[found]]
            header_row, width = found + 1, len(header)
    source = replace(source, width=width)
    return Table(source.file_name, source.sheet, encoding, header, header_row, source, problems)


def _no_header(request: _Request) -> str:
    if request.expected:
        return (
            "この表の見出しの行が見つかりません。"
            "ファイルの種類が合っているか、見出しの行が消えていないか確かめてください。"
        )
    return "見出しの行が見つかりません。1行目に列の名前を入れて保存し直してください。"


def _find_header(sample: Sequence[Sequence[str]], expected: frozenset[str]) -> int | None:
    """Index of the header row in the sample."""
    if expected:
        hits = [len(expected & {fold_heading(cell) for cell in record}) for record in sample]
        best = max(hits)
        return hits.index(best) if best >= min(2, len(expected)) else None
    filled = [[cell for cell in map(str.strip, record) if cell] for record in sample]
    enough = math.ceil(max(map(len, filled)) * HEADER_FILLS)
    for index, cells in enumerate(filled):
        numbers = sum(1 for cell in cells if _NUMBER.fullmatch(cell))
        if len(cells) >= enough and numbers * 2 <= len(cells):
            return index
    return None


def _suspect_message(character: str, encoding: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return f"文字コード（{encoding}）では読めない文字があります。この値を入力し直してください。"
    if character in "\ufffd\ufffe\uffff":
        return "文字が失われています。元の資料を見て、この値を入力し直してください。"
    if character < "\ud800":
        return "目に見えない制御文字が入っています。この値を入力し直してください。"
    code = f"U+{ord(character):04X}"
    return f"外字（{code}）が使われています。通常の文字に置き換えてください。"


def _shown(value: str) -> str:
    return _printable(value if len(value) <= SHOWN_VALUE else value[:SHOWN_VALUE] + "…")


def _cleaned(cells: list[str]) -> tuple[str, ...]:
    return tuple(_printable(cell[:KEPT_VALUE]) for cell in cells)


def _printable(value: str) -> str:
    """Without what can be neither stored nor shown; 外字 stay, they are what the user looks for."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "\ufffd", value)
