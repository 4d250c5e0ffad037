"""What one place shows, worked out from the effective values of its services; pure.

Large imports do this in processes of their own (``place_batch``): it is most of their work.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from renkei.foundation.areas.resolver import Municipality, MunicipalityIndex
from renkei.foundation.common.audience import Audience
from renkei.foundation.common.kana import sort_key
from renkei.registry.facilities.catalogue import BUREAU, CARE, LOCAL, MEDICAL, ServiceInfo
from renkei.registry.facilities.models import ListingStatus
from renkei.registry.facilities.queries_publication import FieldAudiences
from renkei.registry.facilities.search.documents import DocumentBuilder, PlaceFacets
from renkei.registry.facilities.search.store import Entry

_SORT_KEY_LENGTH = 200
# The order in which sources give a place its name and address.
_RANK = {MEDICAL: 0, BUREAU: 1, CARE: 2, LOCAL: 3}
_POINT_RANK = {"local": 0, "official": 1, "town": 2, "none": 3}

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


class PlaceState(NamedTuple):
    """Everything a place depends on besides its services; can be handed to another process."""

    municipalities: MunicipalityIndex
    # (source, dataset, prefecture) → as-of day.
    as_of: Mapping[tuple[str, str, str], date]
    today: date
    audiences: Mapping[str, Audience]
    kinds: Mapping[str, ServiceInfo]


# A place's services and the audiences of its own, if any.
PlaceServices = tuple[list[ServiceValues], dict[str, Audience] | None]


class Placed(NamedTuple):
    """One place worked out: its row of ``Facility``, its entry, and whether it existed."""

    row: tuple[object, ...]
    entry: Entry
    is_known: bool


class Refresher:
    """Puts places together under one state of datasets, municipalities and audiences."""

    def __init__(self, state: PlaceState) -> None:
        self._state = state
        self._areas: dict[str, Municipality | None] = {}
        self._builder = DocumentBuilder(state.audiences, state.kinds)

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
        merged = FieldAudiences(self._state.audiences)
        merged.update(own)
        return DocumentBuilder(merged, self._state.kinds)

    def _municipality(self, code: str) -> Municipality | None:
        if code not in self._areas:
            self._areas[code] = self._state.municipalities.by_code(code)
        return self._areas[code]

    def _fresh_on(self, services: list[ServiceValues]) -> date:
        days = [
            self._state.as_of.get((s.source, s.dataset, s.prefecture_code), date.min)
            for s in services
        ]
        newest = max(*days, services[0].confirmed_on or date.min)
        return newest if newest > date.min else self._state.today


def _first(services: Iterable[ServiceValues], field: str) -> str:
    """The first value that is there, in the order of the sources."""
    of = attrgetter(field)
    return next((value for value in map(of, services) if value), "")


_REFRESHERS: list[Refresher] = []


def load_state(pickled: bytes) -> None:
    """Prepare this process for ``place_batch``."""
    _REFRESHERS[:] = [Refresher(pickle.loads(pickled))]  # noqa: S301 - from the parent process


def place_batch(batch: Sequence[PlaceServices]) -> list[Placed]:
    """Work out some places in a process prepared by ``load_state``."""
    return place_all(_REFRESHERS[0], batch)


def place_all(refresher: Refresher, batch: Sequence[PlaceServices]) -> list[Placed]:
    """Work out some places."""
    return [
        Placed(*refresher.place(services, own), services[0].is_known) for services, own in batch
    ]
