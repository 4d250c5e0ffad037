"""Writing a preview to the register, set by set, inside the caller's transaction.

Everything that is changed or removed is kept in ``UndoRow``; what is added is known by its ids.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from renkei.foundation.common import clock
from renkei.registry.facilities.importers.institution_codes import KIND as CODES
from renkei.registry.facilities.importers.listing import COLUMNS
from renkei.registry.facilities.models import (
    ChangeKind,
    Dataset,
    ImportFile,
    ImportRun,
    ImportState,
    ListingStatus,
    Override,
    StagedRow,
    UndoRow,
    Verdict,
)
from renkei.registry.facilities.services import places, refresh
from renkei.registry.facilities.services.effective import put_corrections_back
from renkei.registry.facilities.services.progress import Progress
from renkei.registry.facilities.services.undoing import keep_rows, last_id

_COLUMNS = ", ".join(COLUMNS)
_STAGED = ", ".join(f"s.{name}" for name in COLUMNS)
# The code of an institution comes from other files than the rest: an empty one changes nothing.
_SET = ", ".join(
    f"{name} = CASE WHEN s.{name} = '' THEN v.{name} ELSE s.{name} END"
    if name == "institution_code"
    else f"{name} = s.{name}"
    for name in COLUMNS
)
# Rows that are written: decided suspicious ones too.
_TAKEN = (
    "(s.verdict IN ('added', 'changed', 'moved', 'returned')"
    " OR (s.verdict = 'suspicious' AND s.decision = 'take'))"
)
ADDED_TABLES = (
    "facilities_service",
    "facilities_facility",
    "facilities_dataset",
    "facilities_placepair",
)


class LostPreviewError(Exception):
    """The staged rows are gone (the database crashed): the files must be read again."""


def apply_run(run: ImportRun, progress: Progress) -> None:
    """Write what ``run`` staged and set it APPLIED; fails as a whole or not at all."""
    progress.tell(1, "台帳を準備しています")
    _forget_older_undo(run)
    before = {table: last_id(table) for table in ADDED_TABLES}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '128MB'")
        # The staged rows are new: the planner knows nothing of them and would look each of them up
        # in a loop over the register. The application's role may not ANALYZE.
        cursor.execute("SET LOCAL enable_nestloop = off")
        # Services are written before the places they name.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("CREATE TEMPORARY TABLE import_affected (facility_id bigint) ON COMMIT DROP")
    progress.tell(5, "新しい事業所を加えています")
    _add_services(run)
    places.carry_out_decisions(run, before["facilities_service"])
    progress.tell(20, "変わった事業所を直しています")
    _change_services(run)
    _mark_vanished(run)
    progress.tell(30, "基準日を進めています")
    advanced = _advance_datasets(run)
    affected = _affected(run)
    _keep_affected(run)
    progress.tell(35, "場所ごとにまとめています")
    refresh.refresh_affected(
        affected, is_first=before["facilities_facility"] == 0, tell=progress.tell
    )
    if advanced:
        refresh.advance_freshness()
    progress.tell(95, "同じ場所かもしれない組をさがしています")
    places.find_pairs(before["facilities_service"])
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE import_affected")
    run.added_ids = {table: [before[table] + 1, last_id(table)] for table in ADDED_TABLES}
    run.state = ImportState.APPLIED
    run.applied_at = clock.now()
    run.save(update_fields=["added_ids", "state", "applied_at"])


def _forget_older_undo(run: ImportRun) -> None:
    """Only the last import can be undone: the way back of older ones goes."""
    UndoRow.objects.exclude(run=run).delete()
    expected = sum(
        run.counts.get(verdict, 0) for verdict in (Verdict.ADDED, Verdict.CHANGED, Verdict.MOVED)
    )
    if expected and not StagedRow.objects.filter(run_id=run.pk).exists():
        raise LostPreviewError


def _add_services(run: ImportRun) -> None:
    """New records, each in the place of its key; new places get their number here."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            CREATE TEMPORARY TABLE import_place ON COMMIT DROP AS
            SELECT k.place_key,
                   coalesce(e.facility_id, nextval(
                       pg_get_serial_sequence('facilities_facility', 'id'))) AS facility_id
              FROM (SELECT DISTINCT s.place_key FROM facilities_stagedrow s
                     WHERE s.run_id = %s AND s.service_id IS NULL AND {_TAKEN}) k
              LEFT JOIN (SELECT place_key, min(facility_id) AS facility_id
                           FROM facilities_service GROUP BY place_key) e USING (place_key)
            """,  # noqa: S608 - constants
            [run.pk],
        )
        cursor.execute("ANALYZE import_place")
        cursor.execute(
            f"""
            INSERT INTO facilities_service
                   ({_COLUMNS}, facility_id, status, file_id, row_number)
            SELECT {_STAGED}, p.facility_id, 'listed', s.file_id, s.row_number
              FROM facilities_stagedrow s JOIN import_place p USING (place_key)
             WHERE s.run_id = %s AND s.service_id IS NULL AND {_TAKEN}
             ORDER BY s.id
            """,  # noqa: S608 - constants
            [run.pk],
        )
        cursor.execute("INSERT INTO import_affected SELECT facility_id FROM import_place")
        cursor.execute("DROP TABLE import_place")


def _change_services(run: ImportRun) -> None:
    """Changed, moved and returned records take the new values; corrections stay on top."""
    where = f"s.run_id = %s AND s.service_id IS NOT NULL AND {_TAKEN}"
    ids = f"SELECT s.service_id FROM facilities_stagedrow s WHERE {where}"  # noqa: S608 - constants
    keep_rows(run, "facilities_service", f"id IN ({ids})", [run.pk])
    keep_rows(run, "facilities_override", f"service_id IN ({ids})", [run.pk])
    codes = list(ImportFile.objects.filter(run=run, dataset=CODES.key).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE facilities_service v
               SET institution_code = s.institution_code
              FROM facilities_stagedrow s
             WHERE v.id = s.service_id AND {where} AND s.file_id = ANY(%s)
            """,  # noqa: S608 - constants
            [run.pk, codes],
        )
        cursor.execute(
            f"""
            UPDATE facilities_service v
               SET {_SET}, status = 'listed', vanished_on = NULL,
                   file_id = s.file_id, row_number = s.row_number
              FROM facilities_stagedrow s
             WHERE v.id = s.service_id AND {where} AND NOT s.file_id = ANY(%s)
            """,  # noqa: S608 - constants
            [run.pk, codes],
        )
        cursor.execute(
            f"INSERT INTO import_affected SELECT facility_id FROM facilities_service"  # noqa: S608
            f" WHERE id IN ({ids})",
            [run.pk],
        )
    overrides = Override.objects.filter(
        service__in=StagedRow.objects.filter(run_id=run.pk, service_id__isnull=False).values(
            "service_id"
        )
    )
    put_corrections_back(overrides.select_related("service"))
    places.gather_changed(run)


def _mark_vanished(run: ImportRun) -> None:
    """Not in the new snapshot: 「掲載終了の可能性」, never deleted (T-A1c)."""
    ids = "SELECT service_id FROM facilities_change WHERE run_id = %s AND kind = %s"
    parameters: list[int | str] = [run.pk, ChangeKind.VANISHED.value]
    keep_rows(run, "facilities_service", f"id IN ({ids})", parameters)
    as_of = dict(
        ImportFile.objects.filter(run=run).values_list("dataset", "as_of").order_by("-dataset")
    )
    days = list(as_of.values())
    if not days:
        return
    corrected = Override.objects.filter(field="status").values_list("service_id", flat=True)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE facilities_service v
               SET status = CASE WHEN v.id = ANY(%s) THEN v.status ELSE %s END,
                   vanished_on = coalesce(
                       (SELECT max(f.as_of) FROM facilities_importfile f
                         WHERE f.run_id = %s AND f.source = v.source AND f.dataset = v.dataset),
                       %s)
             WHERE v.id IN ({ids})
            """,  # noqa: S608 - constants
            [list(corrected), ListingStatus.POSSIBLY_ENDED.value, run.pk, max(days), *parameters],
        )
        cursor.execute(
            f"INSERT INTO import_affected SELECT facility_id FROM facilities_service"  # noqa: S608
            f" WHERE id IN ({ids})",
            parameters,
        )


def _advance_datasets(run: ImportRun) -> bool:
    """Each dataset and prefecture now stands as of its file; whether any day changed."""
    changed = False
    for file in ImportFile.objects.filter(run=run).order_by("pk"):
        for prefecture in _prefectures(file):
            dataset = Dataset.objects.filter(
                source=file.source, code=file.dataset, prefecture_code=prefecture
            ).first()
            if dataset is None:
                dataset = Dataset(source=file.source, code=file.dataset, prefecture_code=prefecture)
            elif dataset.as_of != file.as_of:
                keep_rows(run, "facilities_dataset", "id = %s", [dataset.pk])
                changed = True
            else:
                continue
            dataset.as_of, dataset.file = file.as_of, file
            dataset.save()
    return changed


def _prefectures(file: ImportFile) -> Iterator[str]:
    yield from (code for code in file.prefectures if code)


def _affected(run: ImportRun) -> int:
    """Make the list of affected places distinct; returns how many."""
    del run
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE import_distinct ON COMMIT DROP AS"
            " SELECT DISTINCT facility_id FROM import_affected"
        )
        cursor.execute("DROP TABLE import_affected")
        cursor.execute("ALTER TABLE import_distinct RENAME TO import_affected")
        cursor.execute("CREATE UNIQUE INDEX ON import_affected (facility_id)")
        cursor.execute("ANALYZE import_affected")
        cursor.execute("SELECT count(*) FROM import_affected")
        (count,) = cursor.fetchone() or (0,)
    return int(count)


def _keep_affected(run: ImportRun) -> None:
    keep_rows(run, "facilities_facility", "id IN (SELECT facility_id FROM import_affected)", [])
