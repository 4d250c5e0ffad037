"""From what somebody types to a point, by the town table of ``areas``: nothing leaves the host."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from django.db.models import Max

from renkei.foundation.areas.models import Area, Town
from renkei.foundation.areas.queries import municipality_index
from renkei.foundation.areas.resolver import (
    Municipality,
    MunicipalityIndex,
    Resolved,
    TownIndex,
    TownRow,
)
from renkei.foundation.common.prefectures import prefecture_name
from renkei.registry.facilities.search.terms import Near

_COLUMNS = ("prefecture", "municipality", "name", "hamlet", "latitude", "longitude")


def point_of_address(text: str, day: date, *, municipality: str = "") -> Near | None:
    """The point of the town an address names; of the town hall where only that is known.

    ``municipality`` (a name) helps where the address begins with the town. None: not found.
    """
    newest = Area.objects.aggregate(newest=Max("pk"))["newest"] or 0
    index = _index_of(day, newest)
    resolved = index.resolve(text, municipality=municipality) or (
        index.resolve(f"{municipality}{text}") if municipality else None
    )
    if resolved is None:
        return None
    towns = TownIndex(index, lambda _: _towns_of(index, resolved.municipality))
    place = towns.locate_rest(resolved)
    if place:
        return Near(place.latitude, place.longitude, place.town)
    return _town_hall(resolved)


# The index of 1,900 municipalities is the same all day, until areas are imported.
@lru_cache(maxsize=2)
def _index_of(day: date, newest: int) -> MunicipalityIndex:  # noqa: ARG001 - a part of the key
    return municipality_index(day)


def _towns_of(index: MunicipalityIndex, municipality: Municipality) -> Iterator[TownRow]:
    city = index.city_of(municipality)
    names = [municipality.name] + ([city.name] if city else [])
    rows = Town.objects.filter(
        prefecture=prefecture_name(municipality.prefecture_code), municipality__in=names
    ).order_by("pk")
    for row in rows.values_list(*_COLUMNS):
        yield TownRow(*row)


def _town_hall(resolved: Resolved) -> Near | None:
    area = Area.objects.filter(pk=resolved.municipality.id, latitude__isnull=False).first()
    if area is None or area.latitude is None or area.longitude is None:
        return None
    return Near(area.latitude, area.longitude, f"{area.name}の役所")
