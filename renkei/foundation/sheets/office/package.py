"""A workbook as it lies in its zip: what its sheets show, and the writing into single cells."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping, Sized
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from django.core.exceptions import ValidationError

from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.eras import format_long
from renkei.foundation.common.spreadsheets.problems import MIB, column_letter
from renkei.foundation.common.spreadsheets.write import excel_text
from renkei.foundation.sheets.office.spots import (
    BrokenXmlError,
    Splice,
    Spot,
    parse_spots,
    spliced,
)

# A recursion that is too deep is a RuntimeError; a place that is no place a ValueError.
_UNREADABLE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError, OverflowError,
    NotImplementedError,
)  # fmt: skip

CellValue = str | int | Decimal | date | datetime
Place = tuple[int, int]

# Excel's own limits.
MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EPOCH: Final = date(1899, 12, 30)
_EPOCH_1904: Final = date(1904, 1, 1)
# Before it Excel counts a day that never was.
_FIRST_DAY: Final = date(1900, 3, 1)
_TEXT_FORMAT: Final = 49
# Built-in formats of days and times. Source: ECMA-376 part 1, 18.8.30, with those of Japan.
_DAY_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
# 0.00E+00 has an e that counts no years.
_DAY_SIGNS: Final = re.compile(r"[ymdg]|(?<![0-9#?])e")
_GENERAL: Final = re.compile("general|g/標準")
# What a web worker unpacks at once; an office's form of paper is a hundredth of it.
MOST_UNPACKED: Final = 64 * MIB
MOST_PARTS: Final = 1_000_000
_TOO_LARGE: Final = (
    "展開すると大きくなりすぎるファイルです。必要なシートだけにして、保存し直してください。"
)
_BROKEN: Final = (
    "ファイルが壊れているか、Excelの表（xlsx）ではありません。Excelで開いて保存し直してください。"
)


class WorkbookBrokenError(ValidationError):
    """The file cannot be used; one sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """What a cell shows before anything is written into it."""

    text: str
    is_formula: bool


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged block, from its upper left cell to its lower right one."""

    first: Place
    last: Place

    def holds(self, place: Place) -> bool:
        return all(
            low <= at <= high for low, at, high in zip(self.first, place, self.last, strict=True)
        )


def place_of(reference: str) -> Place:
    """(row, column), both from 1.

    Raises:
        ValueError: not the name of a cell.
    """
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise ValueError(reference)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2])
    if not (1 <= row <= MOST_ROWS and column <= MOST_COLUMNS):
        raise ValueError(reference)
    return row, column


def reference_of(place: Place) -> str:
    row, column = place
    return f"{column_letter(column - 1)}{row}"


class Package:
    """The workbook, read as far as it is asked.

    Raises:
        WorkbookBrokenError: no workbook, or damaged.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
                # Asked before anything is unpacked; ``zipfile`` holds a part to what it declares.
                if sum(each.file_size for each in entries) > MOST_UNPACKED:
                    raise WorkbookBrokenError(_TOO_LARGE)
                self.entries = [(each, archive.read(each)) for each in entries]
            self.parts = {info.filename: content for info, content in self.entries}
            self.book_path = self._target("", "officeDocument")
            self.book = parse_spots(self.parts[self.book_path])
            self.relations = self._relations(self.book_path)
        except (*_UNREADABLE, StopIteration) as error:
            raise WorkbookBrokenError(_BROKEN) from error

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Id → (kind, path) of what a part refers to."""
        folder, name = posixpath.split(part)
        found = self.parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
        if found is None:
            return {}
        relations = {}
        for spot in parse_spots(found).all("Relationship"):
            target = spot.attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            kind = spot.attributes.get("Type", "").rpartition("/")[2]
            relations[spot.attributes.get("Id", "")] = (kind, posixpath.normpath(path))
        return relations

    def _target(self, part: str, kind: str) -> str:
        return next(path for each, path in self._relations(part).values() if each == kind)

    def _other_part(self, kind: str) -> Spot | None:
        path = next((path for each, path in self.relations.values() if each == kind), "")
        return parse_spots(self.parts[path]) if path in self.parts else None

    @cached_property
    def sheets(self) -> dict[str, Sheet]:
        """The visible worksheets by name, in their order."""
        found: dict[str, Sheet] = {}
        for spot in self.book.all("sheet"):
            reference = next(
                (value for key, value in spot.attributes.items() if key.endswith(":id")), ""
            )
            kind, path = self.relations.get(reference, ("", ""))
            visible = spot.attributes.get("state", "visible") == "visible"
            if kind == "worksheet" and visible and path in self.parts:
                name = spot.attributes.get("name", "")
                try:
                    found[name] = sheet = Sheet(self, path, parse_spots(self.parts[path]))
                    sheet.require_readable()
                except _UNREADABLE as error:
                    raise WorkbookBrokenError(_BROKEN) from error
        return found

    @cached_property
    def strings(self) -> list[tuple[Spot, bytes]]:
        """The shared strings, each with the bytes it is written in."""
        path = next((path for kind, path in self.relations.values() if kind == "sharedStrings"), "")
        if path not in self.parts:
            return []
        data = self.parts[path]
        return [(spot, data[spot.opened : spot.closed]) for spot in parse_spots(data).all("si")]

    @cached_property
    def formats(self) -> list[tuple[bool, bool]]:
        """Per style of a cell: (shows a day, is text)."""
        styles = self._other_part("styles")
        formats = styles.first("cellXfs") if styles else None
        if styles is None or formats is None:
            return []
        codes = {
            spot.attributes.get("numFmtId", ""): spot.attributes.get("formatCode", "")
            for spot in styles.all("numFmt")
        }
        return [_format(spot, codes) for spot in formats.children if spot.name == "xf"]

    @property
    def counts_from_1904(self) -> bool:
        properties = self.book.first("workbookPr")
        return properties is not None and properties.attributes.get("date1904") in {"1", "true"}

    def filled(self, values: Mapping[str, Mapping[Place, CellValue]]) -> bytes:
        """The workbook with these values in its cells, every other byte of its parts as it was."""
        changed: dict[str, bytes] = {}
        if any(values.values()):
            for name, sheet in self.sheets.items():
                cells = values.get(name, {})
                if cells or sheet.has_formulas:
                    changed[sheet.path] = sheet.filled(cells)
            if any(sheet.has_formulas for sheet in self.sheets.values()):
                changed[self.book_path] = self._recalculated()
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for info, content in self.entries:
                archive.writestr(info, changed.get(info.filename, content), info.compress_type)
        return stream.getvalue()

    def _recalculated(self) -> bytes:
        """The formulas held results of the empty form: have them worked out on opening."""
        data = self.parts[self.book_path]
        properties = self.book.first("calcPr")
        if properties is None:
            made = f'<{self.book.prefix}calcPr fullCalcOnLoad="1"/>'.encode()
            before = next(
                (each.end for each in reversed(self.book.children) if each.name in _BEFORE_CALC),
                self.book.closed,
            )
            return spliced(data, [Splice(before, before, made)])
        attributes = properties.attributes | {"fullCalcOnLoad": "1"}
        made = _tag(properties, attributes, closed=properties.is_self_closing)
        return spliced(data, [Splice(properties.start, properties.opened, made)])


# What may stand before calcPr in a workbook part. Source: ECMA-376 part 1, 18.2.27.
_BEFORE_CALC: Final = frozenset({"sheets", "functionGroups", "externalReferences", "definedNames"})


def _format(spot: Spot, codes: Mapping[str, str]) -> tuple[bool, bool]:
    number = spot.attributes.get("numFmtId", "0")
    code = codes.get(number, "")
    if code:
        plain = _QUOTED.sub("", code).lower()
        return bool(_DAY_SIGNS.search(_GENERAL.sub("", plain))), code == "@"
    identifier = int(number) if number.isdecimal() else 0
    return identifier in _DAY_FORMATS, identifier == _TEXT_FORMAT


def _tag(spot: Spot, attributes: Mapping[str, str], *, closed: bool) -> bytes:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{spot.prefix}{spot.name}{written}{'/' if closed else ''}>".encode()


class Sheet:
    """One worksheet."""

    def __init__(self, package: Package, path: str, root: Spot) -> None:
        self.package, self.path, self.root = package, path, root
        self.rows: dict[int, Spot] = {}
        self.cells: dict[Place, Spot] = {}
        self.data = root.first("sheetData")
        row_number = 0
        for row in self.data.children if self.data else ():
            row_number = int(row.attributes.get("r", row_number + 1))
            self.rows[row_number] = row
            column = 0
            for cell in row.children:
                reference = cell.attributes.get("r")
                column = place_of(reference)[1] if reference else column + 1
                self.cells[row_number, column] = cell

    @cached_property
    def merges(self) -> list[Merge]:
        found = []
        for spot in self.root.all("mergeCell"):
            first, _, last = spot.attributes.get("ref", "").partition(":")
            found.append(Merge(place_of(first), place_of(last or first)))
        return found

    def require_readable(self) -> None:
        """Read now what is otherwise read on some later page.

        Raises:
            ValueError: a block, a style or a text is not what it should be.
        """
        numbers = [
            int(column.attributes.get(side, "0"))
            for column in self.root.all("col")
            for side in ("min", "max")
        ]
        read: tuple[Sized, ...] = (numbers, self.merges, self.package.strings, self.package.formats)
        if sum(map(len, read)) > MOST_PARTS:
            raise BrokenXmlError

    @property
    def has_formulas(self) -> bool:
        return any(child.name == "f" for cell in self.cells.values() for child in cell.children)

    def upper_left(self, place: Place) -> Place:
        """The cell that shows what is written here: the first of a merged block."""
        return next((merge.first for merge in self.merges if merge.holds(place)), place)

    def after(self, place: Place) -> tuple[Place, Place]:
        """The cells to the right of and below this one, behind its merged block."""
        merge = next((each for each in self.merges if each.holds(place)), Merge(place, place))
        right, below = (place[0], merge.last[1] + 1), (merge.last[0] + 1, place[1])
        return self.upper_left(right), self.upper_left(below)

    def shown(self, place: Place) -> ShownCell:
        cell = self.cells.get(place)
        if cell is None:
            return ShownCell("", is_formula=False)
        formula = any(child.name == "f" for child in cell.children)
        return ShownCell(self._text(cell), formula)

    def _text(self, cell: Spot) -> str:
        kind = cell.attributes.get("t", "n")
        if kind == "inlineStr":
            return cell.words()
        value = next((child.text for child in cell.children if child.name == "v"), "")
        if kind == "s":
            shared = self._shared(value)
            return shared[0].words() if shared else ""
        return value

    def _shared(self, index: str) -> tuple[Spot, bytes] | None:
        strings = self.package.strings
        at = int(index) if index.isdecimal() else -1
        return strings[at] if 0 <= at < len(strings) else None

    @property
    def size(self) -> Place:
        """The last row and column in which a cell or a merged block lies."""
        places = [*self.cells, *(merge.last for merge in self.merges)]
        return max((row for row, _ in places), default=0), max((c for _, c in places), default=0)

    # Writing --------------------------------------------------------------------------------

    def filled(self, values: Mapping[Place, CellValue]) -> bytes:
        data = self.package.parts[self.path]
        if self.data is None:
            raise WorkbookBrokenError(_BROKEN)
        splices: list[Splice] = []
        by_row: dict[int, dict[int, CellValue]] = {}
        for (row, column), value in sorted(values.items()):
            by_row.setdefault(row, {})[column] = value
        new_rows: list[tuple[int, bytes]] = []
        for row, cells in by_row.items():
            if row in self.rows:
                splices += self._into_row(row, cells)
            else:
                inside = b"".join(self._cell((row, c), value) for c, value in cells.items())
                name = f"{self.data.prefix}row"
                new_rows.append(
                    (row, f'<{name} r="{row}">'.encode() + inside + f"</{name}>".encode())
                )
        splices += self._new_rows(new_rows)
        return spliced(data, [*splices, *self._old_results(values)])

    def _old_results(self, values: Mapping[Place, CellValue]) -> list[Splice]:
        """What formulas had worked out of the empty form: better nothing than a wrong number."""
        return [
            Splice(child.start, child.end, b"")
            for place, cell in self.cells.items()
            if place not in values and any(each.name == "f" for each in cell.children)
            for child in cell.children
            if child.name == "v"
        ]

    def _into_row(self, row: int, cells: Mapping[int, CellValue]) -> list[Splice]:
        spot = self.rows[row]
        splices: list[Splice] = []
        missing: list[tuple[int, bytes]] = []
        for column, value in cells.items():
            present = self.cells.get((row, column))
            made = self._cell((row, column), value)
            if present is None:
                missing.append((column, made))
            else:
                splices.append(Splice(present.start, present.end, made))
        if not missing:
            return splices
        # ``spans`` is a hint that new cells could make wrong.
        attributes = {key: value for key, value in spot.attributes.items() if key != "spans"}
        if spot.is_self_closing:
            inside = b"".join(made for _, made in missing)
            whole = _tag(spot, attributes, closed=False) + inside
            end = f"</{spot.prefix}row>".encode()
            return [Splice(spot.start, spot.end, whole + end)]
        splices.append(Splice(spot.start, spot.opened, _tag(spot, attributes, closed=False)))
        columns = sorted(column for at, column in self.cells if at == row)
        for column, made in missing:
            later = next((each for each in columns if each > column), None)
            at = self.cells[row, later].start if later else spot.closed
            splices.append(Splice(at, at, made))
        return splices

    def _new_rows(self, rows: list[tuple[int, bytes]]) -> list[Splice]:
        if not rows or self.data is None:
            return []
        if self.data.is_self_closing:
            inside = b"".join(made for _, made in rows)
            end = f"</{self.data.prefix}sheetData>".encode()
            opened = _tag(self.data, self.data.attributes, closed=False)
            return [Splice(self.data.start, self.data.end, opened + inside + end)]
        numbers = sorted(self.rows)
        splices = []
        for number, made in rows:
            later = next((each for each in numbers if each > number), None)
            at = self.rows[later].start if later else self.data.closed
            splices.append(Splice(at, at, made))
        return splices

    def _style(self, place: Place) -> str:
        """The style of a cell; one that is not written yet has that of its row or column."""
        cell = self.cells.get(place)
        if cell is not None:
            return cell.attributes.get("s", "")
        row = self.rows.get(place[0])
        if row is not None and row.attributes.get("customFormat") in {"1", "true"}:
            return row.attributes.get("s", "")
        for column in self.root.all("col"):
            first, last = column.attributes.get("min", "0"), column.attributes.get("max", "0")
            if int(first) <= place[1] <= int(last):
                return column.attributes.get("style", "")
        return ""

    def _cell(self, place: Place, value: CellValue) -> bytes:
        style = self._style(place)
        formats = self.package.formats
        at = int(style) if style.isdecimal() else 0
        is_day, is_text = formats[at] if at < len(formats) else (False, False)
        opening = f'<{self.root.prefix}c r="{reference_of(place)}"'
        opening += f" s={quoteattr(style)}" if style else ""
        number = None if is_text else self._number(value, is_day=is_day)
        prefix = self.root.prefix
        if number is not None:
            return f"{opening}><{prefix}v>{number}</{prefix}v></{prefix}c>".encode()
        inside = self._ticked(place, value) if isinstance(value, str) else None
        if inside is None:
            words = excel_text(_CONTROL.sub("", _words(value)))
            inside = f'<{prefix}t xml:space="preserve">{escape(words)}</{prefix}t>'.encode()
        end = f"</{prefix}is></{prefix}c>".encode()
        return f'{opening} t="inlineStr"><{prefix}is>'.encode() + inside + end

    def _ticked(self, place: Place, value: str) -> bytes | None:
        """Text that only turned boxes of the present one into ticks keeps its letters' looks."""
        cell = self.cells.get(place)
        shared = None
        if cell is not None and cell.attributes.get("t") == "s":
            shared = self._shared(next((c.text for c in cell.children if c.name == "v"), ""))
        if shared is None or len(value) != len(shared[0].words()):
            return None
        spot, data = shared
        at, splices = 0, []
        texts = [each for each in spot.walk() if each.name == "t" and each.text]
        if "".join(each.text for each in texts) != spot.words():
            return None
        for each in texts:
            words = value[at : at + len(each.text)]
            at += len(each.text)
            start, end = each.opened - spot.opened, each.closed - spot.opened
            splices.append(Splice(start, end, escape(words).encode()))
        return spliced(data, splices)

    def _number(self, value: CellValue, *, is_day: bool) -> str | None:
        """The value as a number of the cell, where its format shows one rightly."""
        if isinstance(value, bool | str):
            return None
        if isinstance(value, int | Decimal):
            return None if is_day else str(value)
        if not is_day:
            return None
        moment = value.astimezone(TOKYO) if isinstance(value, datetime) else None
        day = moment.date() if moment else value
        if day < _FIRST_DAY:
            return None
        epoch = _EPOCH_1904 if self.package.counts_from_1904 else _EPOCH
        serial = Decimal((day - epoch).days)
        if moment:
            serial += Decimal(moment.hour * 60 + moment.minute) / Decimal(24 * 60)
        return format(serial, "f")


def _words(value: CellValue) -> str:
    if isinstance(value, datetime):
        local = value.astimezone(TOKYO)
        return f"{format_long(local.date())} {local:%H:%M}"
    if isinstance(value, date):
        return format_long(value)
    return str(value)
