"""Fills the register with the real files, crudely: one place per row, nothing repaired.

For benches of search, map and pages while no import has run; `renkei import` is the real thing.
Usage: python bench/load_register.py FOLDER_OF_SHARED_DATA
"""

from __future__ import annotations

import csv
import io
import os
import random
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renkei.settings.test")
django.setup()

from django.db import connection, transaction  # noqa: E402 - after the set-up
from django.db.backends.utils import CursorWrapper  # noqa: E402

from renkei.foundation.common import clock  # noqa: E402
from renkei.foundation.common.kana import sort_key  # noqa: E402
from renkei.foundation.common.prefectures import PREFECTURE_CODES  # noqa: E402
from renkei.registry.facilities.catalogue import SERVICES  # noqa: E402
from renkei.registry.facilities.models import ImportFile, ImportRun, ImportState  # noqa: E402
from renkei.registry.facilities.queries_publication import field_audiences  # noqa: E402
from renkei.registry.facilities.search.documents import DocumentBuilder, PlaceFacets  # noqa: E402
from renkei.registry.facilities.search.store import Entry, replace_all  # noqa: E402

AS_OF = date(2025, 12, 31)
MEDICAL = {
    "01-1_hospital_facility_info": "hospital",
    "02-1_clinic_facility_info": "clinic",
    "03-1_dental_facility_info": "dental",
    "05_pharmacy": "pharmacy",
}


@dataclass(slots=True)
class Row:
    source: str
    key: str
    service_code: str
    prefecture: str
    city: str
    name: str
    kana: str
    address: str
    building: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    fax: str = ""
    corporate_name: str = ""
    office_number: str = ""
    institution_code: str = ""
    url: str = ""
    days: str = ""
    visiting_area: str = ""
    hours: dict[str, list[list[str]]] = field(default_factory=dict)
    departments: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)
    municipality: tuple[int, str, str, float, float] | None = None


def care_rows(folder: Path) -> Iterator[Row]:
    for path in sorted(folder.glob("jigyosho_*.csv")):
        code = path.stem.removeprefix("jigyosho_")
        with path.open(encoding="utf-8-sig", newline="") as lines:
            for number, cells in enumerate(csv.DictReader(lines)):
                yield Row(
                    source="care",
                    key=f"{number}-{cells['事業所番号']}",
                    service_code=code,
                    prefecture=cells["都道府県名"],
                    city=cells["市区町村名"],
                    name=cells["事業所名"],
                    kana=cells["事業所名カナ"],
                    address=cells["住所"],
                    building=cells["方書（ビル名等）"][:300],
                    latitude=float(cells["緯度"] or 0) or None,
                    longitude=float(cells["経度"] or 0) or None,
                    phone=cells["電話番号"][:60],
                    fax=cells["FAX番号"][:60],
                    corporate_name=cells["法人の名称"][:300],
                    office_number=cells["事業所番号"][:10],
                    url=cells["URL"][:600],
                    days=cells["利用可能曜日"][:200],
                )


def medical_rows(folder: Path) -> Iterator[Row]:
    for stem, code in MEDICAL.items():
        for path in sorted(folder.glob(f"{stem}*.zip")):
            archive = zipfile.ZipFile(path)
            lines = io.TextIOWrapper(archive.open(archive.namelist()[0]), "utf-8-sig", newline="")
            for number, cells in enumerate(csv.DictReader(lines)):
                yield Row(
                    source="medical",
                    key=f"{number}-{cells['ID']}",
                    service_code=code,
                    prefecture=cells["都道府県コード"],
                    city="",
                    name=cells.get("正式名称") or cells["名称"],
                    kana=cells.get("正式名称（フリガナ）") or cells.get("フリガナ") or "",
                    address=cells["所在地"],
                    latitude=float(cells["所在地座標（緯度）"] or 0) or None,
                    longitude=float(cells["所在地座標（経度）"] or 0) or None,
                    url=(cells.get("案内用ホームページアドレス") or "")[:600],
                )


def municipalities(shared: Path) -> dict[str, tuple[int, str, str, float, float]]:
    """Prefecture + name → (area id, code, name, latitude, longitude); the areas are made here."""
    found = {}
    with (shared / "areas/municipalities.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["lgcode"]]
    prefectures = sorted({row["lgcode"][:2] for row in rows})
    with connection.cursor() as cursor:
        for row in rows:
            cursor.execute(
                "INSERT INTO areas_area (level, code, key, name, kana, prefecture_code, latitude,"
                " longitude, website, period, source) VALUES ('municipality', %s, %s, %s, '', %s,"
                " %s, %s, '', '[1900-01-01,)', 'bench') RETURNING id",
                [row["lgcode"], f"bench/{row['lgcode']}", row["city"].replace(" ", ""),
                 row["lgcode"][:2], row["lat"], row["lng"]],
            )  # fmt: skip
            (area_id,) = cursor.fetchone()
            city = row["city"].replace(" ", "")
            found[row["lgcode"][:2] + city] = (
                area_id, row["lgcode"], city, float(row["lat"]), float(row["lng"]),
            )  # fmt: skip
    assert len(prefectures) == 47  # noqa: S101, PLR2004
    return found


def main(shared: Path) -> None:
    random.seed(2026)
    started = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE facilities_facility, facilities_importrun, areas_area"
            " RESTART IDENTITY CASCADE"
        )
        rows = locate([*care_rows(shared / "care"), *medical_rows(shared / "medical")], shared)
        run = ImportRun.objects.create(state=ImportState.DISCARDED, started_at=clock.now())
        file_id = ImportFile.objects.create(run=run, name="bench", as_of=AS_OF).pk
        copy_rows(cursor, rows, file_id)
        count = replace_all(entries(rows))
        for table in ("facilities_facility", "facilities_service"):
            cursor.execute(f"ANALYZE {table}")
    print(f"{count} places in {time.perf_counter() - started:.0f} s")


def locate(rows: list[Row], shared: Path) -> list[Row]:
    by_name = municipalities(shared)
    for row in rows:
        code = PREFECTURE_CODES.get(row.prefecture, row.prefecture)
        row.prefecture = code
        place = by_name.get(code + row.city)
        if place is None:
            rest = row.address
            for name, number in PREFECTURE_CODES.items():
                if number == code and rest.startswith(name):
                    rest = rest[len(name) :]
            keys = (code + rest[:end] for end in range(12, 1, -1))
            place = next((by_name[key] for key in keys if key in by_name), None)
        row.municipality = place
        if row.latitude is None and place:
            row.latitude = place[3] + random.gauss(0, 0.03)
            row.longitude = place[4] + random.gauss(0, 0.03)
    return rows


def entries(rows: list[Row]) -> Iterator[Entry]:
    builder = DocumentBuilder(field_audiences())
    for number, row in enumerate(rows, 1):
        place = row.municipality
        facets = PlaceFacets(
            place[1] if place else "", row.prefecture, municipality_name=place[2] if place else ""
        )
        yield Entry(
            number,
            sort_key(row.kana, row.name)[:200],
            AS_OF,
            row.latitude,
            row.longitude,
            facets.municipality_code,
            builder.build(facets, [row]),
        )


def copy_rows(cursor: CursorWrapper, rows: list[Row], file_id: int) -> None:
    with cursor.copy(
        "COPY facilities_facility (id, name, kana, sort_key, postcode, address, building,"
        " municipality_id, prefecture_code, latitude, longitude, coordinates_from, phone,"
        " corporate_name, service_codes, capabilities, status, fresh_on, confirmed_with) FROM STDIN"
    ) as copy:
        for number, row in enumerate(rows, 1):
            copy.write_row(
                (number, row.name[:300], row.kana[:400], sort_key(row.kana, row.name)[:200], "",
                 row.address[:400], row.building, row.municipality[0] if row.municipality else None,
                 row.prefecture, row.latitude, row.longitude, "official", row.phone,
                 row.corporate_name, [row.service_code], [], "listed", AS_OF, "")
            )  # fmt: skip
    with cursor.copy(
        "COPY facilities_service (facility_id, source, source_key, service_code, dataset,"
        " prefecture_code, municipality_code, name, kana, postcode, address, building, latitude,"
        " longitude, coordinates_from, phone, fax, email, url, corporate_number, corporate_name,"
        " office_number, institution_code, days, days_note, hours, departments, capabilities, beds,"
        " visiting_area, remarks, attributes, row_hash, status, file_id, row_number) FROM STDIN"
    ) as copy:
        for number, row in enumerate(rows, 1):
            copy.write_row(
                (number, row.source, row.key[:60], row.service_code, row.service_code,
                 row.prefecture, row.municipality[1] if row.municipality else "", row.name[:300],
                 row.kana[:400], "", row.address[:400], row.building, row.latitude, row.longitude,
                 "official", row.phone, row.fax, "", row.url, "", row.corporate_name,
                 row.office_number, "", row.days, "", "{}", [], [], "", "", "", "{}", b"", "listed",
                 file_id, number)
            )  # fmt: skip
    cursor.execute(
        "SELECT setval('facilities_facility_id_seq', %s), setval('facilities_service_id_seq', %s)",
        [len(rows), len(rows)],
    )


if __name__ == "__main__":
    assert set(MEDICAL.values()) <= set(SERVICES)  # noqa: S101
    main(Path(sys.argv[1]))
