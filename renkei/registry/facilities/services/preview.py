"""Making the preview of a run: read every dataset, compare, count, ask."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from datetime import date

from django.db import connection, transaction

from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_long
from renkei.foundation.common.live import publish
from renkei.registry.facilities.catalogue import SERVICES
from renkei.registry.facilities.importers.geography import Geography
from renkei.registry.facilities.importers.institution_codes import KIND as CODES
from renkei.registry.facilities.importers.local import LocalMapping
from renkei.registry.facilities.models import (
    Change,
    Dataset,
    ImportFile,
    ImportRun,
    ImportState,
    Repair,
    RowNote,
    StagedRow,
    Verdict,
)
from renkei.registry.facilities.services import reader_process
from renkei.registry.facilities.services.codes_list import stage_codes
from renkei.registry.facilities.services.comparing import compare_changed
from renkei.registry.facilities.services.geography import load_geography
from renkei.registry.facilities.services.progress import Progress, topic_of
from renkei.registry.facilities.services.reading import (
    Group,
    OpenTable,
    open_all,
    refuse_mixed_snapshots,
)
from renkei.registry.facilities.services.staging import (
    SUSPICIOUS_SHARE,
    FileCount,
    GroupResult,
    stage_group,
)

# Readers at a time; each holds the towns of the country (about 250 MB).
PROCESSES = 2
# Below this a second process costs more than it saves.
_MANY_BYTES = 8 * 1024 * 1024
_READ_SHARE = 90
_FEW = 20


def make_preview(run: ImportRun, progress: Progress) -> None:
    """Read the files of a run and leave it in state PREVIEW.

    Raises:
        UnreadableFile: with the sentence for the user; the caller cleans up.
    """
    progress.tell(1, "ファイルを開いています")
    mapping = LocalMapping.from_json(run.mapping) if run.mapping else None
    paths = [(path["path"], path["name"]) for path in run.paths]
    groups = open_all(paths, as_of=run.as_of, mapping=mapping)
    groups = _with_files(run, groups)
    results = []
    for done, result in enumerate(_stage_all(run, groups), start=1):
        results.append(result)
        progress.tell(_READ_SHARE * done // len(groups), f"{done}／{len(groups)}種類を読みました")
    with transaction.atomic():
        _finish(run, groups, results)


def forget_staging(run: ImportRun) -> None:
    """Drop what reading left behind."""
    StagedRow.objects.filter(run_id=run.pk).delete()
    Change.objects.filter(run=run).delete()
    Repair.objects.filter(file__run=run)._raw_delete("default")  # noqa: SLF001 - no cascade to look for
    RowNote.objects.filter(file__run=run).delete()


@transaction.atomic
def _with_files(run: ImportRun, groups: Sequence[Group]) -> list[Group]:
    """The groups with an ``ImportFile`` for each table; what older runs staged goes."""
    for other in ImportRun.objects.exclude(pk=run.pk).filter(rows__isnull=False).distinct():
        StagedRow.objects.filter(run_id=other.pk).delete()
    return [
        replace(
            group,
            tables=[_with_file(run, table) for table in group.tables],
            hours=[_with_file(run, table) for table in group.hours],
        )
        for group in groups
    ]


def _with_file(run: ImportRun, table: OpenTable) -> OpenTable:
    file = ImportFile.objects.create(
        run=run,
        name=table.table.place,
        sha256=table.sha256,
        source=table.kind.source,
        dataset=table.dataset,
        as_of=table.as_of,
        as_of_from=table.as_of_from,
        encoding=table.table.encoding,
        column_count=len(table.table.header),
        notes=list(table.notes),
    )
    return replace(table, file_id=file.pk)


# Reading, in two processes where it pays ----------------------------------------------------

_GEOGRAPHY: dict[str, Geography] = {}


def _stage_all(run: ImportRun, groups: Sequence[Group]) -> Iterator[GroupResult]:
    day = clock.today()
    sizes = {id(group): _size(group) for group in groups}
    # Inside a transaction (tests) another process would not see the run.
    alone = connection.in_atomic_block or sum(sizes.values()) < _MANY_BYTES or len(groups) < 2  # noqa: PLR2004
    if alone:
        geography = load_geography(day)
        for group in groups:
            yield _stage_one(group, run.pk, run.scope, geography)
        return
    largest_first = sorted(groups, key=lambda group: -sizes[id(group)])
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        min(PROCESSES, os.cpu_count() or 1),
        mp_context=context,
        initializer=reader_process.prepare,
        initargs=(day,),
    ) as pool:
        waiting = [
            pool.submit(_stage_in_process, group, run.pk, run.scope) for group in largest_first
        ]
        for future in as_completed(waiting):
            yield future.result()


def _size(group: Group) -> int:
    return sum(table.table.source.path.stat().st_size for table in group.all_tables)


def load_for_process(day: date) -> None:
    """The look-ups of this process, once for all datasets it reads."""
    _GEOGRAPHY["today"] = load_geography(day)


def _stage_in_process(group: Group, run_id: int, scope: Sequence[str]) -> GroupResult:
    return _stage_one(group, run_id, scope, _GEOGRAPHY["today"])


@transaction.atomic
def _stage_one(
    group: Group, run_id: int, scope: Sequence[str], geography: Geography
) -> GroupResult:
    if group.dataset == CODES.key:
        return stage_codes(group, run_id=run_id, scope=scope)
    return stage_group(group, run_id=run_id, scope=scope, geography=geography)


# Counting and asking ------------------------------------------------------------------------


def _finish(run: ImportRun, groups: Sequence[Group], results: Sequence[GroupResult]) -> None:
    counts: dict[int, FileCount] = {}
    for result in results:
        counts.update(result.files)
    for group in groups:
        _refuse_mixed_prefectures(group, counts)
    totals = compare_changed(run, counts)
    for file in ImportFile.objects.filter(run=run):
        _save_counts(file, counts[file.pk])
        totals["rows"] += file.row_count
        totals["repairs"] += counts[file.pk].repairs
        totals.update({verdict: n for verdict, n in counts[file.pk].verdicts.items() if n})
    totals["vanished"] = sum(result.vanished for result in results)
    # Records of the register that "apply" touches: rows of hours and codes are none themselves.
    totals["records"] += totals[Verdict.ADDED] + totals["vanished"]
    run.counts = dict(totals)
    run.questions = [*_older_snapshots(run), *_large_losses(results)]
    run.state = ImportState.PREVIEW
    run.progress = 100
    run.progress_text = "確認待ち"
    run.save(update_fields=["counts", "questions", "state", "progress", "progress_text"])
    publish(topic_of(run), {"state": run.state})


def _refuse_mixed_prefectures(group: Group, counts: Mapping[int, FileCount]) -> None:
    by_prefecture: dict[str, list[OpenTable]] = {}
    for table in group.tables:
        for prefecture in counts[table.file_id].prefectures:
            by_prefecture.setdefault(prefecture, []).append(table)
    for tables in by_prefecture.values():
        refuse_mixed_snapshots(group.dataset, tables)


def _save_counts(file: ImportFile, count: FileCount) -> None:
    file.counts = {verdict: n for verdict, n in count.verdicts.items() if n}
    file.row_count = sum(file.counts.values())
    file.prefectures = sorted(filter(None, count.prefectures))
    file.notes = [*file.notes, *count.notes]
    file.save(update_fields=["counts", "row_count", "prefectures", "notes"])


def _older_snapshots(run: ImportRun) -> Iterator[dict[str, object]]:
    """Ask per dataset whose file is older than what a prefecture in it already has."""
    newest = {
        (source, code, prefecture): day
        for source, code, prefecture, day in Dataset.objects.values_list(
            "source", "code", "prefecture_code", "as_of"
        )
    }
    asked: dict[str, dict[str, object]] = {}
    for file in ImportFile.objects.filter(run=run).order_by("pk"):
        known = max(
            (
                newest[file.source, file.dataset, prefecture]
                for prefecture in file.prefectures
                if (file.source, file.dataset, prefecture) in newest
            ),
            default=file.as_of,
        )
        if known > file.as_of:
            key = f"older:{file.source}:{file.dataset}"
            text = (
                f"{_label(file.dataset)}は{format_long(known)}のデータをすでに取り込んでいます。"
                f"それより古い{format_long(file.as_of)}のデータに戻しますか。"
            )
            asked[key] = {"key": key, "text": text}
    yield from asked.values()


def _large_losses(results: Sequence[GroupResult]) -> Iterator[dict[str, object]]:
    for result in results:
        if result.vanished < _FEW or result.vanished <= result.known_count * SUSPICIOUS_SHARE:
            continue
        yield {
            "key": f"loss:{result.source}:{result.dataset}",
            "text": f"{_label(result.dataset)}は、いまの{result.known_count:,}件のうち"
            f"{result.vanished:,}件がこのファイルにありません。"
            "途中で切れたファイルや、一部の地域だけのファイルではありませんか。",
        }


def _label(dataset: str) -> str:
    info = SERVICES.get(dataset)
    return f"「{info.label}」" if info else f"「{dataset}」"
