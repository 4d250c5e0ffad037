"""Projected population to 2050: totals, and shares of 65 and over and 75 and over.

Source: 国立社会保障・人口問題研究所「日本の地域別将来推計人口」(令和5年推計) 結果表1, 3-3, 3-4.
Codes are numbers without leading zeros; 福島県「浜通り地域」 (kind 9) is 13 municipalities in one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from renkei.foundation.areas.bulk import upsert
from renkei.foundation.areas.importers.files import (
    Content,
    FileReport,
    ImportOptions,
    RefusedFile,
)
from renkei.foundation.areas.importers.register_population import LEVELS
from renkei.foundation.areas.models import Area, Projection
from renkei.foundation.common.codes import check_municipality_code

LABEL = "将来推計人口"
ORDER = 70
SOURCE = "国立社会保障・人口問題研究所「日本の地域別将来推計人口（令和5（2023）年推計）」"


@dataclass(frozen=True)
class Table:
    """One of the result tables: how its title begins, the column it fills."""

    title: str
    label: str
    column: str


TABLES = (
    Table("結果表1 総人口および指数", "総人口", "total"),
    Table("結果表3-3 年齢別人口割合 65歳以上人口", "65歳以上の割合", "share_65"),
    Table("結果表3-4 年齢別人口割合 75歳以上人口", "75歳以上の割合", "share_75"),
)
_YEAR = re.compile("([0-9]{4})年")
_TOGETHER = "9"
_SHARE_DIGITS = 4


def recognises(content: Content) -> bool:
    head = content.head(1)
    return bool(head) and _table_of(head[0][0]) is not None


def _table_of(title: str) -> Table | None:
    plain = unicodedata.normalize("NFKC", title)
    return next((table for table in TABLES if plain.startswith(table.title)), None)


def run(content: Content, _options: ImportOptions, report: FileReport) -> None:
    """Fill one column of the projections; the other tables fill theirs."""
    sheet = content.sheet(report)
    table = _table_of(sheet[0][1][0])
    years = _years([cells for _, cells in sheet[:10]])
    if table is None or not years:
        raise RefusedFile(f"{content.name}：年の見出し（2020年 など）がありません。")
    report.notes.append(f"{table.label}、{min(years.values())}年から{max(years.values())}年まで。")
    codes = {}
    # The latest area of a code: the projection follows the municipalities of December 2023.
    for area in Area.objects.filter(level__in=LEVELS).order_by("period"):
        codes[area.code] = area.pk
    rows = []
    for number, cells in sheet:
        if not re.fullmatch("[0-9]{4,5}", cells[0]):
            continue
        if cells[1] == _TOGETHER:
            report.problem(
                f"「{cells[3]}」は複数の市町村をまとめた値なので、除きました。", row=number
            )
            continue
        area_id = codes.get(check_municipality_code(cells[0].zfill(5), allow_fictional=True).value)
        if area_id is None:
            report.problem(
                f"「{cells[2]}{cells[3]}」は登録されていません。除きました。", row=number
            )
            continue
        for index, year in years.items():
            value = _value(cells[index], table)
            if value is not None:
                rows.append((area_id, year, value))
    if not rows:
        raise RefusedFile(f"{content.name}：先に市区町村の一覧を取り込んでください。")
    columns = ("area_id", "year", table.column)
    report.counts += upsert(Projection, key=columns[:2], columns=columns, rows=rows)


def _years(head: list[list[str]]) -> dict[int, int]:
    """Column → year; the index columns to the right repeat the years and are left out."""
    for cells in head:
        found: dict[int, int] = {}
        for index, cell in enumerate(cells):
            match = _YEAR.fullmatch(unicodedata.normalize("NFKC", cell).strip())
            if match and int(match[1]) not in found.values():
                found[index] = int(match[1])
        if found:
            return found
    return {}


def _value(cell: str, table: Table) -> float | None:
    try:
        value = float(cell.replace(",", ""))
    except ValueError:
        return None
    return round(value) if table.column == "total" else round(value, _SHARE_DIGITS)
