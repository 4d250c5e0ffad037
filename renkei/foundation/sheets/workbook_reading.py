"""A filled-in workbook back as an answer, or every mistake in it with sheet, cell and remedy."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError

from renkei.foundation.common.spreadsheets.containers import Kind, Scratch, kind_of
from renkei.foundation.common.spreadsheets.problems import (
    MIB,
    Limits,
    UnreadableFile,
    column_letter,
)
from renkei.foundation.common.spreadsheets.workbook import convert_workbook
from renkei.foundation.sheets.answers import Values, content_from
from renkei.foundation.sheets.conditions import row_prefix
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.items import Absence, Item, ItemType
from renkei.foundation.sheets.models import FormVersion, VersionState
from renkei.foundation.sheets.reading import read_value
from renkei.foundation.sheets.validation import problems
from renkei.foundation.sheets.workbook_rows import is_listed, option_key
from renkei.foundation.sheets.workbook_writing import HEAD_MARK, HEADINGS, MARK

# A form filled to its limits stays far below; more is no form of ours.
LIMITS: Final = Limits(max_bytes=20 * MIB, max_uncompressed_bytes=100 * MIB)
NOT_A_TICK: Final = "選ぶときは○を入れ、選ばないときは空欄にしてください。"
HEAD_WITHIN: Final = 30
SHOWN: Final = 40
_VALUE, _ABSENCE = HEADINGS[1], HEADINGS[2]
_TICKED: Final = Item(link_id="", text="", type=ItemType.BOOLEAN)
_WIDE_CIRCLE: Final = str.maketrans("◯", "○")


class WorkbookRefusedError(ValidationError):
    """The file is no filled-in workbook of this form; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One mistake where the user finds it."""

    sheet: str
    cell: str
    label: str
    value: str
    message: str

    def __str__(self) -> str:
        place = f"シート「{self.sheet}」" + (f"のセル{self.cell}" if self.cell else "")
        shown = f"「{self.value}」：" if self.value else ""
        return f"{place}：{shown}{self.message}"


@dataclass(frozen=True, slots=True)
class ReadWorkbook:
    """What the workbook holds. ``version`` is its own, which may be an older one of the form."""

    version: FormVersion
    content: dict[str, Any]
    problems: list[CellProblem]


@dataclass(frozen=True, slots=True)
class _Cells:
    """The two cells of a row of the form."""

    row: int
    label: str
    value: str
    absence: str


@dataclass(frozen=True, slots=True)
class _Form:
    """A sheet that carries our marks."""

    sheet: str
    title: str
    code: str
    number: str
    uid: str
    columns: dict[str, int]
    rows: dict[str, _Cells]

    def cell(self, row: int, heading: str = _VALUE) -> str:
        return f"{column_letter(self.columns[heading])}{row}"

    @property
    def written(self) -> dict[str, tuple[str, str]]:
        return {
            key: (cells.value, cells.absence)
            for key, cells in self.rows.items()
            if cells.value or cells.absence
        }


def read_workbook(version: FormVersion, data: bytes, *, on: date) -> ReadWorkbook:
    """Read a workbook of this form, by the version it was made with.

    Raises:
        WorkbookRefusedError: damaged, of another form, of an unknown version, or filled in twice.
    """
    form = _the_form(_forms(_sheets(data)))
    own = _own_version(form, version)
    definition = parse(own.questionnaire)
    reader = _Reader(form)
    values = reader.values(definition.items, "")
    content = content_from(values, definition, status="completed")
    found = reader.problems + [
        reader.problem_at(problem.path, problem.message)
        for problem in problems(definition, content, on=on)
    ]
    return ReadWorkbook(own, content, found)


# The file -----------------------------------------------------------------------------------


def _sheets(data: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    """The visible sheets as texts, read in a process with fixed memory."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(data)
        file.flush()
        path = Path(file.name)
        name = "この表"
        scratch = Scratch(LIMITS.max_uncompressed_bytes)
        try:
            if kind_of(path, name=name, limits=LIMITS) is not Kind.WORKBOOK:
                raise WorkbookRefusedError(
                    "Excelの表（xlsx）ではありません。この画面から出した表を選んでください。"
                )
            converted = convert_workbook(path, name=name, scratch=scratch, limits=LIMITS)
        except UnreadableFile as error:
            raise WorkbookRefusedError(error.problem.message) from error
        for sheet, csv_path in converted:
            with csv_path.open(encoding="utf-8", newline="") as stream:
                yield sheet, list(csv.reader(stream))


def _forms(sheets: Iterable[tuple[str, list[list[str]]]]) -> list[_Form]:
    found = (_form_of(sheet, records) for sheet, records in sheets)
    return [form for form in found if form]


def _form_of(sheet: str, records: list[list[str]]) -> _Form | None:
    place = next(
        (
            (row, column)
            for row, cells in enumerate(records[:HEAD_WITHIN])
            for column, cell in enumerate(cells)
            if cell == MARK
        ),
        None,
    )
    if place is None:
        return None
    first, key_column = place
    marks = [_cell(cells, key_column) for cells in records[first : first + HEAD_WITHIN]]
    if HEAD_MARK not in marks:
        return None
    head = records[first + marks.index(HEAD_MARK)]
    columns = {each: head.index(each) for each in (_VALUE, _ABSENCE) if each in head}
    if len(columns) < 2:  # noqa: PLR2004 - the two just looked for
        return None
    named = [mark for mark in marks[1 : marks.index(HEAD_MARK)] if mark]
    code, number, uid = (*named, "", "", "")[:3]
    rows = {
        _cell(cells, key_column): _Cells(
            at,
            _cell(cells, 0),
            _cell(cells, columns[_VALUE]),
            _cell(cells, columns[_ABSENCE]).strip(),
        )
        for at, cells in enumerate(records, start=1)
        if at > first + marks.index(HEAD_MARK) + 1 and _cell(cells, key_column)
    }
    title = next((cell for cell in records[first] if cell and cell != MARK), "")
    return _Form(sheet, title, code, number, uid, columns, rows)


def _cell(cells: list[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _the_form(forms: list[_Form]) -> _Form:
    """The one sheet that was filled in; copies that say the same do no harm."""
    if not forms:
        raise WorkbookRefusedError(
            "この表には様式の印がありません。この画面から出した表に記入して選んでください。"
            "隠れた列を消した表や、別に作った表は読めません。"
        )
    filled = [form for form in forms if form.written] or forms[:1]
    for other in filled[1:]:
        if (other.code, other.uid, other.written) != (
            filled[0].code,
            filled[0].uid,
            filled[0].written,
        ):
            raise WorkbookRefusedError(
                f"シート「{filled[0].sheet}」と「{other.sheet}」の両方に、違う記入があります。"
                "取り込む1枚だけを残して保存してください。"
            )
    return filled[0]


def _own_version(form: _Form, version: FormVersion) -> FormVersion:
    if form.code != version.form.code:
        raise WorkbookRefusedError(
            f"これは「{form.title[:SHOWN]}」の表です。「{version.form.name}」の表を選んでください。"
        )
    if form.uid == str(version.uid):
        return version
    try:
        found = (
            FormVersion.objects.filter(form=version.form, uid=form.uid)
            .exclude(state=VersionState.DRAFT)
            .select_related("form")
            .first()
        )
    except ValidationError:  # the mark is no uid
        found = None
    if found is None:
        raise WorkbookRefusedError(
            f"この表の版（第{form.number[:SHOWN]}版）は、このシステムの「{version.form.name}」に"
            "ありません。この画面から出し直した表に記入してください。"
        )
    return found


# The answers --------------------------------------------------------------------------------


class _Reader:
    """Reads the rows by their keys; what cannot be read stays as text for the validation."""

    def __init__(self, form: _Form) -> None:
        self.form = form
        self.problems: list[CellProblem] = []
        # Where on the sheet the fields of the answer stand: empty rows of a group are left out,
        # so the paths of the two differ.
        self.rows: dict[str, int] = {}

    def values(self, items: Iterable[Item], prefix: str, shown: str | None = None) -> Values:
        """``prefix`` of the keys on the sheet, ``shown`` of the paths in the answer."""
        shown = prefix if shown is None else shown
        found: Values = {}
        for item in items:
            if item.is_group and item.repeats:
                rows = self._group(item, prefix + item.link_id, shown + item.link_id)
                if rows:
                    found[item.link_id] = rows
            elif item.is_group:
                found |= self.values(item.items, prefix, shown)
            elif item.is_question:
                value = self._item(item, prefix + item.link_id, shown + item.link_id)
                if value:
                    found[item.link_id] = value
        return found

    def _group(self, group: Item, path: str, shown: str) -> list[Values]:
        rows: list[Values] = []
        index = 0
        while any(key.startswith(row_prefix(path, index)) for key in self.form.rows):
            known, told = dict(self.rows), len(self.problems)
            inside = self.values(group.items, row_prefix(path, index), row_prefix(shown, len(rows)))
            if inside or len(self.problems) > told:
                rows.append(inside)
            else:
                self.rows = known
            index += 1
        return rows

    def _item(self, item: Item, path: str, shown: str) -> list[Any]:
        cells = self.form.rows.get(path)
        if cells is None or item.type is ItemType.ATTACHMENT:
            return []
        self.rows[shown] = cells.row
        value = self._chosen(item, path) if is_listed(item) else self._single(item, cells)
        if not cells.absence:
            return value
        absence = next((each for each in Absence if each.label == cells.absence), None)
        if absence is None:
            words = "・".join(each.label for each in item.absence)
            self._tell(
                cells.row, cells.absence, f"{words}から選ぶか、空欄にしてください。", _ABSENCE
            )
            return value
        if value:
            self._tell(
                cells.row,
                cells.absence,
                f"記入欄にも値があります。記入欄を消すか、「{_ABSENCE}」を空欄にしてください。",
                _ABSENCE,
            )
            return value
        return [absence]

    def _single(self, item: Item, cells: _Cells) -> list[Any]:
        text = cells.value
        if not text.strip():
            return []
        try:
            return [read_value(item, text)]
        except ValidationError:
            # The validation names it in its own words.
            return [text]

    def _chosen(self, item: Item, path: str) -> list[Any]:
        chosen: list[Any] = []
        for option in item.options:
            cells = self.form.rows.get(option_key(path, option.code))
            if cells is None or not cells.value.strip():
                continue
            try:
                if read_value(_TICKED, cells.value.translate(_WIDE_CIRCLE)):
                    chosen.append(option.value)
            except ValidationError:
                self._tell(cells.row, cells.value, NOT_A_TICK)
        return chosen

    def _tell(self, row: int, value: str, message: str, heading: str = _VALUE) -> None:
        label = next((each.label for each in self.form.rows.values() if each.row == row), "")
        self.problems.append(
            CellProblem(
                self.form.sheet, self.form.cell(row, heading), label, value[:SHOWN], message
            )
        )

    def problem_at(self, path: str, message: str) -> CellProblem:
        """A problem of the validation at the cell its path stands for."""
        row = self.rows.get(path)
        if row is None:
            return CellProblem(self.form.sheet, "", "", "", message)
        cells = next(each for each in self.form.rows.values() if each.row == row)
        return CellProblem(
            self.form.sheet, self.form.cell(row), cells.label, cells.value[:SHOWN], message
        )
