"""Writing the search index. The import and every correction call this; nothing else writes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import NamedTuple

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from renkei.registry.facilities.search.counts import refresh_counts, refresh_counts_soon
from renkei.registry.facilities.search.documents import Documents
from renkei.registry.facilities.search.order import name_order

COLUMNS = (
    "facility_id",
    "name_order",
    "fresh_on",
    "audience",
    "latitude",
    "longitude",
    "municipality_code",
    "facets",
    "document",
    "document_partner",
    "document_government",
)
_BATCH = 2000
# From here the counts are brought up to date at once instead of by the worker.
_MANY = 200


class Entry(NamedTuple):
    """One place as the index keeps it."""

    facility_id: int
    sort_key: str
    fresh_on: date
    latitude: float | None
    longitude: float | None
    municipality_code: str
    documents: Documents


@transaction.atomic
def write_entries(entries: Iterable[Entry]) -> int:
    """Add or replace the entries of these places; returns how many. For one up to thousands."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE search_incoming (LIKE facilities_searchentry)")
        count = _copy(cursor, "search_incoming", entries)
        cursor.execute(
            "DELETE FROM facilities_searchentry e USING search_incoming i"
            " WHERE i.facility_id = e.facility_id"
        )
        columns = ", ".join(COLUMNS)
        cursor.execute(
            f"INSERT INTO facilities_searchentry ({columns}) SELECT {columns} FROM search_incoming"  # noqa: S608 - constants
        )
        cursor.execute("DROP TABLE search_incoming")
    if count > _MANY:
        refresh_counts()
    else:
        refresh_counts_soon()
    return count


@transaction.atomic
def replace_all(entries: Iterable[Entry]) -> int:
    """Fill the whole index anew, its indexes built once at the end. Returns how many places.

    Readers wait until the transaction ends: for the first import and ``renkei rebuild-search``.
    """
    with connection.cursor() as cursor:
        # Functions of the owner: the application's role may not drop an index.
        cursor.execute("SELECT facilities_search_clear()")
        count = _copy(cursor, "facilities_searchentry", entries)
        cursor.execute("SELECT facilities_search_build()")
    refresh_counts()
    return count


def _copy(cursor: CursorWrapper, table: str, entries: Iterable[Entry]) -> int:
    count = 0
    stream = iter(entries)
    # In batches, because entries may be read from this very connection, which COPY occupies.
    while batch := [_row(entry) for entry in islice(stream, _BATCH)]:
        with cursor.copy(f"COPY {table} ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for row in batch:
                copy.write_row(row)
        count += len(batch)
    return count


def _row(entry: Entry) -> tuple[object, ...]:
    documents = entry.documents
    return (
        entry.facility_id,
        name_order(entry.sort_key),
        entry.fresh_on,
        documents.audience,
        entry.latitude if documents.is_position_public else None,
        entry.longitude if documents.is_position_public else None,
        int(entry.municipality_code) if entry.municipality_code else None,
        documents.facets,
        documents.public,
        documents.partner,
        documents.government,
    )
