"""Insured and certified persons of 介護保険 by insurer.

Source: 厚生労働省「介護保険事業状況報告（年報）」第2表 (第1号被保険者数) and 第4-1-1表 (認定者数,
one sheet per insured class). Insurers have no number there, and 広域連合 no list of members; the
year is not in the file (「年度末現在」).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from renkei.foundation.areas.bulk import upsert
from renkei.foundation.areas.edges import ensure_area
from renkei.foundation.areas.importers.files import (
    Content,
    FileReport,
    ImportOptions,
    RefusedFile,
    Sheet,
    number_in,
)
from renkei.foundation.areas.models import (
    Area,
    AreaEdge,
    AreaLevel,
    CertifiedCount,
    HierarchyCode,
    InsuredCount,
    Insurer,
)
from renkei.foundation.areas.queries import municipality_index
from renkei.foundation.common.prefectures import PREFECTURE_CODES

LABEL = "介護保険の被保険者・認定者数"
ORDER = 80
SOURCE = "厚生労働省「介護保険事業状況報告（年報）」"
_UNION_WORDS = ("広域連合", "組合")
_AGES = ("65歳以上75歳未満", "75歳以上85歳未満", "85歳以上")
_LEVELS = ("要支援1", "要支援2", "要介護1", "要介護2", "要介護3", "要介護4", "要介護5", "合計")


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def recognises(content: Content) -> bool:
    head = content.head(1)
    title = _plain(head[0][0]) if head else ""
    return "保険者別" in title and ("第1号被保険者数" in title or "認定者数" in title)


def run(content: Content, options: ImportOptions, report: FileReport) -> None:
    """Store the counts; an insurer not seen before is added and matched to an area by name."""
    if options.as_of is None:
        report.notes.append(
            "「年度末現在」とあるだけで年度が書かれていません。"
            "--as-of で基準日（3月31日）を指定できます。"
        )
    first = content.sheet(report)
    if "認定者数" in _plain(first[0][1][0]):
        sheets = [first, *(content.sheet(report, i) for i in range(1, len(content.tables)))]
        _store_certified(sheets, options, report)
    else:
        _store_insured(first, options, report)


class Line(NamedTuple):
    """One insurer's row: prefecture, name, numbers in the order asked for."""

    prefecture_code: str
    insurer: str
    values: tuple[int, ...]


def _lines(sheet: Sheet, headings: Iterable[str], report: FileReport) -> list[Line]:
    wanted = list(headings)
    positions: dict[str, int] = {}
    for _, cells in sheet[:8]:
        for index, cell in enumerate(cells):
            positions.setdefault(_plain(cell), index)
    missing = [heading for heading in wanted if heading not in positions]
    if missing:
        raise RefusedFile(
            f"見出し「{missing[0]}」の列がありません。公表されたままのファイルか確かめてください。"
        )
    lines = []
    for number, cells in sheet:
        prefecture_code, name = PREFECTURE_CODES.get(_plain(cells[0]), ""), _plain(cells[1])
        if not prefecture_code or not name:
            continue
        values = [number_in(cells[positions[heading]]) for heading in wanted]
        if None in values:
            report.problem(f"「{name}」に数字でない値があります。除きました。", row=number)
            continue
        lines.append(Line(prefecture_code, name, tuple(v for v in values if v is not None)))
    return lines


def _store_insured(sheet: Sheet, options: ImportOptions, report: FileReport) -> None:
    lines = _lines(sheet, ("計", *_AGES), report)
    insurers = _insurers(lines, options, report)
    rows = [
        (insurers[line.prefecture_code, line.insurer], options.as_of, *line.values)
        for line in lines
    ]
    columns = (
        "insurer_id",
        "as_of",
        "total",
        "aged_65_to_74",
        "aged_75_to_84",
        "aged_85_over",
    )
    report.counts += upsert(InsuredCount, key=columns[:2], columns=columns, rows=rows)


def _store_certified(sheets: list[Sheet], options: ImportOptions, report: FileReport) -> None:
    columns = (
        "insurer_id",
        "as_of",
        "insured_class",
        "support_1",
        "support_2",
        "care_1",
        "care_2",
        "care_3",
        "care_4",
        "care_5",
        "total",
    )
    rows = []
    for sheet in sheets:
        lines = _lines(sheet, _LEVELS, report)
        insurers = _insurers(lines, options, report)
        insured_class = _insured_class(sheet)
        rows += [
            (
                insurers[line.prefecture_code, line.insurer],
                options.as_of,
                insured_class,
                *line.values,
            )
            for line in lines
        ]
    report.counts += upsert(CertifiedCount, key=columns[:3], columns=columns, rows=rows)


def _insured_class(sheet: Sheet) -> str:
    """What stands right of 「保険者」: 「総数」, 「(再掲)第1号被保険者」…"""
    for _, cells in sheet[:8]:
        plain = [_plain(cell) for cell in cells]
        if "保険者" in plain:
            return plain[plain.index("保険者") + 1]
    return ""


def _insurers(
    lines: Iterable[Line], options: ImportOptions, report: FileReport
) -> dict[tuple[str, str], int]:
    known = {(i.prefecture_code, i.name): i.pk for i in Insurer.objects.all()}
    wanted = dict.fromkeys((line.prefecture_code, line.insurer) for line in lines)
    missing = [key for key in wanted if key not in known]
    if not missing:
        return known
    index = municipality_index(options.today)
    for prefecture_code, name in missing:
        found = index.resolve(name, prefecture=prefecture_code)
        area_id = found.municipality.id if found and not found.rest else None
        if area_id is None and name.endswith(_UNION_WORDS):
            area_id = _union(prefecture_code, name).pk
        insurer = Insurer.objects.create(
            prefecture_code=prefecture_code, name=name, area_id=area_id
        )
        known[prefecture_code, name] = insurer.pk
        if area_id is None:
            report.problem(f"保険者「{name}」の市町村が見つかりません。名称を確かめてください。")
    _tell_unions_without_members(report)
    return known


def _union(prefecture_code: str, name: str) -> Area:
    return ensure_area(
        AreaLevel.WIDE_AREA_UNION, name, prefecture_code=prefecture_code, source=SOURCE
    )[0]


def _tell_unions_without_members(report: FileReport) -> None:
    with_members = AreaEdge.objects.filter(hierarchy__code=HierarchyCode.WIDE_AREA_UNION)
    without = (
        Area.objects.filter(level=AreaLevel.WIDE_AREA_UNION)
        .exclude(pk__in=with_members.values("parent_id"))
        .count()
    )
    if without:
        report.problem(
            f"広域連合・組合{without}団体は構成市町村が資料にありません。圏域の構成の表（上位の圏域、圏域）を作って取り込んでください。"
        )
