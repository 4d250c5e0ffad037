"""The official values of records in the register: what the sources say, without our corrections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from renkei.registry.facilities.importers.listing import COLUMNS, ListingRow
from renkei.registry.facilities.models import Override, Service


def official_rows(source: str, dataset: str) -> Iterator[ListingRow]:
    """Every record of a dataset, as its source last listed it."""
    services = Service.objects.filter(source=source, dataset=dataset)
    corrected = Override.objects.filter(service__source=source, service__dataset=dataset)
    officials = _officials(corrected)
    for service in services.order_by("pk").iterator(chunk_size=2_000):
        yield official_row(service, officials.get(service.pk, {}))


def officials_of(service_ids: Iterable[int]) -> dict[int, dict[str, object]]:
    """The official values of corrected fields: {service: {field: value}}."""
    return _officials(Override.objects.filter(service__in=list(service_ids)))


def _officials(overrides: Iterable[Override]) -> dict[int, dict[str, object]]:
    found: dict[int, dict[str, object]] = {}
    for override in overrides:
        found.setdefault(override.service_id, {})[override.field] = override.official_value
    return found


def official_row(service: Service, official: dict[str, object]) -> ListingRow:
    """One record as a row; ``official`` replaces the corrected fields."""
    row = ListingRow(**{name: getattr(service, name) for name in COLUMNS})
    for name, value in official.items():
        if name in COLUMNS:
            setattr(row, name, value)
    row.row_hash, row.raw_hash = bytes(row.row_hash), bytes(row.raw_hash)
    return row
