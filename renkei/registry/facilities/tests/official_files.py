"""Invented files of 架空県 in the layouts of the ministries, and the region they lie in."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from renkei.foundation.areas.models import Area, Boundary, Town
from renkei.foundation.areas.tests.factories import make_area
from renkei.foundation.audit.actors import Actor, ActorKind
from renkei.registry.facilities.importers import care_disclosure, medical_facility, medical_hours
from renkei.registry.facilities.models import ImportRun
from renkei.registry.facilities.services.imports import apply_import, create_run, read_import

KAWASE = Actor(ActorKind.USER, 7)
CARE_HEADER = [names[0] for names in care_disclosure.ALIASES.values()]
MEDICAL_HEADER = [names[0] for names in medical_facility.ALIASES.values()]
HOURS_HEADER = [names[0] for names in medical_hours.ALIASES.values()]
BUREAU_HEADER = (
    "項番",
    "都道府県コード",
    "都道府県名",
    "区分",
    "医療機関番号",
    "医療機関名称",
    "医療機関所在地（郵便番号）",
    "医療機関所在地（住所）",
    "電話番号",
    "FAX番号",
    "病床数",
    "受理届出名称",
    "受理記号",
    "受理番号",
    "算定開始年月日",
    "市町村コード",
)


def make_region() -> tuple[Area, Area]:
    """架空市 (with 北浜 and a boundary) and 架空町."""
    city = make_area(name="架空市", code="992011", key="市区町村/992011")
    town = make_area(name="架空町", code="993018", key="市区町村/993018")
    for name, north, east in (("北浜", 35.712, 141.22), ("松が丘", 35.74, 141.25)):
        Town.objects.create(
            prefecture="架空県", municipality="架空市", name=name, latitude=north, longitude=east
        )
    west, south, east, north = 141.1, 35.6, 141.4, 35.9
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    Boundary.objects.create(
        area=city,
        geometry={"type": "Polygon", "coordinates": [ring]},
        west=west,
        south=south,
        east=east,
        north=north,
        source="架空",
    )
    return city, town


def care_row(number: str = "9960190013", **values: str) -> dict[str, str]:
    """One row of the care file, everything in order; ``values`` by official heading or field."""
    fields = {names[0]: key for key, names in care_disclosure.ALIASES.items()}
    row = {
        "code": "992011",
        "no": number,
        "prefecture": "架空県",
        "municipality": "架空市",
        "name": f"訪問看護ステーション 架空{number[-3:]}",
        "kana": "ホウモンカンゴステーションカクウ",
        "kind": "訪問看護",
        "address": f"架空県架空市北浜{int(number[-4:]) % 97 + 1}-2",
        "latitude": "35.713",
        "longitude": "141.221",
        "phone": "0999-00-1200",
        "fax": "0999-00-1201",
        "corporate_number": "7000012050002",
        "corporate_name": "医療法人架空会",
        "office_number": number,
        "days": "平日,土曜日",
        "capacity": "",
    }
    return {heading: ({**row, **values}).get(key, "") for heading, key in fields.items()}


def medical_row(institution_id: str = "9910000000001", **values: str) -> dict[str, str]:
    """One row of the file of clinics."""
    row = {
        "id": institution_id,
        "name": f"架空{institution_id[-2:]}クリニック",
        "kana": "カクウクリニック",
        "kind": "2",
        "code": "99",
        "address": f"架空県架空市松が丘{institution_id[-3:]}-1",
        "latitude": "0.0",
        "longitude": "0.0",
    }
    headings = {key: names[0] for key, names in medical_facility.ALIASES.items()}
    return {heading: ({**row, **values}).get(key, "") for key, heading in headings.items()}


def hours_row(institution_id: str, department: str, **values: str) -> dict[str, str]:
    """One row of the file of hours."""
    row = {"id": institution_id, "department": department, **values}
    headings = {key: names[0] for key, names in medical_hours.ALIASES.items()}
    return {heading: row.get(key, "") for key, heading in headings.items()}


def write_csv(
    path: Path,
    rows: Sequence[Mapping[str, str]],
    *,
    header: Sequence[str] | None = None,
    encoding: str = "utf-8-sig",
) -> str:
    """Write rows as the ministry does: CRLF, a byte order mark; returns the path."""
    text = io.StringIO(newline="")
    names = list(header or rows[0])
    writer = csv.DictWriter(text, names, extrasaction="ignore", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return str(path)


BUREAU_TITLE = "[令和７年９月１日 現在 ]令和７年１０月１日作成"


def write_bureau(path: Path, rows: Iterable[Sequence[str]], *, title: str = BUREAU_TITLE) -> str:
    """Write an institution list: a title, an empty row, a row of nothing, the header in row 4."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, title)
        for column, heading in enumerate(BUREAU_HEADER):
            sheet.write_string(3, column, heading)
        for number, cells in enumerate(rows, start=4):
            for column, cell in enumerate(cells):
                sheet.write_string(number, column, cell)
    return str(path)


def zipped(path: Path) -> str:
    """The file as the ministry publishes it: alone in a zip."""
    target = path.with_suffix(path.suffix + ".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    return str(target)


def preview(*paths: str, actor: Actor = KAWASE, **options: Any) -> ImportRun:
    """Read files and leave the preview open."""
    run = create_run(actor=actor, paths=list(paths), **options)
    return read_import(run.uid)


def bring_in(*paths: str, **options: Any) -> ImportRun:
    """Read and apply."""
    run = preview(*paths, **options)
    assert run.state == "preview", run.error
    return apply_import(actor=KAWASE, run=run)
