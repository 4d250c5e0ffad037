"""医療機関コード from the national list: attached to records of the same place, creating none."""

from __future__ import annotations

from collections.abc import Sequence

from renkei.foundation.common.prefectures import PREFECTURES
from renkei.registry.facilities.catalogue import MEDICAL
from renkei.registry.facilities.importers.institution_codes import CodeRow, parse_row
from renkei.registry.facilities.importers.listing import COLUMNS
from renkei.registry.facilities.models import Service, Verdict
from renkei.registry.facilities.services.copying import copy_rows
from renkei.registry.facilities.services.official import official_row
from renkei.registry.facilities.services.reading import Group, OpenTable
from renkei.registry.facilities.services.staging import (
    STAGED_COLUMNS,
    FileCount,
    GroupResult,
)

# The list holds 医科 institutions; a pharmacy of the same name and address is another record.
_SERVICES = ("hospital", "clinic")
_OKINAWA = "47"
_NOTES_KEPT = 1_000


def stage_codes(group: Group, *, run_id: int, scope: Sequence[str]) -> GroupResult:
    """Stage a change for every record whose code the list knows and the register does not."""
    files = {table.file_id: FileCount(speaks_of_codes=True) for table in group.tables}
    by_place: dict[int, list[int]] = {}
    records = Service.objects.filter(source=MEDICAL, service_code__in=_SERVICES)
    for place_key, pk in records.exclude(place_key=None).values_list("place_key", "pk"):
        by_place.setdefault(place_key or 0, []).append(pk)
    for table in group.tables:
        _stage_table(table, files[table.file_id], by_place, run_id, scope)
    return GroupResult(group.source, group.dataset, files)


def _stage_table(
    table: OpenTable,
    count: FileCount,
    by_place: dict[int, list[int]],
    run_id: int,
    scope: Sequence[str],
) -> None:
    found: dict[int, CodeRow] = {}
    notes: list[tuple[object, ...]] = []
    for number, cells in table.table.rows():
        row = parse_row(cells, PREFECTURES)
        if not isinstance(row, CodeRow):
            count.verdicts[Verdict.REFUSED] += 1
            notes.append((table.file_id, number, Verdict.REFUSED.value, *row))
            continue
        count.prefectures.add(row.prefecture_code)
        ids = by_place.get(row.place_key, [])
        if (scope and row.prefecture_code not in {code[:2] for code in scope}) or not ids:
            count.verdicts[Verdict.OUTSIDE] += 1
            if not ids and len(notes) < _NOTES_KEPT:
                message = "同じ名称と住所の施設が台帳にないため、付けませんでした。"
                notes.append((table.file_id, number, Verdict.OUTSIDE.value, "", row.name, message))
            continue
        count.verdicts[Verdict.ATTACHED] += 1
        found.update(dict.fromkeys(ids, row))
    if _OKINAWA not in count.prefectures:
        count.notes.append("この一覧には沖縄県がありません。")
    _stage_changes(table, found, run_id)
    columns = ("file_id", "row_number", "verdict", "column", "value", "message")
    copy_rows("facilities_rownote", columns, notes)


def _stage_changes(table: OpenTable, found: dict[int, CodeRow], run_id: int) -> None:
    staged: list[tuple[object, ...]] = []
    for service in Service.objects.filter(pk__in=found).iterator(chunk_size=2_000):
        code_row = found[service.pk]
        if service.institution_code == code_row.medical_code:
            continue
        row = official_row(service, {})
        row.institution_code = code_row.medical_code
        staged.append(
            (
                *(getattr(row, name) for name in COLUMNS),
                run_id,
                table.file_id,
                # Row 0: the row itself is counted as attached, not once per record.
                0,
                service.pk,
                Verdict.CHANGED.value,
                "",
                "",
            )
        )
    copy_rows("facilities_stagedrow", STAGED_COLUMNS, staged)
