"""Opening the files of a run: which tables they hold, what each is, and which belong together."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from django.core.exceptions import ValidationError

from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_long, parse_day
from renkei.foundation.common.spreadsheets.columns import ColumnMap
from renkei.foundation.common.spreadsheets.problems import UnreadableFile
from renkei.foundation.common.spreadsheets.read import Table, open_tables
from renkei.registry.facilities.catalogue import BUREAU, LOCAL, SERVICES
from renkei.registry.facilities.importers import (
    bureau_standards,
    care_disclosure,
    institution_codes,
    medical_facility,
    medical_hours,
)
from renkei.registry.facilities.importers.base import Recognised, TableKind
from renkei.registry.facilities.importers.detect import date_in, recognise
from renkei.registry.facilities.importers.local import LocalMapping
from renkei.registry.facilities.models import AsOfFrom

_SAMPLE = 200
_TABLE_FILES = {".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".ods", ".zip"}
LOCAL_KIND = TableKind(key="local", label="市町村の一覧", source=LOCAL, aliases={}, required=())
# A table of several services together (a town's own edition of the ministry's layout).
MIXED = "mixed"


@dataclass(frozen=True)
class OpenTable:
    """One table of a run and what it was recognised as."""

    table: Table
    kind: TableKind
    dataset: str
    positions: dict[str, int]
    as_of: date
    as_of_from: AsOfFrom
    sha256: str
    notes: tuple[str, ...] = ()
    file_id: int = 0
    # A local list is read by its mapping from the file itself.
    path: str = ""


@dataclass(frozen=True)
class Group:
    """Tables that are one dataset together: its rows, and the hours attached to them."""

    source: str
    dataset: str
    tables: list[OpenTable] = field(default_factory=list)
    hours: list[OpenTable] = field(default_factory=list)
    mapping: LocalMapping | None = None

    @property
    def all_tables(self) -> list[OpenTable]:
        return [*self.tables, *self.hours]


def open_all(
    paths: Sequence[tuple[str, str]], *, as_of: date | None, mapping: LocalMapping | None
) -> list[Group]:
    """Every table of every file, recognised and grouped by dataset.

    ``paths``: files or folders with their names as the user knows them.

    Raises:
        UnreadableFile: a file cannot be read, is of no known layout, or two files of one dataset
            are of different days.
    """
    groups: dict[tuple[str, str], Group] = {}
    for path, name in _expanded(paths):
        if mapping is not None:
            tables = iter([_local_table(path, name, as_of, mapping)])
        else:
            tables = _tables_of(path, name, as_of)
        for table in tables:
            dataset = medical_hours.FACILITY_DATASET.get(table.dataset, table.dataset)
            key = (table.kind.source, dataset)
            group = groups.setdefault(key, Group(*key, mapping=mapping))
            is_hours = table.kind.key == medical_hours.KIND.key
            (group.hours if is_hours else group.tables).append(table)
    for group in groups.values():
        # A bureau has a file and a day per prefecture: preview.py looks once they are read.
        if group.source != BUREAU:
            refuse_mixed_snapshots(group.dataset, group.all_tables)
    return list(groups.values())


def _expanded(paths: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for path, name in paths:
        if Path(path).is_dir():
            inside = sorted(p for p in Path(path).iterdir() if p.suffix.lower() in _TABLE_FILES)
            if not inside:
                raise UnreadableFile(name, "取り込めるファイルのないフォルダーです。")
            yield from ((str(p), p.name) for p in inside)
        elif Path(path).is_file():
            yield path, name
        else:
            raise UnreadableFile(name, "ファイルが見つかりません。もう一度選んでください。")


def _tables_of(path: str, name: str, as_of: date | None) -> Iterator[OpenTable]:
    sha256 = _sha256(path)
    try:
        tables = [table for table in open_tables(Path(path), name=name) if table.header]
    except UnreadableFile:
        # The one official list without a header; anything else keeps its own sentence.
        codes = _codes_table(path, name)
        if codes is None:
            raise
        recognised = Recognised(institution_codes.KIND, ColumnMap({}, (), (), ()), "codes")
        yield _opened(codes, recognised, as_of, sha256)
        return
    for table in tables:
        recognised = recognise(table.header, place=table.place, name=table.file_name)
        yield _opened(table, recognised, as_of, sha256)


def _codes_table(path: str, name: str) -> Table | None:
    for table in open_tables(Path(path), name=name, has_header=False):
        if institution_codes.looks_like(list(islice(table.source.records(), 5))):
            return table
    return None


def _opened(table: Table, recognised: Recognised, as_of: date | None, sha256: str) -> OpenTable:
    dataset = _dataset(table, recognised)
    day, day_from = _as_of(table, recognised.kind, as_of)
    notes = list(recognised.notes)
    if day_from is AsOfFrom.TODAY:
        notes.append("ファイルから基準日が分からないため、取り込んだ日を基準日としました。")
    if dataset == MIXED:
        notes.append("いくつものサービスが1つの表にあるため、消えた事業所は調べません。")
    return OpenTable(
        table,
        recognised.kind,
        dataset,
        dict(recognised.columns.positions),
        day,
        day_from,
        sha256,
        tuple(notes),
    )


def _dataset(table: Table, recognised: Recognised) -> str:
    """The dataset by the file's name, otherwise by its first rows."""
    kind, named = recognised.kind, recognised.dataset
    if kind is care_disclosure.KIND:
        if named in SERVICES:
            return named
        codes = _codes_in(table, recognised, "kind", care_disclosure.service_code_of)
        return codes.pop() if len(codes) == 1 else MIXED
    if kind is medical_facility.KIND:
        if named in medical_facility.SERVICE_OF_DATASET:
            return named
        kinds = medical_facility.SERVICE_OF_KIND
        codes = _codes_in(table, recognised, "kind", lambda text: kinds.get(text, ""))
        if len(codes) == 1:
            return medical_facility.DATASET_OF_SERVICE[codes.pop()]
        wanted = "01-1、02-1、03-1、04、05"
    elif kind is medical_hours.KIND:
        if named in medical_hours.FACILITY_DATASET:
            return named
        wanted = "01-2、02-2、03-2"
    else:
        return kind.key
    raise UnreadableFile(
        table.place,
        f"ファイルの名前から種類（{wanted}）が分かりません。公表された名前のまま選んでください。",
    )


def _codes_in(
    table: Table, recognised: Recognised, name: str, code_of: Callable[[str], str]
) -> set[str]:
    place = recognised.columns.positions.get(name)
    if place is None:
        return set()
    return {code_of(cells[place].strip()) for _, cells in islice(table.rows(), _SAMPLE)} - {""}


def _as_of(table: Table, kind: TableKind, given: date | None) -> tuple[date, AsOfFrom]:
    named = date_in(table.file_name)
    if kind is bureau_standards.KIND and named is None:
        for record in islice(table.source.records(), max(0, table.header_row - 1)):
            for cell in record:
                if text := bureau_standards.as_of_text(cell):
                    try:
                        return parse_day(text), AsOfFrom.CONTENT
                    except ValidationError:
                        continue
    if named:
        return named, AsOfFrom.FILE_NAME
    if given:
        return given, AsOfFrom.GIVEN
    return clock.today(), AsOfFrom.TODAY


def _local_table(path: str, name: str, as_of: date | None, mapping: LocalMapping) -> OpenTable:
    tables = list(open_tables(Path(path), name=name, has_header=False))
    table = next((t for t in tables if t.sheet == mapping.sheet), tables[0])
    day, day_from = _as_of(table, LOCAL_KIND, as_of)
    return OpenTable(
        table, LOCAL_KIND, mapping.dataset, {}, day, day_from, _sha256(path), path=path
    )


def refuse_mixed_snapshots(dataset: str, tables: Iterable[OpenTable]) -> None:
    """Two days of one dataset are two states of the world: only one can be compared.

    Raises:
        UnreadableFile: with both days.
    """
    tables = list(tables)
    days = sorted({table.as_of for table in tables})
    if len(days) > 1:
        label = SERVICES[dataset].label if dataset in SERVICES else tables[0].kind.label
        shown = "と".join(format_long(day) for day in days)
        raise UnreadableFile(
            "、".join(table.table.file_name for table in tables),
            f"同じデータ（{label}）に基準日の違うファイルがあります（{shown}）。"
            "1つの時点のファイルだけを選んでください。",
        )


def _sha256(path: str) -> str:
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
