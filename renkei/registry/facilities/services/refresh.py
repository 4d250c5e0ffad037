"""What a place shows: the effective values of its services, put together in one row.

The only writer of the repeated columns of ``Facility``; it also hands the search index its entries.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import tempfile
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import groupby, islice
from operator import attrgetter
from typing import IO, Any

from django.db import connection

from renkei.foundation.areas.queries import municipality_index
from renkei.foundation.common import clock
from renkei.registry.facilities.models import Dataset, Facility
from renkei.registry.facilities.queries_local_lists import service_infos
from renkei.registry.facilities.queries_publication import (
    FieldAudiences,
    field_audiences,
    field_exceptions,
)
from renkei.registry.facilities.search.indexing import index_facilities
from renkei.registry.facilities.search.store import Entry, replace_all, write_entries
from renkei.registry.facilities.services import reader_process
from renkei.registry.facilities.services.copying import copy_rows
from renkei.registry.facilities.services.place_values import (
    FACILITY_COLUMNS,
    SERVICE_COLUMNS,
    Placed,
    PlaceServices,
    PlaceState,
    Refresher,
    ServiceValues,
    place_all,
    place_batch,
)

_BATCH = 2_000
# From this share of all places on, the index is filled anew instead of row by row.
_REFILL_SHARE = 0.3
_REFILL_FROM = 5_000
# From this many places on, processes of their own work them out.
_MANY = 20_000
PROCESSES = 2

Tell = Callable[[int, str], None]


def refresh_facilities(facility_ids: Collection[int]) -> None:
    """Bring a few places up to date after a correction, a decision or a confirmation."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE import_affected (facility_id bigint)")
        cursor.execute(
            "INSERT INTO import_affected SELECT DISTINCT unnest(%s::bigint[])",
            [list(facility_ids)],
        )
    list(_refreshed())
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE import_affected")
    index_facilities(list(facility_ids))


def refresh_affected(count: int, *, is_first: bool, tell: Tell) -> None:
    """Bring the places of the temporary table ``import_affected`` and their index up to date."""
    if not count:
        return

    def telling() -> Iterator[Entry]:
        for done, entry in enumerate(_refreshed(count), start=1):
            if done % _BATCH == 0:
                tell(35 + 55 * done // count, f"{done:,}か所を書きました")
            yield entry

    if is_first:
        # Nobody is reading an empty register.
        replace_all(telling())
        return
    if count > _REFILL_FROM and count > Facility.objects.count() * _REFILL_SHARE:
        # Readers wait while the index is filled, so everything is worked out before.
        with tempfile.TemporaryFile() as spool:
            for entry in telling():
                pickle.dump(entry, spool, protocol=pickle.HIGHEST_PROTOCOL)
            replace_all(_all_entries(spool))
    else:
        write_entries(telling())


def _all_entries(spool: IO[bytes]) -> Iterator[Entry]:
    """The entries just worked out, and those of the places that were not affected."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE import_rest ON COMMIT DROP AS"
            " SELECT DISTINCT facility_id FROM facilities_service"
            " WHERE facility_id NOT IN (SELECT facility_id FROM import_affected)"
        )
    spool.seek(0)
    while True:
        try:
            yield pickle.load(spool)  # noqa: S301 - written by this very function's caller
        except EOFError:
            break
    for placed in _placed(_places("import_rest"), 0):
        yield from (place.entry for place in placed)


def load_place_state() -> PlaceState:
    """What places depend on, as it stands in this transaction."""
    rows = Dataset.objects.values_list("source", "code", "prefecture_code", "as_of")
    return PlaceState(
        municipality_index(clock.today()),
        {(source, code, place): day for source, code, place, day in rows},
        clock.today(),
        # Read-only views cannot be handed to another process.
        FieldAudiences(field_audiences()),
        # With the kinds this region added itself.
        dict(service_infos()),
    )


def _refreshed(count: int = 0) -> Iterator[Entry]:
    """Write the rows of the affected places (about ``count``); yield their entries."""
    for placed in _placed(_places("import_affected"), count):
        new_rows = [place.row for place in placed if not place.is_known]
        copy_rows("facilities_facility", FACILITY_COLUMNS, new_rows)
        _update([place.row for place in placed if place.is_known])
        yield from (place.entry for place in placed)


def _placed(places: Iterator[PlaceServices], count: int) -> Iterator[list[Placed]]:
    """Places worked out in batches, in processes of their own where there are many."""
    state = load_place_state()
    batches = iter(lambda: list(islice(places, _BATCH)), [])
    if count < _MANY:
        refresher = Refresher(state)
        yield from (place_all(refresher, batch) for batch in batches)
        return
    with ProcessPoolExecutor(
        min(PROCESSES, os.cpu_count() or 1),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=reader_process.prepare_places,
        initargs=(pickle.dumps(state),),
    ) as pool:
        waiting: deque[Future[list[Placed]]] = deque()
        for batch in batches:
            waiting.append(pool.submit(place_batch, batch))
            # Few at a time: what waits lies in memory.
            if len(waiting) > 2 * PROCESSES:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _places(table: str) -> Iterator[PlaceServices]:
    """The places of a temporary table with their services and their own audiences, by id."""
    names = ", ".join(f"s.{name}" for name in SERVICE_COLUMNS)
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT {names}, f.confirmed_on, f.id IS NOT NULL"  # noqa: S608 - constants
            f" FROM {table} a JOIN facilities_service s USING (facility_id)"
            " LEFT JOIN facilities_facility f ON f.id = s.facility_id"
            " ORDER BY s.facility_id, s.id"
        )
        rows = map(_service_of, iter(cursor))
        places = (list(group) for _, group in groupby(rows, key=attrgetter("facility_id")))
        while batch := list(islice(places, _BATCH)):
            known = [services[0].facility_id for services in batch if services[0].is_known]
            exceptions = field_exceptions(known) if known else {}
            for services in batch:
                own = exceptions.get(services[0].facility_id)
                yield services, dict(own) if own else None


_HOURS, _ATTRIBUTES = SERVICE_COLUMNS.index("hours"), SERVICE_COLUMNS.index("attributes")


def _service_of(row: Sequence[Any]) -> ServiceValues:
    """A row of the cursor, on which Django leaves JSON as text."""
    if row[_HOURS] == "{}" and row[_ATTRIBUTES] == "{}":
        row = (*row[:_HOURS], {}, *row[_HOURS + 1 : _ATTRIBUTES], {}, *row[_ATTRIBUTES + 1 :])
    else:
        values = list(row)
        values[_HOURS], values[_ATTRIBUTES] = json.loads(row[_HOURS]), json.loads(row[_ATTRIBUTES])
        row = values
    return ServiceValues(*row)


def _update(rows: list[tuple[object, ...]]) -> None:
    if not rows:
        return
    # Not what the town has confirmed: that is no value of a service.
    columns = FACILITY_COLUMNS[:-1]
    names = ", ".join(columns)
    sets = ", ".join(f"{name} = i.{name}" for name in columns[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE import_places AS SELECT {names}"  # noqa: S608 - constants
            " FROM facilities_facility LIMIT 0"
        )
    copy_rows("import_places", columns, (row[:-1] for row in rows))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE facilities_facility f SET {sets} FROM import_places i WHERE f.id = i.id"  # noqa: S608
        )
        cursor.execute("DROP TABLE import_places")


def advance_freshness() -> None:
    """Give places the day of their datasets where a new snapshot changed nothing else."""
    newest = """
        SELECT s.facility_id, max(d.as_of) AS as_of
          FROM facilities_service s
          JOIN facilities_dataset d ON d.source = s.source AND d.code = s.dataset
               AND d.prefecture_code = s.prefecture_code
         GROUP BY s.facility_id
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE facilities_facility f SET fresh_on = greatest(n.as_of, f.confirmed_on)"  # noqa: S608
            f" FROM ({newest}) n WHERE n.facility_id = f.id"
            " AND f.fresh_on <> greatest(n.as_of, f.confirmed_on)"
        )
        cursor.execute(
            "UPDATE facilities_searchentry e SET fresh_on = f.fresh_on"
            " FROM facilities_facility f WHERE f.id = e.facility_id AND e.fresh_on <> f.fresh_on"
        )
