"""Reading one dataset of a run against the register: every row gets exactly one verdict.

Rows with the hash of the register's row are the same and are only counted; the others are COPYed
to ``StagedRow``. What the register listed before and the file does not is "vanished".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from renkei.registry.facilities.importers.geography import Geography
from renkei.registry.facilities.importers.listing import COLUMNS, ListingRow
from renkei.registry.facilities.importers.repairs import RepairNote
from renkei.registry.facilities.models import (
    ChangeKind,
    ListingStatus,
    Service,
    Verdict,
)
from renkei.registry.facilities.services.copying import copy_rows
from renkei.registry.facilities.services.reading import MIXED, Group
from renkei.registry.facilities.services.sources import Item, items_of

_CHUNK = 5_000
_NOTE_LIMIT = 600
STAGED_COLUMNS = (
    *COLUMNS,
    "run_id",
    "file_id",
    "row_number",
    "service_id",
    "verdict",
    "reason",
    "decision",
)
# Fewer missing records than this are no sign of a wrong file.
_FEW = 20
SUSPICIOUS_SHARE = 0.3


class Known(NamedTuple):
    """What the register has of one record, as far as reading needs it."""

    service_id: int
    row_hash: bytes
    status: str
    prefecture_code: str
    municipality_code: str
    raw_hash: bytes


@dataclass
class FileCount:
    """The account of one file."""

    verdicts: Counter[str] = field(default_factory=Counter)
    repairs: int = 0
    # Rows recognised by their cells: their repairs are those of the import that read them.
    recognised: int = 0
    prefectures: set[str] = field(default_factory=set)
    # Columns of which at least one row had a value.
    supplied: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    # Whether the file says which 医療機関コード a record of another source has.
    speaks_of_codes: bool = False


@dataclass
class GroupResult:
    """What one dataset came to; plain values, so that another process can hand it over."""

    source: str
    dataset: str
    files: dict[int, FileCount]
    vanished: int = 0
    known_count: int = 0


# Columns whose loss is suspicious; if a file has none at all, it does not speak of them.
WATCHED = ("phone", "fax", "corporate_number", "corporate_name", "url", "kana")


def stage_group(
    group: Group, *, run_id: int, scope: Sequence[str], geography: Geography
) -> GroupResult:
    """Read one dataset completely and stage what differs from the register."""
    stage = _Stage(group, run_id=run_id, scope=tuple(scope))
    for item in items_of(group, geography, stage.unchanged()):
        stage.add(item)
    stage.finish()
    return stage.result


class _Stage:
    def __init__(self, group: Group, *, run_id: int, scope: tuple[str, ...]) -> None:
        self._group, self._run_id, self._scope = group, run_id, scope
        self._known = known_of(group.source, None if group.dataset == MIXED else group.dataset)
        self._seen: dict[tuple[str, str], tuple[int, int]] = {}
        self._staged: list[tuple[object, ...]] = []
        self._repairs: list[tuple[object, ...]] = []
        self._notes: list[tuple[object, ...]] = []
        self._changes: list[tuple[object, ...]] = []
        self._positions = {table.file_id: table.positions for table in group.all_tables}
        files = {table.file_id: FileCount() for table in group.all_tables}
        self.result = GroupResult(group.source, group.dataset, files)

    def unchanged(self) -> dict[bytes, tuple[str, str]]:
        """The records whose cells need not be read again, by their hash."""
        return {
            known.raw_hash: identity
            for identity, known in self._known.items()
            if known.raw_hash and known.status == ListingStatus.LISTED
        }

    def add(self, item: Item) -> None:
        """Judge one row."""
        count = self.result.files[item.file_id]
        verdict = self._verdict(item)
        if item.row is None:
            count.verdicts[verdict] += item.row_count
        elif item.row_count:
            count.verdicts[verdict] += 1
            count.verdicts[Verdict.ATTACHED] += item.row_count - 1
        if verdict is Verdict.OUTSIDE:
            return
        for note in item.notes:
            self._repairs.append(_repair(item, note))
        count.repairs += len(item.notes)
        if item.row:
            count.prefectures.add(item.row.prefecture_code)
        if len(self._repairs) + len(self._staged) > _CHUNK:
            self._flush()

    def _verdict(self, item: Item) -> Verdict:
        row = item.row
        if row is None and item.cells and item.identity:
            return self._recognise(item, item.identity)
        if row is None:
            for error in item.errors:
                self._notes.append(_row_note(item, Verdict.REFUSED, *error))
            if item.identity:
                # Its file has it, only not readably: it has not vanished.
                self._seen.setdefault(item.identity, (item.file_id, item.row_number))
            return item.verdict or Verdict.REFUSED
        if not in_scope(row, self._scope):
            return Verdict.OUTSIDE
        if self._is_second(item, row.identity):
            return Verdict.DUPLICATE
        supplied = self.result.files[item.file_id].supplied
        if len(supplied) < len(WATCHED):
            supplied.update(name for name in WATCHED if getattr(row, name))
        return self._compare(item, row)

    def _recognise(self, item: Item, identity: tuple[str, str]) -> Verdict:
        """A row with the very cells its record was read from."""
        known = self._known[identity]
        if not _within(known.prefecture_code, known.municipality_code, self._scope):
            return Verdict.OUTSIDE
        if self._is_second(item, identity):
            return Verdict.DUPLICATE
        count = self.result.files[item.file_id]
        count.prefectures.add(known.prefecture_code)
        count.recognised += 1
        if len(count.supplied) < len(WATCHED):
            positions = self._positions[item.file_id]
            count.supplied.update(
                name
                for name in WATCHED
                if (place := positions.get(name)) is not None and item.cells[place]
            )
        return Verdict.SAME

    def _is_second(self, item: Item, identity: tuple[str, str]) -> bool:
        """Whether the record was in an earlier row; the first one counts."""
        first = self._seen.get(identity)
        if first is None:
            self._seen[identity] = (item.file_id, item.row_number)
            return False
        message = f"{first[1]}行目と同じ番号の行です。先にある行を取り込みます。"
        self._notes.append(_row_note(item, Verdict.DUPLICATE, "", identity[0], message))
        return True

    def _compare(self, item: Item, row: ListingRow) -> Verdict:
        known = self._known.get(row.identity)
        if known is None:
            verdict, service_id = Verdict.ADDED, None
        elif known.row_hash != row.row_hash:
            # Field by field in diff.py; until then a change.
            verdict, service_id = Verdict.CHANGED, known.service_id
        elif known.status == ListingStatus.POSSIBLY_ENDED:
            verdict, service_id = Verdict.RETURNED, known.service_id
        else:
            return Verdict.SAME
        values = [getattr(row, name) for name in COLUMNS]
        self._staged.append(
            (
                *values,
                self._run_id,
                item.file_id,
                item.row_number,
                service_id,
                verdict.value,
                "",
                "",
            )
        )
        return verdict

    def finish(self) -> None:
        """Write the rest, and what the register listed and the files do not."""
        covered: set[str] = set()
        for count in self.result.files.values():
            covered |= count.prefectures
        if self._group.dataset != MIXED:
            for identity, known in self._known.items():
                if self._is_vanished(identity, known, covered):
                    self._changes.append(
                        (self._run_id, ChangeKind.VANISHED.value, known.service_id)
                    )
            self.result.known_count = sum(
                known.prefecture_code in covered
                and known.status == ListingStatus.LISTED
                and _within(known.prefecture_code, known.municipality_code, self._scope)
                for known in self._known.values()
            )
        self.result.vanished = len(self._changes)
        for count in self.result.files.values():
            if count.recognised:
                count.notes.append(
                    f"{count.recognised:,}行は前に取り込んだ行と1字も違わないため、読み直していません"
                    "（直した所は、その取り込みの一覧にあります）。"
                )
        self._flush()

    def _is_vanished(self, identity: tuple[str, str], known: Known, covered: set[str]) -> bool:
        return (
            identity not in self._seen
            and known.status == ListingStatus.LISTED
            and known.prefecture_code in covered
            and _within(known.prefecture_code, known.municipality_code, self._scope)
        )

    def _flush(self) -> None:
        copy_rows("facilities_stagedrow", STAGED_COLUMNS, self._staged)
        copy_rows(
            "facilities_repair",
            ("file_id", "row_number", "column", "before", "after", "reason"),
            self._repairs,
        )
        copy_rows(
            "facilities_rownote",
            ("file_id", "row_number", "verdict", "column", "value", "message"),
            self._notes,
        )
        copy_rows(
            "facilities_change",
            ("run_id", "kind", "service_id", "before", "after"),
            ((*change, {}, {}) for change in self._changes),
        )
        self._staged, self._repairs, self._notes, self._changes = [], [], [], []


def known_of(source: str, dataset: str | None) -> dict[tuple[str, str], Known]:
    """The records the register has of a dataset (None: of the whole source) by identity."""
    services = Service.objects.filter(source=source)
    if dataset is not None:
        services = services.filter(dataset=dataset)
    columns = (
        "source_key",
        "service_code",
        "id",
        "row_hash",
        "status",
        "prefecture_code",
        "municipality_code",
        "raw_hash",
    )
    rows = services.values_list(*columns).iterator(chunk_size=10_000)
    return {
        (key, service): Known(pk, bytes(row_hash), status, prefecture, town, bytes(raw_hash))
        for key, service, pk, row_hash, status, prefecture, town, raw_hash in rows
    }


def in_scope(row: ListingRow, scope: Sequence[str]) -> bool:
    """Whether a row lies in the prefectures (two digits) and municipalities (six) asked for."""
    return _within(row.prefecture_code, row.municipality_code, scope)


def _within(prefecture: str, municipality: str, scope: Sequence[str]) -> bool:
    return not scope or prefecture in scope or municipality in scope


def _repair(item: Item, note: RepairNote) -> tuple[object, ...]:
    return (
        item.file_id,
        item.row_number,
        note.column[:60],
        note.before[:_NOTE_LIMIT],
        note.after[:_NOTE_LIMIT],
        note.reason,
    )


def _row_note(
    item: Item, verdict: Verdict, column: str, value: str, message: str
) -> tuple[object, ...]:
    return (
        item.file_id,
        item.row_number,
        verdict.value,
        column[:100],
        value[:_NOTE_LIMIT],
        message[:_NOTE_LIMIT],
    )
