"""What a place shows: the effective values of its services, put together in one row.

The only writer of the repeated columns of ``Facility``; it also hands the search index its entries.
"""

from __future__ import annotations

import json
import pickle
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, islice
from operator import attrgetter
from typing import IO, Any, NamedTuple

from django.db import connection

from renkei.foundation.areas.queries import municipality_index
from renkei.foundation.areas.resolver import Municipality
from renkei.foundation.common import clock
from renkei.foundation.common.audience import Audience
from renkei.foundation.common.kana import sort_key
from renkei.registry.facilities.catalogue import BUREAU, CARE, LOCAL, MEDICAL
from renkei.registry.facilities.models import Dataset, Facility, ListingStatus
from renkei.registry.facilities.queries_local_lists import service_infos
from renkei.registry.facilities.queries_publication import (
    FieldAudiences,
    field_audiences,
    field_exceptions,
)
from renkei.registry.facilities.search.documents import DocumentBuilder, PlaceFacets
from renkei.registry.facilities.search.indexing import index_facilities
from renkei.registry.facilities.search.store import Entry, replace_all, write_entries
from renkei.registry.facilities.services.copying import copy_rows

_BATCH = 2_000
_SORT_KEY_LENGTH = 200
# The order in which sources give a place its name and address.
_RANK = {MEDICAL: 0, BUREAU: 1, CARE: 2, LOCAL: 3}
_POINT_RANK = {"local": 0, "official": 1, "town": 2, "none": 3}
# From this share of all places on, the index is filled anew instead of row by row.
_REFILL_SHARE = 0.3
_REFILL_FROM = 5_000

SERVICE_COLUMNS = (
    "facility_id",
    "id",
    "source",
    "dataset",
    "service_code",
    "prefecture_code",
    "municipality_code",
    "name",
    "kana",
    "postcode",
    "address",
    "building",
    "latitude",
    "longitude",
    "coordinates_from",
    "phone",
    "fax",
    "corporate_name",
    "office_number",
    "institution_code",
    "visiting_area",
    "days",
    "hours",
    "departments",
    "capabilities",
    "attributes",
    "status",
)
FACILITY_COLUMNS = (
    "id",
    "name",
    "kana",
    "sort_key",
    "postcode",
    "address",
    "building",
    "municipality_id",
    "prefecture_code",
    "latitude",
    "longitude",
    "coordinates_from",
    "phone",
    "corporate_name",
    "service_codes",
    "capabilities",
    "status",
    "fresh_on",
    "confirmed_with",
)


class ServiceValues(NamedTuple):
    """One service as the refresh reads it; the names are those of ``models.Service``."""

    facility_id: int
    id: int
    source: str
    dataset: str
    service_code: str
    prefecture_code: str
    municipality_code: str
    name: str
    kana: str
    postcode: str
    address: str
    building: str
    latitude: float | None
    longitude: float | None
    coordinates_from: str
    phone: str
    fax: str
    corporate_name: str
    office_number: str
    institution_code: str
    visiting_area: str
    days: str
    hours: dict[str, list[list[str]]]
    departments: list[str]
    capabilities: list[str]
    attributes: dict[str, str]
    status: str
    # Of the place itself, beside every service: kept by a refresh.
    confirmed_on: date | None
    is_known: bool


Tell = Callable[[int, str], None]


class Refresher:
    """Puts places together under one state of datasets, municipalities and audiences."""

    def __init__(self) -> None:
        self._index = municipality_index(clock.today())
        self._areas: dict[str, Municipality | None] = {}
        rows = Dataset.objects.values_list("source", "code", "prefecture_code", "as_of")
        self._as_of = {(source, code, place): day for source, code, place, day in rows}
        self._today = clock.today()
        self._audiences = field_audiences()
        # With the kinds this region added itself.
        self._kinds = service_infos()
        self._builder = DocumentBuilder(self._audiences, self._kinds)

    def place(
        self, services: list[ServiceValues], own: dict[str, Audience] | None
    ) -> tuple[tuple[object, ...], Entry]:
        """The row of ``Facility`` and the entry of the search index for one place."""
        services.sort(key=lambda service: (_RANK.get(service.source, 9), service.id))
        main = services[0]
        point = min(services, key=lambda service: _POINT_RANK.get(service.coordinates_from, 9))
        municipality = self._municipality(_first(services, "municipality_code"))
        statuses = [service.status for service in services]
        status = ListingStatus.LISTED.value if ListingStatus.LISTED in statuses else statuses[0]
        kana = _first(services, "kana")
        key = sort_key(kana, main.name)[:_SORT_KEY_LENGTH]
        fresh_on = self._fresh_on(services)
        codes = list(dict.fromkeys(service.service_code for service in services))
        capabilities = list(dict.fromkeys(c for s in services for c in s.capabilities))
        prefecture = _first(services, "prefecture_code")
        row = (
            main.facility_id,
            main.name,
            kana,
            key,
            _first(services, "postcode"),
            _first(services, "address"),
            _first(services, "building"),
            municipality.id if municipality else None,
            prefecture,
            point.latitude,
            point.longitude,
            point.coordinates_from,
            _first(services, "phone"),
            _first(services, "corporate_name"),
            codes,
            capabilities,
            status,
            fresh_on,
            "",
        )
        facets = PlaceFacets(
            municipality_code=municipality.code if municipality else "",
            prefecture_code=prefecture,
            status=status,
            coordinates_from=point.coordinates_from,
            municipality_name=municipality.name if municipality else "",
        )
        builder = self._builder if own is None else self._builder_for(own)
        entry = Entry(
            main.facility_id,
            key,
            fresh_on,
            point.latitude,
            point.longitude,
            facets.municipality_code,
            builder.build(facets, services),
        )
        return row, entry

    def _builder_for(self, own: dict[str, Audience]) -> DocumentBuilder:
        merged = FieldAudiences(self._audiences)
        merged.update(own)
        return DocumentBuilder(merged, self._kinds)

    def _municipality(self, code: str) -> Municipality | None:
        if code not in self._areas:
            self._areas[code] = self._index.by_code(code)
        return self._areas[code]

    def _fresh_on(self, services: list[ServiceValues]) -> date:
        days = [
            self._as_of.get((s.source, s.dataset, s.prefecture_code), date.min) for s in services
        ]
        newest = max(*days, services[0].confirmed_on or date.min)
        return newest if newest > date.min else self._today


def _first(services: Iterable[ServiceValues], field: str) -> str:
    """The first value that is there, in the order of the sources."""
    of = attrgetter(field)
    return next((value for value in map(of, services) if value), "")


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
        for done, entry in enumerate(_refreshed(), start=1):
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
    refresher = Refresher()
    for services, own in _places("import_rest"):
        yield refresher.place(services, own)[1]


def _refreshed() -> Iterator[Entry]:
    """Write the rows of the affected places; yield their entries."""
    refresher = Refresher()
    stream = _places("import_affected")
    while batch := list(islice(stream, _BATCH)):
        new_rows: list[tuple[object, ...]] = []
        old_rows: list[tuple[object, ...]] = []
        entries: list[Entry] = []
        for services, own in batch:
            is_known = services[0].is_known
            row, entry = refresher.place(services, own)
            (old_rows if is_known else new_rows).append(row)
            entries.append(entry)
        copy_rows("facilities_facility", FACILITY_COLUMNS, new_rows)
        _update(old_rows)
        yield from entries


def _places(
    table: str,
) -> Iterator[tuple[list[ServiceValues], dict[str, Audience] | None]]:
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
