"""What no public file says, as lists an office writes itself: who belongs to what, who does what.

Columns of the list of relations: 都道府県, 上位の種類, 上位の圏域, 種類 (empty: 市区町村), 圏域,
適用開始日 (empty: always). Columns of the list of offices: 都道府県, 種類, 圏域, 役割, 名称,
電話番号, 説明. Unions, 医師会, 保健所, 在宅医療圏 and designated cities come this way.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.areas.edges import ensure_area, ensure_hierarchy, place_under
from renkei.foundation.areas.importers.files import (
    Content,
    FileReport,
    ImportOptions,
    RefusedFile,
)
from renkei.foundation.areas.models import (
    Area,
    AreaEdge,
    AreaLevel,
    AreaOffice,
    HierarchyCode,
    OfficeKind,
)
from renkei.foundation.areas.queries import areas_on, descendants_on, municipality_index
from renkei.foundation.areas.resolver import MunicipalityIndex, prefecture_code_of
from renkei.foundation.common import eras
from renkei.foundation.common.spreadsheets.columns import match_columns

LABEL = "圏域の構成・受けもつところの表"
ORDER = 55
SOURCE = "自治体の登録"
_RELATION = {
    "prefecture": ["都道府県"],
    "parent_level": ["上位の種類"],
    "parent": ["上位の圏域"],
    "level": ["種類"],
    "area": ["圏域"],
    "valid_from": ["適用開始日"],
}
_OFFICE = {
    "prefecture": ["都道府県"],
    "level": ["種類"],
    "area": ["圏域"],
    "kind": ["役割"],
    "name": ["名称"],
    "phone": ["電話番号"],
    "note": ["説明"],
}
_LEVELS = {level.label: level for level in AreaLevel}
_KINDS = {kind.label: kind for kind in OfficeKind}
_MUNICIPAL = {AreaLevel.MUNICIPALITY, AreaLevel.WARD}
_HIERARCHY_OF_PARENT = {
    AreaLevel.TERTIARY_MEDICAL: HierarchyCode.MEDICAL,
    AreaLevel.SECONDARY_MEDICAL: HierarchyCode.MEDICAL,
    AreaLevel.HOME_CARE: HierarchyCode.MEDICAL,
    AreaLevel.HEALTH_CENTRE: HierarchyCode.HEALTH_CENTRE,
    AreaLevel.MEDICAL_ASSOCIATION: HierarchyCode.MEDICAL_ASSOCIATION,
    AreaLevel.WIDE_AREA_UNION: HierarchyCode.WIDE_AREA_UNION,
}


def recognises(content: Content) -> bool:
    head = content.head(1)
    return bool(head) and any(
        len(match_columns(head[0], aliases).positions) == len(aliases)
        for aliases in (_RELATION, _OFFICE)
    )


def run(content: Content, options: ImportOptions, report: FileReport) -> None:
    """Add relations or offices; a row that cannot be used is told, the others count."""
    sheet = content.sheet(report)
    header = sheet[0][1]
    relations = match_columns(header, _RELATION)
    is_relation = len(relations.positions) == len(_RELATION)
    columns = relations if is_relation else match_columns(header, _OFFICE)
    finder = _Finder(municipality_index(options.today), options)
    for number, cells in sheet[1:]:
        row = {name: cell.strip() for name, cell in columns.pick(cells).items()}
        try:
            # A row that fails half-way leaves no area behind.
            with transaction.atomic():
                change = finder.relate(row) if is_relation else finder.set_office(row)
        except ValidationError as error:
            report.problem(error.messages[0], row=number)
            continue
        report.counts.added += change
        report.counts.unchanged += not change
    if not report.counts.added and not report.counts.unchanged:
        raise RefusedFile(f"{content.name}：使える行がありません。{'　'.join(report.problems[:3])}")


class _Finder:
    """Finds or makes the areas a list names, and writes what it says about them."""

    def __init__(self, index: MunicipalityIndex, options: ImportOptions) -> None:
        self._index = index
        self._options = options
        self._municipalities = {
            area.pk: area for area in areas_on(options.today).filter(level__in=_MUNICIPAL)
        }

    def relate(self, row: Mapping[str, str]) -> bool:
        """Returns: whether the relation is new."""
        parent_level, level = self._level(row["parent_level"]), self._level(row["level"])
        parent = self._area(row["prefecture"], parent_level, row["parent"])
        child = self._area(row["prefecture"], level, row["area"])
        hierarchy = ensure_hierarchy(_hierarchy_of(parent_level, level))
        valid_from = _day(row["valid_from"]) or self._options.valid_from
        edges = AreaEdge.objects.filter(hierarchy=hierarchy, child=child, parent=parent)
        if edges.filter(period__contains=valid_from or self._options.today).exists():
            return False
        below = descendants_on(child, self._options.today, hierarchy=hierarchy.code)
        if below.filter(pk=parent.pk).exists():
            raise ValidationError(
                f"「{parent}」は「{child}」に含まれています。上位と下位を直してください。"
            )
        place_under(hierarchy, child=child, parent=parent, valid_from=valid_from, source=SOURCE)
        return True

    def set_office(self, row: Mapping[str, str]) -> bool:
        """Returns: whether the office is new."""
        kind = _KINDS.get(row["kind"])
        if kind is None or not row["name"]:
            raise ValidationError(
                f"役割は{'・'.join(_KINDS)}のどれか、名称は空でない値を入力してください。"
            )
        area = self._area(row["prefecture"], self._level(row["level"]), row["area"])
        _, added = AreaOffice.objects.update_or_create(
            area=area,
            kind=kind,
            name=row["name"],
            defaults={"phone": row["phone"], "note": row["note"], "source": SOURCE},
        )
        return added

    def _level(self, label: str) -> AreaLevel:
        level = _LEVELS.get(label or AreaLevel.MUNICIPALITY.label)
        if level is None:
            raise ValidationError(
                f"種類「{label}」は使えません。{'・'.join(_LEVELS)}のどれかを入力してください。"
            )
        return level

    def _area(self, prefecture: str, level: AreaLevel, name: str) -> Area:
        code = prefecture_code_of(prefecture)
        if level in _MUNICIPAL:
            found = self._index.resolve(name, prefecture=code) if code else None
            if found is None or found.rest:
                raise ValidationError(
                    f"「{prefecture}{name}」という市区町村はありません。名称を確かめてください。"
                )
            return self._municipalities[found.municipality.id]
        if not code or not name:
            raise ValidationError("都道府県と圏域の名称を入力してください。")
        if level == AreaLevel.PREFECTURE:
            return _prefecture(code, prefecture)
        return ensure_area(level, name, prefecture_code=code, source=SOURCE)[0]


def _prefecture(code: str, name: str) -> Area:
    area = Area.objects.filter(level=AreaLevel.PREFECTURE, prefecture_code=code).first()
    if area is None:
        raise ValidationError(
            f"「{name}」が登録されていません。先に市区町村の一覧を取り込んでください。"
        )
    return area


def _hierarchy_of(parent: AreaLevel, child: AreaLevel) -> HierarchyCode:
    """The hierarchy two kinds of areas meet in; above all else the parent says it."""
    if child == AreaLevel.DAILY_LIVING:
        return HierarchyCode.DAILY_LIVING
    if parent in _HIERARCHY_OF_PARENT:
        return _HIERARCHY_OF_PARENT[parent]
    if child in _HIERARCHY_OF_PARENT:  # a 二次医療圏 or 保健所 under its prefecture
        return _HIERARCHY_OF_PARENT[child]
    raise ValidationError(
        f"{parent.label}と{child.label}の関係は団体コードから決まるので、登録できません。"
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    return eras.parse_day(text)
