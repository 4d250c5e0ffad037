"""The preview of an import as ``import-diff`` shows it: ledger, tabs, what "apply" will do."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO

from renkei.foundation.common.eras import format_western
from renkei.foundation.common.spreadsheets.write import CellValue, Column, Kind, Sheet
from renkei.foundation.common.spreadsheets.write import write_workbook as write
from renkei.registry.facilities import queries_imports
from renkei.registry.facilities.models import ChangeKind, ImportRun
from renkei.registry.facilities.queries_imports import RecordChange, RunSummary
from renkei.registry.facilities.queries_staff import taken_count

REPAIRS, UNREADABLE = "repairs", "unreadable"
# What an added record shows at once; the rest is behind 「ほかの項目」.
FIRST_FIELDS = ("address", "phone", "corporate_name")
EXCEL_PAGE = 1000
# A workbook of more takes minutes to write and to open.
MOST_ROWS = 300_000


@dataclass(frozen=True)
class LedgerItem:
    count: int
    word: str
    note: str


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    count: int
    current: bool
    url: str


TABS = (
    (ChangeKind.CHANGED.value, "変更"),
    (ChangeKind.ADDED.value, "追加"),
    (ChangeKind.VANISHED.value, "消えた"),
    (ChangeKind.MOVED.value, "移転"),
    (ChangeKind.RETURNED.value, "ふたたび載った"),
    (ChangeKind.SUSPICIOUS.value, "疑わしい"),
    (UNREADABLE, "読めない行"),
    (REPAIRS, "自動で直した所"),
)
# Shown even when nothing happened: that nothing vanished is news.
ALWAYS_SHOWN = frozenset({"added", "changed", "vanished", "moved", "suspicious"})


def count_of(summary: RunSummary, key: str) -> int:
    """How many of one verdict; unreadable rows are ``refused``."""
    return summary.counts.get("refused" if key == UNREADABLE else key, 0)


def title_of(summary: RunSummary) -> str:
    """訪問看護（2026年6月末のデータ）, or how many files."""
    if len(summary.files) == 1:
        file = summary.files[0]
        label = summary.run.mapping.get("list_name") or file.dataset_label
        return f"{label}（{format_western(file.as_of)}のデータ）"
    return f"{len(summary.files)}個の表"


def ledger(summary: RunSummary) -> list[LedgerItem]:
    """The row of counts under the title."""
    counts = summary.counts
    items = [
        LedgerItem(counts.get("added", 0), "追加", "新しく載った"),
        LedgerItem(counts.get("changed", 0), "変更", f"{counts.get('changed_fields', 0):,}項目"),
        LedgerItem(counts.get("vanished", 0), "消えた", "掲載終了の可能性"),
        LedgerItem(counts.get("moved", 0), "移転", "番号が同じで住所が違う"),
        LedgerItem(counts.get("suspicious", 0), "疑わしい", "要確認・取り込まない"),
        LedgerItem(counts.get("same", 0), "同じ", "変更なし"),
    ]
    if counts.get("returned"):
        items.insert(3, LedgerItem(counts["returned"], "ふたたび載った", "掲載中に戻る"))
    if counts.get("refused"):
        items.append(LedgerItem(counts["refused"], "読めない行", "理由を示します"))
    return items


def current_tab(summary: RunSummary, asked: str) -> str:
    """The tab asked for, otherwise the first that has something."""
    keys = [key for key, _ in TABS]
    if asked in keys:
        return asked
    return next((key for key in keys if count_of(summary, key)), ChangeKind.CHANGED.value)


def tabs(summary: RunSummary, current: str) -> list[Tab]:
    """The kinds of difference, those without any left out unless their absence is news."""
    return [
        Tab(key, label, count_of(summary, key), key == current, f"?kind={key}#diff")
        for key, label in TABS
        if count_of(summary, key) or key in ALWAYS_SHOWN or key == current
    ]


def written_count(summary: RunSummary) -> int:
    """How many records of the register "apply" writes, decided suspicious ones included."""
    kinds = ("added", "changed", "moved", "returned")
    return sum(summary.counts.get(kind, 0) for kind in kinds) + taken_count(summary.run)


def consequences(summary: RunSummary, written: int) -> list[tuple[str, str, str]]:
    """「取り込むと、こうなります」: text before, in bold, and after."""
    counts = summary.counts
    lines = [("台帳の", f"{written:,}件", "が変わり、住民向けページにすぐ出ます。")]
    if counts.get("overridden"):
        lines.append(
            ("市が訂正した", f"{counts['overridden']:,}項目は残り", "、公表の値を横に示します。")
        )
    if counts.get("vanished"):
        lines.append(
            (
                f"消えた{counts['vanished']:,}件は",
                "削除せず",
                "「掲載終了の可能性」と示します。",
            )
        )
    if summary.undecided_count:
        lines.append(
            (f"疑わしい{summary.undecided_count:,}件は", "取り込みません", "。次回また示します。")
        )
    estimate = f"（{summary.estimated_text}）" if summary.estimated_text else ""
    lines.append(("", "", f"1回の処理で全部入るか、全部入らないかのどちらかです{estimate}。"))
    return lines


@dataclass(frozen=True)
class ShownRecord:
    """One record of the diff; an added one shows its main fields, the rest folded."""

    record: RecordChange
    first: list[queries_imports.FieldChange]
    rest: list[queries_imports.FieldChange]


def shown(records: Iterable[RecordChange]) -> list[ShownRecord]:
    """The records of one page, ready for the table."""
    result = []
    for record in records:
        if record.kind != ChangeKind.ADDED:
            result.append(ShownRecord(record, record.fields, []))
            continue
        filled = [change for change in record.fields if change.after]
        first = [change for change in filled if change.field in FIRST_FIELDS]
        result.append(ShownRecord(record, first, [c for c in filled if c not in first]))
    return result


DIFF_COLUMNS = (
    Column("種類"),
    Column("ファイル"),
    Column("行", Kind.NUMBER),
    Column("番号", Kind.CODE),
    Column("名称"),
    Column("項目"),
    Column("前の値"),
    Column("新しい値"),
    Column("扱い"),
    Column("理由"),
)
REPAIR_COLUMNS = (
    Column("ファイル"),
    Column("行", Kind.NUMBER),
    Column("列"),
    Column("元の値"),
    Column("直した値"),
    Column("理由"),
)


def diff_workbook(run: ImportRun, summary: RunSummary) -> IO[bytes]:
    """The whole diff as a workbook in a file of its own, one row per field."""
    title = f"差分 {title_of(summary)}"
    return _workbook(Sheet("差分", DIFF_COLUMNS, _diff_rows(run)), title, summary)


def repairs_workbook(run: ImportRun, summary: RunSummary) -> IO[bytes]:
    """Every repaired cell as a workbook in a file of its own."""
    title = f"自動で直した所 {title_of(summary)}"
    return _workbook(Sheet("自動で直した所", REPAIR_COLUMNS, _repair_rows(run)), title, summary)


def _workbook(sheet: Sheet, title: str, summary: RunSummary) -> IO[bytes]:
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    notes = [("行数の内訳", summary.reconciliation)]
    notes += [(file.name, f"{file.source_name}　{file.as_of_text}") for file in summary.files]
    write(stream, [replace(sheet, rows=_at_most(sheet.rows))], title=title, notes=notes)
    stream.seek(0)
    return stream


def _at_most(rows: Iterable[Sequence[CellValue]]) -> Iterator[Sequence[CellValue]]:
    """The rows up to ``MOST_ROWS``, then one that says so."""
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            yield [f"{MOST_ROWS:,}行までを書き出しました。", *[""] * (len(row) - 1)]
            return
        yield row


def _diff_rows(run: ImportRun) -> Iterator[list[CellValue]]:
    labels: Mapping[str, str] = dict(ChangeKind.choices)
    for kind in ChangeKind:
        for record in _records(run, kind):
            head = [
                labels[record.kind],
                record.file_name,
                record.row_number,
                record.number,
                record.name,
            ]
            if kind is ChangeKind.ADDED or not record.fields:
                # All fields of all new records would fill more than one sheet.
                first = [change.after for change in record.fields if change.field in FIRST_FIELDS]
                yield [*head, "", "", "、".join(first), "", record.reason]
                continue
            for change in record.fields:
                yield [
                    *head,
                    change.label,
                    change.before,
                    change.after,
                    change.treatment_label,
                    record.reason,
                ]


def _records(run: ImportRun, kind: ChangeKind) -> Iterator[RecordChange]:
    number, pages = 1, 1
    while number <= pages:
        page = queries_imports.changes_page(run, kind, number, EXCEL_PAGE)
        yield from page.items
        number, pages = number + 1, page.page_count


def _repair_rows(run: ImportRun) -> Iterator[list[CellValue]]:
    number, pages = 1, 1
    while number <= pages:
        page = queries_imports.repairs_page(run, "", number, EXCEL_PAGE)
        for row in page.items:
            yield [
                row.file_name,
                row.row_number,
                row.column,
                row.before,
                row.after,
                row.reason_label,
            ]
        number, pages = number + 1, page.page_count
