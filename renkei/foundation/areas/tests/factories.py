"""Invented areas (架空県, prefecture code 99) and the public files that would hold them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import xlsxwriter

from renkei.foundation.areas.importers.files import FileReport, ImportOptions
from renkei.foundation.areas.models import Area, AreaEdge, AreaLevel, Hierarchy, HierarchyCode
from renkei.foundation.areas.periods import ALWAYS, DateRange
from renkei.foundation.areas.services import import_area_files
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.common.codes import municipality_check_digit

Value = TypeVar("Value")
_numbers = itertools.count(1)


def between(start: date | None, end: date | None) -> DateRange:
    """Days from ``start`` up to and without ``end``."""
    return DateRange(start, end)


def code_of(body: str) -> str:
    """Six digits of five."""
    return body + municipality_check_digit(body)


def make_area(**fields: Any) -> Area:
    number = next(_numbers)
    values = {
        "level": AreaLevel.MUNICIPALITY,
        "key": f"市区町村/99/{number}",
        "name": f"架空{number}市",
        "prefecture_code": "99",
        "period": ALWAYS,
    }
    return Area.objects.create(**(values | fields))


def make_hierarchy(
    code: str = "medical", name: str = "医療", *, exclusive: bool = True
) -> Hierarchy:
    position = list(HierarchyCode).index(HierarchyCode(code))
    values = {"name": name, "exclusive": exclusive, "position": position}
    return Hierarchy.objects.get_or_create(code=code, defaults=values)[0]


def make_edge(**fields: Any) -> AreaEdge:
    hierarchy: Hierarchy = fields.pop("hierarchy", None) or make_hierarchy()
    child: Area = fields.pop("child", None) or make_area()
    parent: Area = fields.pop("parent", None) or make_area()
    values: dict[str, Any] = {"exclusive": hierarchy.exclusive, "period": ALWAYS} | fields
    return AreaEdge.objects.create(hierarchy=hierarchy, child=child, parent=parent, **values)


def known(value: Value | None) -> Value:
    """What must not be None here."""
    assert value is not None
    return value


# Files ------------------------------------------------------------------------------------

TOWN, CITY, BIG = code_of("99301"), code_of("99201"), code_of("99100")
EAST, WEST = code_of("99101"), code_of("99102")
MUNICIPALITIES = [
    ("架空県", "大架空市", "おおかくうし", "35.1", "139.1", BIG),
    ("架空県", "大架空市 東区", "おおかくうし ひがしく", "35.1", "139.2", EAST),
    ("架空県", "大架空市 西区", "おおかくうし にしく", "35.1", "139.0", WEST),
    ("架空県", "架空市", "かくうし", "35.3", "139.1", CITY),
    ("架空県", "海辺町", "うみべちょう", "0", "0", TOWN),
]


def municipalities_csv(folder: Path, rows: Sequence[tuple[str, ...]] | None = None) -> Path:
    lines = ["pref,city,citykana,lat,lng,lgcode"]
    lines += [",".join(row) for row in (MUNICIPALITIES if rows is None else rows)]
    path = folder / "municipalities.csv"
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8")
    return path


def change_entry(day: str, reason: str, old: tuple[str, str], new: tuple[str, str]) -> Any:
    names = ("code", "name")
    return {
        "date": day,
        "reason": reason,
        "old": dict(zip(names, old, strict=True)),
        "new": dict(zip(names, new, strict=True)),
    }


def json_file(folder: Path, name: str, data: Any) -> Path:
    path = folder / name
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def square(west: float, south: float, size: float = 0.1) -> list[list[list[float]]]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return [ring]


def geojson(folder: Path, squares: dict[str, tuple[float, float]]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"N03_007": code},
            "geometry": {"type": "Polygon", "coordinates": square(*corner)},
        }
        for code, corner in squares.items()
    ]
    return json_file(
        folder, "boundaries.geojson", {"type": "FeatureCollection", "features": features}
    )


# 西区 and 東区 side by side, 架空市 north of both, 海辺町 apart.
SQUARES = {
    WEST[:5]: (139.0, 35.0),
    EAST[:5]: (139.1, 35.0),
    CITY[:5]: (139.05, 35.1),
    TOWN[:5]: (139.5, 35.5),
}


def workbook(folder: Path, name: str, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    path = folder / name
    with xlsxwriter.Workbook(str(path)) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def take_in(*paths: Path, **options: Any) -> list[Any]:
    """Import files and return what was told: a report each, or the sentence of a refusal."""
    told: list[FileReport | str] = []
    import_area_files(paths, actor=SYSTEM, options=ImportOptions(**options), tell=told.append)
    return told


def taken_in(*paths: Path, **options: Any) -> FileReport:
    """The report of a single file that was taken in."""
    (report,) = take_in(*paths, **options)
    assert isinstance(report, FileReport), report
    return report


def counted(report: FileReport) -> tuple[int, int, int]:
    """Rows added, changed, unchanged."""
    return report.counts.added, report.counts.changed, report.counts.unchanged
