"""What the import screens and ``renkei import`` show. For 行政 only: callers check the role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from django.db.models import Count, QuerySet

from renkei.foundation.common.eras import format_long
from renkei.registry.facilities.catalogue import SERVICES, SOURCES
from renkei.registry.facilities.fields import field_label
from renkei.registry.facilities.importers.listing import VALUE_COLUMNS
from renkei.registry.facilities.importers.local_values import REASONS as LOCAL_REASONS
from renkei.registry.facilities.importers.repairs import REASONS
from renkei.registry.facilities.models import (
    Change,
    ChangeKind,
    ImportFile,
    ImportRun,
    ImportState,
    Override,
    Repair,
    RowNote,
    Service,
    StagedRow,
    Verdict,
)
from renkei.registry.facilities.values import NOT_RECORDED, value_text

T = TypeVar("T")
_PROBLEMS_SHOWN = 100
_RUNS_SHOWN = 50
_OPEN = (ImportState.READING, ImportState.PREVIEW, ImportState.APPLYING)
_LABELS = {
    "prefecture_code": "都道府県",
    "municipality_code": "市区町村",
    "coordinates_from": "位置の出どころ",
    "attributes": "そのほかの項目",
}
_DATASETS = {
    "01-1": "病院",
    "01-2": "病院の診療科・診療時間",
    "02-1": "診療所",
    "02-2": "診療所の診療科・診療時間",
    "03-1": "歯科診療所",
    "03-2": "歯科診療所の診療科・診療時間",
    "04": "助産所",
    "05": "薬局",
    "standards": "施設基準の届出",
    "codes": "医療機関コード",
    "mixed": "いくつものサービス",
}
_TREATMENTS = {
    "take": "取り込む",
    "repaired": "直して取り込む",
    "keep_local": "市の値を残す",
    "confirm": "要確認",
}
# In the order the sentence names them.
_ACCOUNT = (
    Verdict.ADDED,
    Verdict.CHANGED,
    Verdict.MOVED,
    Verdict.RETURNED,
    Verdict.SUSPICIOUS,
    Verdict.SAME,
    Verdict.DUPLICATE,
    Verdict.ATTACHED,
    Verdict.OUTSIDE,
    Verdict.REFUSED,
)


@dataclass(frozen=True)
class FileReport:
    """One table of a run: what it is and how its rows were judged."""

    name: str
    source_name: str
    dataset: str
    dataset_label: str
    as_of: date
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
    return ImportRun.objects.filter(state__in=_OPEN).order_by("-pk").first()


def runs() -> list[ImportRun]:
    """The latest 50 runs, newest first."""
    return list(ImportRun.objects.order_by("-pk")[:_RUNS_SHOWN])


def undoable_run() -> ImportRun | None:
    """The last applied run, when it can still be undone."""
    latest = ImportRun.objects.filter(applied_at__isnull=False).order_by("-applied_at").first()
    if latest is None or latest.state != ImportState.APPLIED or open_run():
        return None
    return latest


def run_summary(run: ImportRun) -> RunSummary:
    """Everything the head of the preview shows."""
    counts = {str(key): int(number) for key, number in run.counts.items()}
    undecided = StagedRow.objects.filter(run_id=run.pk, verdict=Verdict.SUSPICIOUS, decision="")
    notes = RowNote.objects.filter(file__run=run, verdict=Verdict.REFUSED)
    notes = notes.select_related("file").order_by("file_id", "row_number", "pk")
    return RunSummary(
        run=run,
        files=[_file_report(file) for file in ImportFile.objects.filter(run=run).order_by("pk")],
        counts=counts,
        reconciliation=reconciliation(counts),
        questions=list(run.questions),
        undecided_count=undecided.count(),
        problems=[_problem(note) for note in notes[:_PROBLEMS_SHOWN]],
    )


def reconciliation(counts: Mapping[str, int]) -> str:
    """「412行＝追加14＋変更63＋…。消えた5件はファイルにないため、行数に入りません。」"""
    parts = [f"{verdict.label}{counts[verdict]:,}" for verdict in _ACCOUNT if counts.get(verdict)]
    sentence = f"{counts.get('rows', 0):,}行＝{'＋'.join(parts) or '0'}。"
    vanished = counts.get("vanished", 0)
    if vanished:
        sentence += f"消えた{vanished:,}件はファイルにないため、行数に入りません。"
    return sentence


def _file_report(file: ImportFile) -> FileReport:
    return FileReport(
        name=file.name,
        source_name=SOURCES[file.source].name,
        dataset=file.dataset,
        dataset_label=dataset_label(file.dataset),
        as_of=file.as_of,
        as_of_text=format_long(file.as_of),
        as_of_from=file.get_as_of_from_display(),
        encoding=file.encoding,
        row_count=file.row_count,
        column_count=file.column_count,
        counts=dict(file.counts),
        notes=list(file.notes),
    )


def dataset_label(dataset: str) -> str:
    """The Japanese name of a dataset."""
    if dataset in SERVICES:
        return SERVICES[dataset].label
    return _DATASETS.get(dataset, "市町村の一覧" if dataset.startswith("list-") else dataset)


def _problem(note: RowNote) -> str:
    place = f"{note.file.name} {note.row_number}行目" if note.row_number else note.file.name
    column = f"「{note.column}」" if note.column else ""
    return f"{place}{column}：{note.message}"


# The diff -----------------------------------------------------------------------------------


def changes_page(
    run: ImportRun, kind: ChangeKind | str, number: int = 1, size: int = 50
) -> Page[RecordChange]:
    """One page of the diff of one kind (added, changed, moved, suspicious, vanished, returned)."""
    first = (max(1, number) - 1) * size
    if kind == ChangeKind.ADDED:
        rows = StagedRow.objects.filter(run_id=run.pk, verdict=Verdict.ADDED).order_by("pk")
        files = _file_names(run)
        added = [_added(row, files) for row in rows[first : first + size]]
        return Page(added, number, rows.count(), size)
    changes = Change.objects.filter(run=run, kind=kind).order_by("pk")
    page = list(changes[first : first + size])
    return Page(_record_changes(run, page), number, changes.count(), size)


def _added(row: StagedRow, files: Mapping[int, str]) -> RecordChange:
    fields = [
        FieldChange(
            name,
            _label(name),
            NOT_RECORDED,
            value_text(name, getattr(row, name)),
            "take",
            "取り込む",
        )
        for name in VALUE_COLUMNS
        if getattr(row, name) not in (None, "", [], {})
    ]
    return RecordChange(
        kind=ChangeKind.ADDED.value,
        service_id=None,
        facility_id=None,
        row_id=row.pk,
        decision=row.decision,
        number=row.source_key,
        name=row.name,
        file_name=files.get(row.file_id, ""),
        row_number=row.row_number,
        reason=row.reason,
        fields=fields,
    )


def _record_changes(run: ImportRun, changes: Sequence[Change]) -> list[RecordChange]:
    services = Service.objects.in_bulk([change.service_id for change in changes])
    overrides = {
        (override.service_id, override.field)
        for override in Override.objects.filter(service__in=services)
    }
    staged = {
        row.service_id: row
        for row in StagedRow.objects.filter(run_id=run.pk, service_id__in=services)
    }
    repairs = _repairs_of(changes)
    files = _file_names(run)
    records = []
    for change in changes:
        service = services.get(change.service_id)
        row = staged.get(change.service_id)
        if service is None:  # undone since
            continue
        at = (change.file_id, change.row_number)
        repaired = repairs.get(at, frozenset())
        records.append(
            RecordChange(
                kind=change.kind,
                service_id=service.pk,
                facility_id=service.facility_id,
                row_id=row.pk if row else None,
                decision=row.decision if row else "",
                number=service.source_key,
                name=service.name,
                file_name=files.get(change.file_id or 0, ""),
                row_number=change.row_number,
                reason=row.reason if row else "",
                fields=_field_changes(change, overrides, repaired),
            )
        )
    return records


def _field_changes(
    change: Change, overrides: set[tuple[int, str]], repaired: frozenset[str]
) -> list[FieldChange]:
    """``repaired``: the texts that repairs of this row came to."""
    fields = []
    for name in VALUE_COLUMNS:
        if name not in change.after:
            continue
        before, after = (
            value_text(name, change.before.get(name)),
            value_text(name, change.after[name]),
        )
        if (change.service_id, name) in overrides:
            treatment = "keep_local"
        elif change.kind == ChangeKind.SUSPICIOUS:
            treatment = "confirm"
        else:
            treatment = "repaired" if after in repaired else "take"
        fields.append(
            FieldChange(name, _label(name), before, after, treatment, _TREATMENTS[treatment])
        )
    return fields


def _repairs_of(
    changes: Iterable[Change],
) -> dict[tuple[int | None, int | None], frozenset[str]]:
    places = {(change.file_id, change.row_number) for change in changes}
    found = Repair.objects.filter(
        file_id__in={file for file, _ in places}, row_number__in={row for _, row in places if row}
    ).values_list("file_id", "row_number", "before", "after")
    repaired: dict[tuple[int | None, int | None], frozenset[str]] = {}
    for file, row, before, after in found:
        if before != after:  # otherwise only said, not repaired
            place = (file, row)
            repaired[place] = repaired.get(place, frozenset()) | {after or NOT_RECORDED}
    return repaired


def _file_names(run: ImportRun) -> dict[int, str]:
    return dict(ImportFile.objects.filter(run=run).values_list("pk", "name"))


def _label(name: str) -> str:
    return _LABELS.get(name) or field_label(name)


# Repairs ------------------------------------------------------------------------------------


def repair_reasons(run: ImportRun) -> list[tuple[str, str, int]]:
    """(key, Japanese text, cells), most frequent first."""
    counted = (
        Repair.objects.filter(file__run=run)
        .values("reason")
        .annotate(cells=Count("pk"))
        .order_by("-cells", "reason")
    )
    return [(row["reason"], reason_label(row["reason"]), row["cells"]) for row in counted]


def repairs_page(
    run: ImportRun, reason: str = "", number: int = 1, size: int = 50
) -> Page[RepairRow]:
    """One page of repaired cells, in the order of the files."""
    repairs: QuerySet[Repair] = Repair.objects.filter(file__run=run)
    if reason:
        repairs = repairs.filter(reason=reason)
    first = (max(1, number) - 1) * size
    page = repairs.select_related("file").order_by("file_id", "row_number", "pk")
    items = [
        RepairRow(
            repair.file.name,
            repair.row_number,
            repair.column,
            repair.before,
            repair.after,
            repair.reason,
            reason_label(repair.reason),
        )
        for repair in page[first : first + size]
    ]
    return Page(items, number, repairs.count(), size)


def reason_label(reason: str) -> str:
    """The Japanese text of a repair's reason."""
    return REASONS.get(reason) or LOCAL_REASONS.get(reason) or reason
