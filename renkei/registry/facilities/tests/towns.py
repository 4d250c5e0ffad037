"""架空市 with places in the register: what printing and publishing are tried on."""

from __future__ import annotations

from datetime import date
from typing import Any

from renkei.foundation.areas.models import Area, AreaLevel, AreaNeighbour, Boundary, Town
from renkei.foundation.areas.tests.factories import make_area, make_edge, make_hierarchy
from renkei.registry.facilities.models import CoordinatesFrom, Service
from renkei.registry.facilities.tests.booklets import square
from renkei.registry.facilities.tests.factories import (
    FacilityFactory,
    ImportFileFactory,
    ServiceFactory,
)

# One per field that is not for residents; none of them may stand on any public page.
PARTNER_CANARY = "カナリア関係者"
GOVERNMENT_CANARY = "カナリア行政"
KINDS = (("130", "care"), ("430", "care"), ("clinic", "medical"), ("pharmacy", "medical"))


def make_border(area: Area, west: float, south: float, side: float = 0.1) -> Boundary:
    ring = [list(point) for point in square(west, south, side)]
    return Boundary.objects.create(
        area=area,
        as_of=date(2026, 1, 1),
        geometry={"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
        west=west, south=south, east=west + side, north=south + side,
        source="架空の図",
    )  # fmt: skip


def make_city(name: str = "架空市", code: str = "992011") -> Area:
    """A municipality with its border, a neighbour and two towns."""
    city = make_area(name=name, code=code, key=code)
    other = make_area(name="となり町", code="993018", key="993018")
    make_border(city, 141.0, 35.5)
    make_border(other, 141.1, 35.5)
    AreaNeighbour.objects.create(area=city, neighbour=other)
    for town, latitude in (("北浜一丁目", 35.58), ("北浜二丁目", 35.56), ("大字本町", 35.52)):
        Town.objects.create(
            prefecture="架空県", municipality=name, name=town, latitude=latitude, longitude=141.05
        )
    return city


def make_district(city: Area, name: str, west: float, south: float, side: float) -> Area:
    """A 日常生活圏域 of the city."""
    area = make_area(level=AreaLevel.DAILY_LIVING, name=name, key=f"日常生活圏域/99/{name}")
    make_border(area, west, south, side)
    make_edge(hierarchy=make_hierarchy("daily_living", "日常生活圏域"), child=area, parent=city)
    return area


def make_places(city: Area, count: int, **values: Any) -> list[Service]:
    """Places all over the city, each with values for every audience."""
    files = {
        source: ImportFileFactory.create(source=source, dataset="130" if source == "care" else "02")
        for source in ("care", "medical")
    }
    return [_make_place(city, number, files, values) for number in range(1, count + 1)]


def _make_place(city: Area, number: int, files: dict[str, Any], values: dict[str, Any]) -> Service:
    code, source = KINDS[number % len(KINDS)]
    plain = {
        "name": f"架空施設{number:04}号",
        "kana": "アカサタナハマヤラワ"[number % 10] + "シセツ",
        "address": f"架空県{city.name}北浜{number % 9 + 1}-{number}",
        "phone": f"0999-01-{number:04}",
        "longitude": 141.0 + (number * 37 % 97) / 1000,
        "latitude": 35.5 + (number * 53 % 97) / 1000,
        "coordinates_from": CoordinatesFrom.OFFICIAL,
    }
    place = FacilityFactory.create(municipality=city, service_codes=[code], **{**plain, **values})
    return ServiceFactory.create(
        facility=place,
        source=source,
        service_code=code,
        dataset=files[source].dataset,
        file=files[source],
        municipality_code=city.code,
        kana=place.kana,
        latitude=place.latitude,
        longitude=place.longitude,
        coordinates_from=place.coordinates_from,
        days="平日",
        email=f"{PARTNER_CANARY}{number}@example.test",
        attributes={"担当者の携帯": f"{GOVERNMENT_CANARY}{number}"},
    )
