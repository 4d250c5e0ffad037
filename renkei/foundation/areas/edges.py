"""Writing relations between areas: parts of services and importers, inside their transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from renkei.foundation.areas.models import (
    Area,
    AreaEdge,
    AreaLevel,
    Hierarchy,
    HierarchyCode,
)
from renkei.foundation.areas.periods import ALWAYS, DateRange

DERIVED_FROM_CODES = "全国地方公共団体コードから"

# 広域連合 and 医師会 may overlap: a town can be in two unions and two associations.
_STANDARD = {
    HierarchyCode.ADMINISTRATIVE: True,
    HierarchyCode.MEDICAL: True,
    HierarchyCode.HEALTH_CENTRE: True,
    HierarchyCode.MEDICAL_ASSOCIATION: False,
    HierarchyCode.WIDE_AREA_UNION: False,
    HierarchyCode.DAILY_LIVING: True,
}


def ensure_hierarchy(code: HierarchyCode) -> Hierarchy:
    """The hierarchy of that code, made on its first use."""
    values = {
        "name": code.label,
        "exclusive": _STANDARD[code],
        "position": list(HierarchyCode).index(code),
    }
    return Hierarchy.objects.get_or_create(code=code, defaults=values)[0]


def ensure_area(
    level: AreaLevel, name: str, *, prefecture_code: str, source: str
) -> tuple[Area, bool]:
    """The area of that name without a code of its own, and whether it is new."""
    key = f"{level.label}/{prefecture_code}/{name}"
    values = {"level": level, "name": name, "prefecture_code": prefecture_code, "source": source}
    existing = Area.objects.filter(key=key, period__endswith=None).first()
    if existing:
        return existing, False
    return Area.objects.create(key=key, period=ALWAYS, **values), True


def overlap(one: DateRange, other: DateRange) -> DateRange | None:
    """The days two periods share; None where there are none."""
    starts = [day for day in (one.lower, other.lower) if day]
    ends = [day for day in (one.upper, other.upper) if day]
    start, end = max(starts, default=None), min(ends, default=None)
    if start and end and start >= end:
        return None
    return DateRange(start, end)


@dataclass(frozen=True)
class Relation:
    """A child and its parent during a period."""

    child_id: int
    parent_id: int
    period: DateRange


def replace_edges(
    code: HierarchyCode, relations: Iterable[Relation], *, source: str
) -> tuple[int, int]:
    """Make the edges of one source exactly these; edges of other sources stay.

    Returns: how many were added, how many removed.
    """
    hierarchy = ensure_hierarchy(code)
    wanted = set(relations)
    existing = {
        Relation(edge.child_id, edge.parent_id, edge.period): edge.pk
        for edge in AreaEdge.objects.filter(hierarchy=hierarchy, source=source)
    }
    gone = [pk for relation, pk in existing.items() if relation not in wanted]
    AreaEdge.objects.filter(pk__in=gone).delete()
    new = [
        AreaEdge(
            hierarchy=hierarchy,
            exclusive=hierarchy.exclusive,
            child_id=relation.child_id,
            parent_id=relation.parent_id,
            period=relation.period,
            source=source,
        )
        for relation in wanted
        if relation not in existing
    ]
    AreaEdge.objects.bulk_create(new, batch_size=1000)
    return len(new), len(gone)


def place_under(
    hierarchy: Hierarchy, *, child: Area, parent: Area, valid_from: date | None, source: str
) -> None:
    """Put an area under a parent from a day on (None = always), ending what held before.

    In a hierarchy that is not exclusive, other parents stay.
    """
    period = DateRange(valid_from, None)
    edges = AreaEdge.objects.filter(hierarchy=hierarchy, child=child, period__overlap=period)
    if not hierarchy.exclusive:
        edges = edges.filter(parent=parent)
    for edge in edges:
        before = overlap(edge.period, DateRange(None, valid_from)) if valid_from else None
        if before is None:
            edge.delete()
        else:
            edge.period = before
            edge.save(update_fields=["period"])
    AreaEdge.objects.create(
        hierarchy=hierarchy,
        exclusive=hierarchy.exclusive,
        child=child,
        parent=parent,
        period=period,
        source=source,
    )


def rebuild_administrative_edges() -> tuple[int, int]:
    """国‐都道府県‐市区町村‐区 from the codes and periods of the areas.

    Source: 総務省「全国地方公共団体コード」: the first two digits are the prefecture; the wards of
    a designated city follow the city's number within 100 to 199 (東京都の特別区 are no wards).
    """
    levels = (AreaLevel.NATION, AreaLevel.PREFECTURE, AreaLevel.MUNICIPALITY, AreaLevel.WARD)
    areas = list(Area.objects.filter(level__in=levels).order_by("code", "pk"))
    nation = next((area for area in areas if area.level == AreaLevel.NATION), None)
    prefectures = {a.prefecture_code: a for a in areas if a.level == AreaLevel.PREFECTURE}
    relations = []
    for area in areas:
        parents = _administrative_parents(area, areas, prefectures, nation)
        for parent in parents:
            period = overlap(area.period, parent.period)
            if period is not None:
                relations.append(Relation(area.pk, parent.pk, period))
    return replace_edges(HierarchyCode.ADMINISTRATIVE, relations, source=DERIVED_FROM_CODES)


def _administrative_parents(
    area: Area, areas: list[Area], prefectures: Mapping[str, Area], nation: Area | None
) -> list[Area]:
    if area.level == AreaLevel.PREFECTURE:
        return [nation] if nation else []
    if area.level == AreaLevel.MUNICIPALITY:
        parent = prefectures.get(area.prefecture_code)
        return [parent] if parent else []
    if area.level == AreaLevel.WARD:
        code = designated_city_code(area.code, (a.code for a in areas if is_designated_city(a)))
        return [a for a in areas if a.code == code and is_designated_city(a)]
    return []


_FIRST_WARD, _LAST_WARD = 100, 199


def is_designated_city(area: Area) -> bool:
    number = int(area.code[2:5] or 0)
    return (
        area.level == AreaLevel.MUNICIPALITY
        and _FIRST_WARD <= number <= _LAST_WARD
        and area.name.endswith("市")
    )


def designated_city_code(ward_code: str, city_codes: Iterable[str]) -> str:
    """Code of the city a ward is numbered under: 14131 belongs to 14130, 14101 to 14100."""
    before = [code for code in city_codes if code[:2] == ward_code[:2] and code <= ward_code]
    return max(before, default="")
