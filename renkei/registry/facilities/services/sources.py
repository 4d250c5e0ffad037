"""The rows of one dataset, whatever its layout, as one stream of items."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from renkei.foundation.common.spreadsheets.problems import FileProblem
from renkei.registry.facilities.catalogue import MEDICAL
from renkei.registry.facilities.importers import (
    bureau_standards,
    care_disclosure,
    medical_facility,
    medical_hours,
)
from renkei.registry.facilities.importers.base import Parsed, RowError
from renkei.registry.facilities.importers.cells import hasher
from renkei.registry.facilities.importers.geography import Geography, Heading, RawPlace, settle
from renkei.registry.facilities.importers.listing import ListingRow, hash_of
from renkei.registry.facilities.importers.local_rows import read_local_list
from renkei.registry.facilities.importers.repairs import RepairNote, RowNotes
from renkei.registry.facilities.models import Verdict
from renkei.registry.facilities.services.official import official_rows
from renkei.registry.facilities.services.reading import Group, OpenTable


@dataclass(slots=True)
class Item:
    """One row of a file, or several that are one record (``row_count``; 0: none of the file's)."""

    file_id: int
    row_number: int
    row: ListingRow | None
    notes: Sequence[RepairNote] = ()
    errors: Sequence[RowError] = ()
    row_count: int = 1
    verdict: Verdict | None = None
    identity: tuple[str, str] | None = field(default=None)
    # The cells of a row that was recognised without reading it (verdict SAME).
    cells: Sequence[str] = ()


Reader = Callable[[Sequence[str]], Parsed]
# Records of the register by the hash of the cells they were last read from.
Unchanged = Mapping[bytes, tuple[str, str]]


def items_of(group: Group, geography: Geography, unchanged: Unchanged) -> Iterator[Item]:
    """Every row of the group's files as items; each row is counted in exactly one."""
    if group.mapping is not None:
        yield from _local_items(group, geography)
    elif group.source == MEDICAL:
        yield from _medical_items(group, geography, unchanged)
    else:
        for table in group.tables:
            if table.kind.key == bureau_standards.KIND.key:
                yield from _bureau_items(table, geography)
            else:
                yield from _care_items(table, geography, group.dataset, unchanged)


def _plain_items(
    table: OpenTable,
    read: Reader,
    geography: Geography,
    unchanged: Unchanged,
    attached_to: Callable[[Sequence[str]], str] = lambda _: "",
) -> Iterator[Item]:
    """The rows of a table; those whose cells the register has been read from are not read."""
    hash_cells = hasher(
        dataset=table.dataset, columns=table.table.header, geography=geography.fingerprint
    )
    for number, cells in table.table.rows():
        raw_hash = hash_cells(cells, attached_to(cells))
        identity = unchanged.get(raw_hash)
        if identity is not None:
            yield Item(
                table.file_id, number, None, verdict=Verdict.SAME, identity=identity, cells=cells
            )
            continue
        parsed = read(cells)
        if parsed.row:
            parsed.row.raw_hash = raw_hash
        yield Item(table.file_id, number, parsed.row, parsed.notes, parsed.errors)


def _care_items(
    table: OpenTable, geography: Geography, dataset: str, unchanged: Unchanged
) -> Iterator[Item]:
    read = care_disclosure.reader(table.positions, geography, dataset)
    for item in _plain_items(table, read, geography, unchanged):
        if item.row and dataset.isdecimal() and item.row.service_code != dataset:
            message = "ファイルのサービスと違う行です。サービスごとのファイルに分けてください。"
            error = RowError("サービスの種類", item.row.service_code, message)
            yield Item(item.file_id, item.row_number, None, errors=[error])
        else:
            yield item
    place = table.positions.get("office_number")
    yield from _unread_items(table, place, lambda number: (number, dataset))


def _unread_items(
    table: OpenTable,
    place: int | None,
    identity_of: Callable[[str], tuple[str, str]],
) -> Iterator[Item]:
    """The rows the reader of tables left out, each with its reason."""
    by_row: dict[int, list[FileProblem]] = {}
    for problem in table.table.problems:
        if problem.row is not None:
            by_row.setdefault(problem.row, []).append(problem)
    for number, problems in by_row.items():
        errors = [RowError(p.column, p.value, p.message) for p in problems]
        cells = problems[0].cells
        known = cells[place].strip() if place is not None and place < len(cells) else ""
        yield Item(
            table.file_id,
            number,
            None,
            errors=errors,
            identity=identity_of(known) if known else None,
        )


# 医療情報ネット ------------------------------------------------------------------------------


def _medical_items(group: Group, geography: Geography, unchanged: Unchanged) -> Iterator[Item]:
    attachments: dict[str, medical_hours.Attachment] = {}
    for table in group.hours:
        yield from _hours_items(table, attachments)
    attached: set[str] = set()
    if group.tables:
        carried = {} if group.hours else _carried(group)
        for table in group.tables:
            found = attachments or carried
            yield from _facility_items(table, group, geography, found, attached, unchanged)
    elif group.hours:
        yield from _register_items(group, attachments, attached)
    yield from _unattached_items(group, attachments, attached)


def _hours_items(
    table: OpenTable, attachments: dict[str, medical_hours.Attachment]
) -> Iterator[Item]:
    """Only what is wrong or repaired; the rows themselves are counted with their institution."""
    read = medical_hours.reader(table.positions, table.file_id)
    for number, cells in table.table.rows():
        notes = RowNotes()
        error = read(cells, attachments, notes)
        if error:
            yield Item(table.file_id, number, None, errors=[error])
        elif notes:
            yield Item(table.file_id, number, None, notes, row_count=0, verdict=Verdict.ATTACHED)
    yield from _unread_items(table, None, lambda key: (key, ""))


def _facility_items(
    table: OpenTable,
    group: Group,
    geography: Geography,
    attachments: Mapping[str, medical_hours.Attachment],
    attached: set[str],
    unchanged: Unchanged,
) -> Iterator[Item]:
    read = medical_facility.reader(table.positions, geography, group.dataset)
    service = medical_facility.SERVICE_OF_DATASET[group.dataset]
    id_at = table.positions["id"]

    def attached_to(cells: Sequence[str]) -> str:
        attachment = attachments.get(medical_hours.key_of(cells[id_at]))
        return attachment.text() if attachment else ""

    for item in _plain_items(table, read, geography, unchanged, attached_to):
        row = item.row
        if item.cells:
            attached.add(medical_hours.key_of(item.cells[id_at]))
        if row:
            key = medical_hours.key_of(row.source_key)
            attachment = attachments.get(key)
            if attachment:
                attached.add(key)
                medical_hours.attach(row, attachment, item.notes)  # type: ignore[arg-type]
            row.row_hash = hash_of(row)
        yield item
    yield from _unread_items(table, table.positions.get("id"), lambda key: (key, service))


def _carried(group: Group) -> dict[str, medical_hours.Attachment]:
    """Departments and hours the register has: a file without hours does not take them away."""
    carried = {}
    for row in official_rows(group.source, group.dataset):
        if row.departments or row.hours:
            carried[medical_hours.key_of(row.source_key)] = medical_hours.Attachment(
                dict.fromkeys(row.departments),
                {day: {(span[0], span[1]) for span in spans} for day, spans in row.hours.items()},
            )
    return carried


def _register_items(
    group: Group, attachments: Mapping[str, medical_hours.Attachment], attached: set[str]
) -> Iterator[Item]:
    """Hours without the file of institutions: they are attached to what the register has."""
    file_id = group.hours[0].file_id
    for row in official_rows(group.source, group.dataset):
        key = medical_hours.key_of(row.source_key)
        attachment = attachments.get(key)
        notes = RowNotes()
        if attachment:
            attached.add(key)
            row.departments, row.hours = [], {}
            medical_hours.attach(row, attachment, notes)
            row.row_hash = hash_of(row)
        yield Item(file_id, 0, row, notes, row_count=0)


def _unattached_items(
    group: Group, attachments: Mapping[str, medical_hours.Attachment], attached: set[str]
) -> Iterator[Item]:
    """Account for the rows of hours: attached ones in sum, the others by ID."""
    if not group.hours:
        return
    counts: dict[int, int] = {}
    for key, attachment in attachments.items():
        for source_file, rows in attachment.rows_by_file.items():
            if key in attached:
                counts[source_file] = counts.get(source_file, 0) + rows
            else:
                message = (
                    "このIDの施設が施設票にも台帳にもありません。施設票と一緒に選んでください。"
                )
                error = RowError("ID", key, message)
                yield Item(source_file, 0, None, errors=[error], row_count=rows)
    for source_file, rows in counts.items():
        yield Item(source_file, 0, None, row_count=rows, verdict=Verdict.ATTACHED)


# 厚生局と市町村の一覧 ------------------------------------------------------------------------


def _bureau_items(table: OpenTable, geography: Geography) -> Iterator[Item]:
    read = bureau_standards.reader(table.positions)
    found: dict[str, bureau_standards.Institution] = {}
    for number, cells in table.table.rows():
        error = read(number, cells, found)
        if error:
            yield Item(table.file_id, number, None, errors=[error])
    for institution in found.values():
        row, notes = bureau_standards.to_row(institution, geography)
        errors = [RowError("医療機関名称", "", "医療機関名称を入力してください。")]
        yield Item(
            table.file_id,
            institution.first_row,
            row,
            notes,
            () if row else errors,
            row_count=institution.row_count,
        )
    yield from _unread_items(table, None, lambda key: (key, ""))


_LOCAL_HEADING = Heading("", "住所", "緯度", "経度")


def _local_items(group: Group, geography: Geography) -> Iterator[Item]:
    mapping = group.mapping
    if mapping is None:
        return
    for table in group.tables:
        path, name = Path(table.path), table.table.file_name
        for found in read_local_list(path, name=name, mapping=mapping):
            if isinstance(found, FileProblem):
                error = RowError(found.column, found.value, found.message)
                yield Item(table.file_id, found.row or 0, None, errors=[error])
                continue
            values: dict[str, Any] = dict(found.values)
            row = ListingRow(**values)
            notes = RowNotes(
                RepairNote(r.column, r.before, r.after, r.reason) for r in found.repairs
            )
            _settle_local(row, geography, notes)
            yield Item(table.file_id, found.row_number, row, notes)


def _settle_local(row: ListingRow, geography: Geography, notes: RowNotes) -> None:
    north = "" if row.latitude is None else str(row.latitude)
    east = "" if row.longitude is None else str(row.longitude)
    raw = RawPlace(row.municipality_code, row.prefecture_code, "", north, east)
    settle(row, raw, heading=_LOCAL_HEADING, geography=geography, notes=notes)
    if row.coordinates_from == "official":
        row.coordinates_from = "local"
    row.row_hash = hash_of(row)
