"""The way back of the last import: exactly the rows as they were."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model
from psycopg import sql

from renkei.foundation.common import clock
from renkei.registry.facilities.models import (
    CorrectionRequest,
    Dataset,
    Facility,
    FieldPolicy,
    ImportRun,
    ImportState,
    Override,
    PlacePair,
    Service,
    UndoRow,
)
from renkei.registry.facilities.search.indexing import index_facilities, rebuild_index
from renkei.registry.facilities.services import refresh
from renkei.registry.facilities.services.effective import put_corrections_back

# In the order rows come back: parents first.
TABLES: dict[str, type[Model]] = {
    "facilities_facility": Facility,
    "facilities_service": Service,
    "facilities_dataset": Dataset,
    "facilities_override": Override,
    "facilities_placepair": PlacePair,
}
# Above this many places, filling the search index anew is quicker.
_MANY = 20_000


def last_id(table: str) -> int:
    """The highest id of a table, 0 when empty."""
    with connection.cursor() as cursor:
        statement = sql.SQL("SELECT coalesce(max(id), 0) FROM {}").format(sql.Identifier(table))
        cursor.execute(statement)
        (number,) = cursor.fetchone() or (0,)
    return int(number)


def keep_rows(run: ImportRun, table: str, where: str, parameters: Sequence[int | str]) -> None:
    """Remember rows as they are now; a row already kept stays as it was first.

    ``where`` is a constant of the caller.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO facilities_undorow (run_id, "table", row_id, "row")'  # noqa: S608
            f" SELECT %s, %s, t.id, to_jsonb(t) FROM {table} t WHERE ({where})"
            " AND NOT EXISTS (SELECT FROM facilities_undorow u"
            ' WHERE u.run_id = %s AND u."table" = %s AND u.row_id = t.id)',
            [run.pk, table, *parameters, run.pk, table],
        )


def undo_run(run: ImportRun) -> None:
    """Put the register back and set the run UNDONE.

    Raises:
        ValidationError: it is not the last import, or later work rests on what it added.
    """
    latest = ImportRun.objects.filter(applied_at__isnull=False).order_by("-applied_at").first()
    if latest is None or latest.pk != run.pk or latest.state != ImportState.APPLIED:
        raise ValidationError("元に戻せるのは、最後に取り込んだものだけです。")
    _refuse_later_work(latest)
    touched = set(
        UndoRow.objects.filter(run=run, table="facilities_facility").values_list(
            "row_id", flat=True
        )
    )
    later = _corrections_made_since(latest)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    emptied = _remove_added(latest)
    for table, model in TABLES.items():
        _restore(latest, table, model)
    # Places that a decision made of added records since.
    Facility.objects.filter(pk__in=emptied, services=None).delete()
    put_corrections_back(later, is_official_new=True)
    refresh.advance_freshness()
    if len(touched) > _MANY:
        rebuild_index()
    else:
        index_facilities(touched)
    run.state = ImportState.UNDONE
    run.undone_at = clock.now()
    run.save(update_fields=["state", "undone_at"])
    UndoRow.objects.filter(run=run).delete()


def _refuse_later_work(run: ImportRun) -> None:
    """What people built on the added records would be lost without a word."""
    services = run.added_ids.get("facilities_service", [1, 0])
    places = run.added_ids.get("facilities_facility", [1, 0])
    added = Facility.objects.filter(pk__range=places)
    count = (
        Override.objects.filter(service__in=Service.objects.filter(pk__range=services)).count()
        + added.exclude(organisation=None).count()
        + added.exclude(confirmed_on=None).count()
        + CorrectionRequest.objects.filter(facility__in=added).count()
        + FieldPolicy.objects.filter(facility__in=added).count()
    )
    if count:
        raise ValidationError(
            f"この取り込みで加わった施設に、あとからの訂正・確認・依頼が{count}件あります。"
            "先にそれらを取り消してください。"
        )


def _corrections_made_since(run: ImportRun) -> list[Override]:
    services = UndoRow.objects.filter(run=run, table="facilities_service").values("row_id")
    kept = UndoRow.objects.filter(run=run, table="facilities_override").values("row_id")
    later = Override.objects.filter(service__in=services).exclude(pk__in=kept)
    return list(later.select_related("service"))


def _remove_added(run: ImportRun) -> list[int]:
    """Delete what the run added; returns the places its records were in that were there before."""
    for table in ("facilities_placepair", "facilities_dataset"):
        _delete_range(table, "id", run.added_ids.get(table))
    places = run.added_ids.get("facilities_facility")
    services = run.added_ids.get("facilities_service")
    others: list[int] = []
    if services and services[1] >= services[0]:
        added = Service.objects.filter(pk__range=services).exclude(
            facility__in=Facility.objects.filter(pk__range=places)
        )
        others = list(added.values_list("facility_id", flat=True).distinct())
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM facilities_placepair WHERE first_id BETWEEN %s AND %s"
                " OR second_id BETWEEN %s AND %s",
                [*services, *services],
            )
    _delete_range("facilities_service", "id", services)
    _delete_range("facilities_searchentry", "facility_id", places)
    _delete_range("facilities_facility", "id", places)
    return others


def _delete_range(table: str, column: str, bounds: Sequence[int] | None) -> None:
    if not bounds or bounds[1] < bounds[0]:
        return
    statement = sql.SQL("DELETE FROM {} WHERE {} BETWEEN %s AND %s").format(
        sql.Identifier(table), sql.Identifier(column)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(bounds))


def _restore(run: ImportRun, table: str, model: type[Model]) -> None:
    columns = [field.column for field in model._meta.concrete_fields]  # noqa: SLF001 - public Meta API
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    sets = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name))
        for name in columns
        if name != "id"
    )
    statement = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM facilities_undorow u,"
        ' jsonb_populate_record(NULL::{table}, u."row") r'
        ' WHERE u.run_id = %s AND u."table" = %s'
        " ON CONFLICT (id) DO UPDATE SET {sets}"
    ).format(
        table=sql.Identifier(table),
        names=names,
        values=sql.SQL(", ").join(sql.SQL("r.") + sql.Identifier(name) for name in columns),
        sets=sets,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [run.pk, table])
