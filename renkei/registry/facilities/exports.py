"""Results as files: Excel, CSV, GeoJSON, JSON. Rows come through the gate like pages do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from renkei.foundation.common.spreadsheets.cp932 import LossReport
from renkei.foundation.common.spreadsheets.write import (
    CellValue,
    Column,
    Kind,
    Writable,
    write_csv,
    write_xlsx,
)
from renkei.registry.facilities.catalogue import CAPABILITIES
from renkei.registry.facilities.models import ListingStatus
from renkei.registry.facilities.opening import summary
from renkei.registry.facilities.presenters import attributions, kind_text, source_text
from renkei.registry.facilities.visibility import VisiblePlace

TITLE = "資源の一覧"
COLUMNS: tuple[Column, ...] = (
    Column("番号", Kind.NUMBER),
    Column("名称"),
    Column("名称（カナ）"),
    Column("種類"),
    Column("郵便番号", Kind.CODE),
    Column("住所"),
    Column("市区町村コード", Kind.CODE),
    Column("市区町村"),
    Column("緯度", Kind.NUMBER),
    Column("経度", Kind.NUMBER),
    Column("電話番号", Kind.PHONE),
    Column("FAX番号", Kind.PHONE),
    Column("法人の名称"),
    Column("事業所番号", Kind.CODE),
    Column("医療機関コード", Kind.CODE),
    Column("開いている時間"),
    Column("機能"),
    Column("診療科目"),
    Column("訪問の範囲"),
    Column("URL"),
    Column("掲載の状態"),
    Column("確認日", Kind.DATE),
    Column("情報の日付", Kind.DATE),
    Column("出典"),
)


def row_of(place: VisiblePlace) -> list[CellValue]:
    """One place as a row of ``COLUMNS``; several values of its services stand together."""
    hours = next((service.hours for service in place.services if service.hours), {})
    return [
        place.pk,
        place.name,
        place.kana,
        kind_text(place),
        place.postcode,
        place.full_address,
        place.municipality_code,
        place.municipality_name,
        place.latitude,
        place.longitude,
        place.phone,
        _all(place, "fax"),
        place.corporate_name,
        _all(place, "office_number"),
        _all(place, "institution_code"),
        "、".join(summary(hours, place.first("days"))),
        "、".join(CAPABILITIES.get(key, key) for key in place.capabilities),
        "、".join(dict.fromkeys(w for one in place.services for w in one.words("departments"))),
        _all(place, "visiting_area"),
        _all(place, "url"),
        str(ListingStatus(place.status).label) if place.status else "",
        place.confirmed_on,
        place.fresh_on,
        "、".join(dict.fromkeys(source_text(service) for service in place.services)),
    ]


def _all(place: VisiblePlace, name: str) -> str:
    texts = (service.text(name) for service in place.services)
    return "、".join(dict.fromkeys(text for text in texts if text))


def to_xlsx(stream: IO[bytes], places: Iterable[VisiblePlace], conditions: str) -> None:
    """A workbook to print and filter, with its sources on a sheet of their own."""
    loaded = list(places)
    notes = [("条件", conditions or "すべて"), ("件数", f"{len(loaded):,}件")]
    notes += [("出典", line) for line in attributions(loaded)]
    write_xlsx(
        stream, title=TITLE, columns=COLUMNS, rows=(row_of(one) for one in loaded), notes=notes
    )


def to_csv(stream: Writable, places: Iterable[VisiblePlace], *, encoding: str) -> LossReport:
    """CSV as UTF-8 with BOM or CP932; the report lists what CP932 cannot hold."""
    rows = (row_of(place) for place in places)
    return write_csv(stream, columns=COLUMNS, rows=rows, encoding=encoding)


def to_json(places: Iterable[VisiblePlace]) -> Iterator[str]:
    """A list of objects under the names of the columns, piece by piece."""
    yield "[\n"
    for number, place in enumerate(places):
        yield (",\n" if number else "") + _dumps(_record(place))
    yield "\n]\n"


def to_geojson(places: Iterable[VisiblePlace]) -> Iterator[str]:
    """GeoJSON (RFC 7946); places without a position are kept, with a geometry of null."""
    yield '{"type": "FeatureCollection", "features": [\n'
    for number, place in enumerate(places):
        record = _record(place)
        longitude, latitude = record.pop("経度"), record.pop("緯度")
        point = {"type": "Point", "coordinates": [longitude, latitude]}
        feature = {
            "type": "Feature",
            "id": place.pk,
            "geometry": None if longitude is None or latitude is None else point,
            "properties": record,
        }
        yield (",\n" if number else "") + _dumps(feature)
    yield "\n]}\n"


def _record(place: VisiblePlace) -> dict[str, CellValue]:
    names = (column.name for column in COLUMNS)
    return dict(zip(names, row_of(place), strict=True))


def _dumps(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
