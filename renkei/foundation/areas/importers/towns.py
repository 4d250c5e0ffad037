"""The table of towns with coordinates, replaced as a whole.

Source: Geolonia 住所データ (町丁目・字): 都道府県名, 市区町村名, 大字町丁目名, 小字・通称名, 緯度,
経度.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from renkei.foundation.areas.importers.files import (
    Content,
    FileReport,
    ImportOptions,
    RefusedFile,
)
from renkei.foundation.areas.models import Town
from renkei.foundation.common.prefectures import PREFECTURE_CODES
from renkei.foundation.common.spreadsheets.columns import match_columns

LABEL = "町丁目・字の位置"
ORDER = 90
_ALIASES = {
    "prefecture": ["都道府県名"],
    "municipality": ["市区町村名"],
    "name": ["大字町丁目名", "大字・丁目名"],
    "hamlet": ["小字・通称名"],
    "latitude": ["緯度"],
    "longitude": ["経度"],
}
# Japan with its outer islands. Source: domain/interop.md §7 3.
_SOUTH, _NORTH, _WEST, _EAST = 20, 46, 122, 154

Row = tuple[str, str, str, str, float, float]


def recognises(content: Content) -> bool:
    head = content.head(1)
    return bool(head) and len(match_columns(head[0], _ALIASES).positions) == len(_ALIASES)


def parse_row(row: dict[str, str]) -> Row | None:
    """A typed row; None without a town name or without a point in Japan."""
    try:
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
    except ValueError:
        return None
    if not (_SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST) or not row["name"]:
        return None
    if row["prefecture"] not in PREFECTURE_CODES:
        return None
    return (
        row["prefecture"],
        row["municipality"],
        row["name"],
        row["hamlet"],
        latitude,
        longitude,
    )


def run(content: Content, _options: ImportOptions, report: FileReport) -> None:
    """Replace the rows of every prefecture the file has."""
    rows, skipped = [], 0
    for table in content.tables:
        columns = None
        for _, cells in table.rows():
            if columns is None:
                columns = match_columns(cells, _ALIASES)
                continue
            row = parse_row(columns.pick(cells))
            if row:
                rows.append(row)
            else:
                skipped += 1
        report.problems += [str(problem) for problem in table.problems]
    if not rows:
        raise RefusedFile(f"{content.name}：位置のある町丁目が1つもありません。")
    if skipped:
        report.notes.append(f"位置のない町丁目 {skipped:,}件は除きました。")
    prefectures = {row[0] for row in rows}
    kept = set(Town.objects.filter(prefecture__in=prefectures).values_list(*_ALIASES).iterator())
    if kept == set(rows):
        report.counts.unchanged += len(rows)
        return
    report.counts.added += len(set(rows) - kept)
    report.counts.unchanged += len(set(rows) & kept)
    Town.objects.filter(prefecture__in=prefectures).delete()
    _copy(rows)


def _copy(rows: Iterable[Row]) -> None:
    statement = f"COPY areas_town ({', '.join(_ALIASES)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
