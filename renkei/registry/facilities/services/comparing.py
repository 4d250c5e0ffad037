"""Turning provisional changes of a run into final verdicts, with their values before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import islice

from django.db import connection

from renkei.registry.facilities.importers.listing import COLUMNS, ListingRow
from renkei.registry.facilities.models import ImportRun, Service, StagedRow, Verdict
from renkei.registry.facilities.services.copying import copy_rows
from renkei.registry.facilities.services.diff import Difference, difference
from renkei.registry.facilities.services.official import official_row, officials_of
from renkei.registry.facilities.services.staging import WATCHED, FileCount

_BATCH = 2_000
# A file this small may well have no FAX number at all.
_LARGE_FILE = 20


def compare_changed(run: ImportRun, files: Mapping[int, FileCount]) -> Counter[str]:
    """Judge every changed row of a run; returns the counts ("changed_fields", "overridden")."""
    silent = {file_id: silent_columns(count) for file_id, count in files.items()}
    totals: Counter[str] = Counter()
    rows = StagedRow.objects.filter(run=run, verdict__in=(Verdict.CHANGED, Verdict.RETURNED))
    stream = iter(rows.order_by("pk").iterator(chunk_size=_BATCH))
    while batch := list(islice(stream, _BATCH)):
        _compare_batch(run, batch, files, silent, totals)
    return totals


def silent_columns(count: FileCount) -> frozenset[str]:
    """Watched columns in which no row of the file has a value."""
    if sum(count.verdicts.values()) < _LARGE_FILE:
        return frozenset()
    return frozenset(WATCHED) - count.supplied


def _compare_batch(
    run: ImportRun,
    batch: list[StagedRow],
    files: Mapping[int, FileCount],
    silent: Mapping[int, frozenset[str]],
    totals: Counter[str],
) -> None:
    ids = [row.service_id for row in batch if row.service_id]
    services = Service.objects.in_bulk(ids)
    officials = officials_of(ids)
    verdicts: list[tuple[int, str, str]] = []
    changes: list[tuple[object, ...]] = []
    for row in batch:
        service = services[row.service_id or 0]
        official = officials.get(service.pk, {})
        new = staged_listing(row)
        found = difference(
            official_row(service, official),
            new,
            silent=silent[row.file_id],
            speaks_of_codes=files[row.file_id].speaks_of_codes,
        )
        verdict = found.verdict
        if row.verdict == Verdict.RETURNED and verdict in {Verdict.SAME, Verdict.CHANGED}:
            verdict = Verdict.RETURNED
        if verdict is not Verdict.SUSPICIOUS:
            totals["changed_fields"] += len(found.after)
        totals["records"] += verdict not in {Verdict.SAME, Verdict.SUSPICIOUS}
        totals["overridden"] += len(official.keys() & found.after.keys())
        if verdict != row.verdict:
            verdicts.append((row.pk, verdict.value, found.reason))
            counts = files[row.file_id].verdicts
            if row.row_number:
                counts[row.verdict] -= 1
                counts[verdict] += 1
        if verdict is not Verdict.SAME:
            changes.append(_change(run, row, verdict, found))
    _write(verdicts, changes)


def _change(
    run: ImportRun, row: StagedRow, verdict: Verdict, found: Difference
) -> tuple[object, ...]:
    return (
        run.pk,
        verdict.value,
        row.service_id,
        row.file_id,
        row.row_number,
        found.before,
        found.after,
    )


def _write(verdicts: list[tuple[int, str, str]], changes: list[tuple[object, ...]]) -> None:
    columns = ("run_id", "kind", "service_id", "file_id", "row_number", "before", "after")
    copy_rows("facilities_change", columns, changes)
    if not verdicts:
        return
    ids, kinds, reasons = (list(column) for column in zip(*verdicts, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE facilities_stagedrow s SET verdict = v.verdict, reason = v.reason"
            " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS v (id, verdict, reason)"
            " WHERE s.id = v.id",
            [ids, kinds, reasons],
        )


def staged_listing(row: StagedRow) -> ListingRow:
    """The official values of a staged row."""
    values = ListingRow(**{name: getattr(row, name) for name in COLUMNS})
    values.row_hash, values.raw_hash = bytes(values.row_hash), bytes(values.raw_hash)
    return values
