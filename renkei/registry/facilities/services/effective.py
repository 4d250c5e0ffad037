"""Corrections on top of official values: the one place that lays them over a record."""

from __future__ import annotations

from collections.abc import Iterable

from renkei.registry.facilities.fields import ATTRIBUTE_PREFIX, is_attribute
from renkei.registry.facilities.models import CoordinatesFrom, Override, Service

_POSITION = frozenset({"latitude", "longitude"})


def value_of(service: Service, field: str) -> object:
    """The effective value of a field; own columns of a list begin with ``attributes.``."""
    if is_attribute(field):
        return service.attributes.get(field.removeprefix(ATTRIBUTE_PREFIX))
    return getattr(service, field)


def set_value(service: Service, field: str, value: object) -> set[str]:
    """Set a field of a record without saving; returns the columns touched."""
    if is_attribute(field):
        key = field.removeprefix(ATTRIBUTE_PREFIX)
        if value in {None, ""}:
            service.attributes.pop(key, None)
        else:
            service.attributes[key] = value
        return {"attributes"}
    setattr(service, field, value)
    if field in _POSITION:
        service.coordinates_from = (
            CoordinatesFrom.LOCAL
            if service.latitude is not None and service.longitude is not None
            else CoordinatesFrom.NONE
        )
        return {field, "coordinates_from"}
    return {field}


def put_corrections_back(overrides: Iterable[Override], *, is_official_new: bool = True) -> None:
    """After official values were written: keep them in the override, show the town's instead."""
    for override in overrides:
        service = Service.objects.get(pk=override.service_id)
        if is_official_new:
            override.official_value = value_of(service, override.field)
            override.save(update_fields=["official_value"])
        service.save(update_fields=set_value(service, override.field, override.value))
