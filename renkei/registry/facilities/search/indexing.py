"""Bringing the search index up to date with the register."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.catalogue import ServiceInfo
from renkei.registry.facilities.models import Facility
from renkei.registry.facilities.queries_local_lists import service_infos
from renkei.registry.facilities.queries_publication import (
    FieldAudiences,
    field_audiences,
    field_exceptions,
)
from renkei.registry.facilities.search.documents import DocumentBuilder, PlaceFacets
from renkei.registry.facilities.search.store import Entry, replace_all, write_entries

_BATCH = 1000
REBUILD_TASK = "facilities.rebuild_index"


def index_facilities(facility_ids: Collection[int]) -> int:
    """Write the entries of these places from what the register holds now; returns how many."""
    return write_entries(_entries(Facility.objects.filter(pk__in=facility_ids)))


def rebuild_index() -> int:
    """Write every entry anew: after a change of an audience, a service or a capability."""
    return replace_all(_entries(Facility.objects.all()))


def rebuild_index_soon() -> None:
    """Have the worker write every entry anew after this transaction; several wishes are one job."""
    try:
        with transaction.atomic():
            app.configure_task(REBUILD_TASK, queueing_lock=REBUILD_TASK).defer()
    except (AlreadyEnqueued, IntegrityError):
        pass  # it will see this change too


def _entries(facilities: QuerySet[Facility]) -> Iterator[Entry]:
    audiences = field_audiences()
    services = service_infos()
    builder = DocumentBuilder(audiences, services)
    loaded = facilities.order_by("pk").select_related("municipality").prefetch_related("services")
    stream = loaded.iterator(chunk_size=_BATCH)
    while batch := list(islice(stream, _BATCH)):
        exceptions = field_exceptions([facility.pk for facility in batch])
        for facility in batch:
            own = exceptions.get(facility.pk)
            yield entry_of(facility, _with_exceptions(audiences, own, services) if own else builder)


def entry_of(facility: Facility, builder: DocumentBuilder) -> Entry:
    """The entry of one place; its services and municipality should be prefetched."""
    municipality = facility.municipality
    facets = PlaceFacets(
        municipality_code=municipality.code if municipality else "",
        prefecture_code=facility.prefecture_code,
        status=facility.status,
        coordinates_from=facility.coordinates_from,
        municipality_name=municipality.name if municipality else "",
    )
    return Entry(
        facility_id=facility.pk,
        sort_key=facility.sort_key,
        fresh_on=facility.fresh_on,
        latitude=facility.latitude,
        longitude=facility.longitude,
        municipality_code=facets.municipality_code,
        documents=builder.build(facets, facility.services.all()),
    )


def _with_exceptions(
    audiences: Mapping[str, Audience],
    own: Mapping[str, Audience],
    services: Mapping[str, ServiceInfo],
) -> DocumentBuilder:
    merged = FieldAudiences(audiences)
    merged.update(own)
    return DocumentBuilder(merged, services)
