"""What the import screens and ``renkei import`` show. For 行政 only: callers check the role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from renkei.registry.facilities.models import ChangeKind, ImportRun

T = TypeVar("T")


@dataclass(frozen=True)
class FileReport:
    """One table of a run: what it is and how its rows were judged."""

    name: str
    source_name: str
    dataset: str
    dataset_label: str
    as_of_text: str
    as_of_from: str
    encoding: str
    row_count: int
    column_count: int
    counts: dict[str, int]
    notes: list[str]


@dataclass(frozen=True)
class RunSummary:
    """A run at a glance; ``reconciliation`` accounts for every row in one Japanese sentence."""

    run: ImportRun
    files: list[FileReport]
    counts: dict[
        str, int
    ]  # verdicts, "vanished", "changed_fields", "repairs", "rows", "overridden"
    reconciliation: str
    questions: list[dict[str, object]]
    undecided_count: int
    estimated_text: str = ""
    problems: list[str] = field(default_factory=list)  # unreadable rows, first 100


@dataclass(frozen=True)
class FieldChange:
    """One field of one record: before, after and what happens to it."""

    field: str
    label: str
    before: str
    after: str
    # "take" 取り込む, "repaired" 直して取り込む, "keep_local" 市の値を残す, "confirm" 要確認
    treatment: str
    treatment_label: str


@dataclass(frozen=True)
class RecordChange:
    """One record of the diff, with its fields (all of them for an added one)."""

    kind: str
    service_id: int | None
    facility_id: int | None
    row_id: int | None  # StagedRow, for decide_row
    decision: str
    number: str
    name: str
    file_name: str
    row_number: int | None
    reason: str
    fields: list[FieldChange]


@dataclass(frozen=True)
class RepairRow:
    """One repaired cell."""

    file_name: str
    row_number: int
    column: str
    before: str
    after: str
    reason: str
    reason_label: str


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a long list."""

    items: list[T]
    number: int
    total: int
    size: int

    @property
    def page_count(self) -> int:
        return max(1, -(-self.total // self.size))


def open_run() -> ImportRun | None:
    """The run that is being read, looked at or applied, if any."""
    raise NotImplementedError


def runs() -> list[ImportRun]:
    """The latest 50 runs, newest first."""
    raise NotImplementedError


def undoable_run() -> ImportRun | None:
    """The last applied run, when it can still be undone."""
    raise NotImplementedError


def run_summary(run: ImportRun) -> RunSummary:
    """Everything the head of the preview shows."""
    raise NotImplementedError


def changes_page(
    run: ImportRun, kind: ChangeKind | str, number: int = 1, size: int = 50
) -> Page[RecordChange]:
    """One page of the diff of one kind (added, changed, moved, suspicious, vanished, returned)."""
    raise NotImplementedError


def repair_reasons(run: ImportRun) -> list[tuple[str, str, int]]:
    """(key, Japanese text, cells), most frequent first."""
    raise NotImplementedError


def repairs_page(
    run: ImportRun, reason: str = "", number: int = 1, size: int = 50
) -> Page[RepairRow]:
    """One page of repaired cells, in the order of the files."""
    raise NotImplementedError
