"""Registered residents by municipality: by age class and sex, or totals only.

Source: 総務省「住民基本台帳に基づく人口、人口動態及び世帯数」: 年齢階級別人口 (one row per
municipality and sex) and 人口・世帯数 (one row per municipality). Codes have six digits; rows of 郡
and of the nation have no municipality; where foreign residents are few, the classes leave them
out (注1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from renkei.foundation.areas.bulk import upsert
from renkei.foundation.areas.importers.files import (
    Content,
    FileReport,
    ImportOptions,
    RefusedFile,
    Sheet,
    number_in,
)
from renkei.foundation.areas.models import AreaLevel, Population, Sex
from renkei.foundation.areas.queries import areas_on

LABEL = "住民基本台帳人口"
ORDER = 60
LEVELS = (AreaLevel.PREFECTURE, AreaLevel.MUNICIPALITY, AreaLevel.WARD)
_NATION = "合計"
_TITLE = re.compile("(令和|平成)(元|[0-9]+)年([0-9]+)月([0-9]+)日住民基本台帳(年齢階級別人口|人口)")
_FIRST_YEARS = {"令和": 2019, "平成": 1989}
_SEXES = {"計": Sex.BOTH, "男": Sex.MALE, "女": Sex.FEMALE}
_CLASS = re.compile("([0-9]+)歳(?:~([0-9]+)歳|以上)")

# area, day, sex, from, to, count
Row = tuple[int, date, str, int | None, int | None, int]


def recognises(content: Content) -> bool:
    head = content.head(1)
    return bool(head) and _TITLE.match(_plain(head[0][0])) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("〜", "~")


def run(content: Content, _options: ImportOptions, report: FileReport) -> None:
    """Store the counts of every municipality the register knows on the day of the table."""
    sheet = content.sheet(report)
    title = _TITLE.match(_plain(sheet[0][1][0]))
    if title is None:
        raise RefusedFile(
            f"{content.name}：表の題を読めません。公表されたままのファイルを選んでください。"
        )
    era, year, month, day, kind = title.groups()
    as_of = date(_FIRST_YEARS[era] + int("1" if year == "元" else year) - 1, int(month), int(day))
    levels = (AreaLevel.NATION, *LEVELS)
    # The nation has no code.
    areas = {area.code: area.pk for area in areas_on(as_of).filter(level__in=levels)}
    by_age = kind != "人口"
    rows = (
        _rows_by_age(sheet, as_of, areas, report)
        if by_age
        else _totals(sheet, as_of, areas, report)
    )
    if not rows:
        raise RefusedFile(
            f"{content.name}：市区町村の人口が1つもありません。先に市区町村の一覧を取り込んでください。"
        )
    report.notes.append(f"{as_of.year}年{as_of.month}月{as_of.day}日現在の人口です。")
    columns = ("area_id", "as_of", "sex", "age_from", "age_to", "count")
    key = ("area_id", "as_of", "sex", "age_from")
    unique = {row[:4]: row for row in rows}
    report.counts += upsert(Population, key=key, columns=columns, rows=list(unique.values()))


def _rows_by_age(
    sheet: Sheet, as_of: date, areas: Mapping[str, int], report: FileReport
) -> list[Row]:
    headings = next(([_plain(c) for c in cells] for _, cells in sheet if "総数" in cells), [])
    classes = {
        index: (int(match[1]), int(match[2]) if match[2] else None)
        for index, heading in enumerate(headings)
        if (match := _CLASS.fullmatch(heading))
    }
    if not classes:
        raise RefusedFile(
            "年齢階級の見出し（0歳～4歳 など）がありません。ファイルを確かめてください。"
        )
    total = headings.index("総数")
    rows: list[Row] = []
    for number, cells in sheet:
        sex = _SEXES.get(cells[3])
        area_id = _area_of(cells, areas, report, number) if sex else None
        if sex is None or area_id is None:
            continue
        for index, ages in {total: (None, None), **classes}.items():
            count = number_in(cells[index])
            if count is not None:
                rows.append((area_id, as_of, sex.value, *ages, count))
    return rows


def _totals(sheet: Sheet, as_of: date, areas: Mapping[str, int], report: FileReport) -> list[Row]:
    # Three columns named 人口 lie over 男, 女, 計.
    headings = next((c for _, c in sheet if {"男", "女", "計"} <= set(c)), [])
    if not headings:
        raise RefusedFile("男・女・計の見出しがありません。ファイルを確かめてください。")
    positions = {sex: headings.index(heading) for heading, sex in _SEXES.items()}
    rows: list[Row] = []
    for number, cells in sheet:
        area_id = _area_of(cells, areas, report, number)
        if area_id is None:
            continue
        for sex, position in positions.items():
            count = number_in(cells[position])
            if count is not None:
                rows.append((area_id, as_of, sex.value, None, None, count))
    return rows


def _area_of(
    cells: list[str], areas: Mapping[str, int], report: FileReport, number: int
) -> int | None:
    if cells[1] == _NATION:
        return areas.get("")
    code = _plain(cells[0])
    if not code.isdecimal() or cells[2].endswith("郡"):
        return None
    area_id = areas.get(code.zfill(6))
    if area_id is None and cells[3] not in ("男", "女"):
        report.problem(
            f"「{cells[1]}{cells[2]}」（{code}）は登録されていません。除きました。", row=number
        )
    return area_id
