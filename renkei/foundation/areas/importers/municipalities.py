"""The list of municipalities: code, name, kana, position of the office, website.

Source: Code for Japan 系の自治体一覧（municipalities.csv）, columns pref, city, citykana, lat, lng,
url, lgcode; wards are written 「札幌市 中央区」.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renkei.foundation.areas.edges import rebuild_administrative_edges
from renkei.foundation.areas.importers.files import (
    Content,
    FileReport,
    ImportOptions,
    RefusedFile,
)
from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.areas.periods import ALWAYS
from renkei.foundation.common.codes import check_municipality_code, municipality_check_digit
from renkei.foundation.common.kana import to_katakana
from renkei.foundation.common.prefectures import PREFECTURE_CODES
from renkei.foundation.common.spreadsheets.columns import match_columns

LABEL = "市区町村の一覧"
ORDER = 10
SOURCE = "市区町村一覧（municipalities.csv）"
_ALIASES = {
    "prefecture": ["pref", "都道府県名", "都道府県"],
    "name": ["city", "市区町村名", "市区町村"],
    "kana": ["citykana", "市区町村名（カナ）", "市区町村名カナ"],
    "latitude": ["lat", "緯度"],
    "longitude": ["lng", "経度"],
    "website": ["url", "URL"],
    "code": ["lgcode", "全国地方公共団体コード", "団体コード"],
}
_REQUIRED = ("prefecture", "name", "code", "kana")
# Japan with its outer islands. Source: domain/interop.md §7 3.
_LATITUDES, _LONGITUDES = (20.0, 46.0), (122.0, 154.0)


@dataclass(frozen=True)
class MunicipalityRow:
    """One municipality or ward of the file."""

    code: str
    prefecture_code: str
    name: str
    kana: str
    latitude: float | None
    longitude: float | None
    website: str
    is_ward: bool


def recognises(content: Content) -> bool:
    head = content.head(1)
    if not head:
        return False
    positions = match_columns(head[0], _ALIASES).positions
    return all(field in positions for field in _REQUIRED)


def parse_row(cells: dict[str, str]) -> MunicipalityRow | str:
    """A typed row, or the sentence that says what is wrong with it."""
    result = check_municipality_code(cells["code"], allow_fictional=True)
    if not result.valid:
        return result.message
    prefecture_code = PREFECTURE_CODES.get(cells["prefecture"].strip(), "")
    if prefecture_code != result.value[:2]:
        return (
            f"都道府県名「{cells['prefecture']}」とコード「{result.value}」が合いません。"
            "直してください。"
        )
    parts = cells["name"].split()
    if not parts:
        return "市区町村名が空です。入力してください。"
    return MunicipalityRow(
        code=result.value,
        prefecture_code=prefecture_code,
        name="".join(parts),
        kana=to_katakana("".join(cells["kana"].split())),
        latitude=_degrees(cells.get("latitude", ""), _LATITUDES),
        longitude=_degrees(cells.get("longitude", ""), _LONGITUDES),
        website=cells.get("website", "").strip(),
        is_ward=len(parts) > 1 and parts[-1].endswith("区"),
    )


def _degrees(cell: str, bounds: tuple[float, float]) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if bounds[0] <= value <= bounds[1] else None


def run(content: Content, _options: ImportOptions, report: FileReport) -> None:
    """Add municipalities and correct what changed; none is ended by being absent."""
    sheet = content.sheet(report)
    columns = match_columns(sheet[0][1], _ALIASES)
    rows: dict[str, MunicipalityRow] = {}
    for number, cells in sheet[1:]:
        row = parse_row(columns.pick(cells))
        if isinstance(row, str):
            report.problem(row, row=number)
        elif row.code in rows:
            report.problem(f"コード「{row.code}」が2回あります。最初の行を使いました。", row=number)
        else:
            rows[row.code] = row
    if not rows:
        raise RefusedFile(
            f"{content.name}：読める市区町村がありません。ファイルを確かめてください。"
        )
    _store_prefectures({row.prefecture_code for row in rows.values()}, report)
    _store(list(rows.values()), report)
    rebuild_administrative_edges()


def _store_prefectures(codes: set[str], report: FileReport) -> None:
    names = {code: name for name, code in PREFECTURE_CODES.items()}
    known = set(Area.objects.filter(level=AreaLevel.PREFECTURE).values_list("code", flat=True))
    new = []
    if not Area.objects.filter(level=AreaLevel.NATION).exists():
        new.append(Area(level=AreaLevel.NATION, key="国", name="日本", period=ALWAYS))
    for prefecture_code in sorted(codes):
        code = f"{prefecture_code}000" + municipality_check_digit(f"{prefecture_code}000")
        if code not in known:
            new.append(
                Area(
                    level=AreaLevel.PREFECTURE,
                    code=code,
                    key=code,
                    name=names[prefecture_code],
                    prefecture_code=prefecture_code,
                    period=ALWAYS,
                )
            )
    Area.objects.bulk_create(new)
    report.counts.added += len(new)


_COLUMNS = ("name", "kana", "latitude", "longitude", "website", "source")


def _store(rows: Sequence[MunicipalityRow], report: FileReport) -> None:
    existing = {
        area.code: area
        for area in Area.objects.filter(code__in=[row.code for row in rows]).order_by("period")
    }
    new, changed = [], []
    for row in rows:
        area = existing.get(row.code)
        if area is None:
            new.append(_new_area(row))
            continue
        if area.name != row.name:
            report.problem(f"「{area.name}」の名称を「{row.name}」に改めました（{row.code}）。")
        before = [getattr(area, column) for column in _COLUMNS]
        _fill(area, row)
        if before != [getattr(area, column) for column in _COLUMNS]:
            changed.append(area)
    Area.objects.bulk_create(new, batch_size=1000)
    Area.objects.bulk_update(changed, _COLUMNS, batch_size=500)
    report.counts.added += len(new)
    report.counts.changed += len(changed)
    report.counts.unchanged += len(rows) - len(new) - len(changed)


def _new_area(row: MunicipalityRow) -> Area:
    area = Area(
        level=AreaLevel.WARD if row.is_ward else AreaLevel.MUNICIPALITY,
        code=row.code,
        key=row.code,
        prefecture_code=row.prefecture_code,
        period=ALWAYS,
    )
    _fill(area, row)
    return area


def _fill(area: Area, row: MunicipalityRow) -> None:
    area.name, area.kana, area.website = row.name, row.kana, row.website
    area.latitude, area.longitude, area.source = row.latitude, row.longitude, SOURCE
