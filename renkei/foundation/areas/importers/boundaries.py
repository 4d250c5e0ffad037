"""Boundaries of municipalities: TopoJSON or GeoJSON in the columns of 国土数値情報 N03.

Source: 国土数値情報「行政区域データ」(N03): N03_001 都道府県, N03_003 郡・政令指定都市, N03_004
市区町村, N03_007 code of five digits (empty: 所属未定地). The day is in the name of the TopoJSON
object (N03-21_210101); a GeoJSON does not say it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from renkei.foundation.areas import geometry
from renkei.foundation.areas.edges import is_designated_city
from renkei.foundation.areas.importers.files import (
    Content,
    FileReport,
    ImportOptions,
    RefusedFile,
)
from renkei.foundation.areas.models import Area, AreaEdge, AreaNeighbour, Boundary, HierarchyCode
from renkei.foundation.areas.queries import MUNICIPAL_LEVELS, areas_on
from renkei.foundation.common.codes import check_municipality_code

LABEL = "市区町村の境界"
ORDER = 30
SOURCE = "国土数値情報（行政区域データ）を簡略化"
_DAY = re.compile(r"N03-\d{2}_(\d{2})(\d{2})(\d{2})")


def recognises(content: Content) -> bool:
    data = content.data
    if not isinstance(data, dict):
        return False
    if data.get("type") == "Topology":
        return "N03_007" in str(data.get("objects"))[:2000]
    return "N03_007" in _first_properties(data)


def _first_properties(data: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return dict(data["features"][0]["properties"])
    except (KeyError, IndexError, TypeError, ValueError):
        return {}


def day_of(data: Mapping[str, Any]) -> date | None:
    """The day the file shows, where it says so."""
    match = _DAY.search(" ".join(map(str, data.get("objects", {}))))
    return date(2000 + int(match[1]), int(match[2]), int(match[3])) if match else None


def run(content: Content, options: ImportOptions, report: FileReport) -> None:
    """Store the shape of every municipality of the file, those of their cities, and who touches."""
    as_of = day_of(content.data) or options.as_of
    if as_of is None:
        report.notes.append("基準日はファイルに書かれていません（--as-of で指定できます）。")
    shapes = _shapes_by_code(content, report)
    areas = {
        area.code: area
        for area in areas_on(as_of or options.today).filter(level__in=MUNICIPAL_LEVELS)
    }
    if not areas:
        raise RefusedFile(f"{content.name}：先に市区町村の一覧を取り込んでください。")
    found = {}
    for code, parts in shapes.items():
        if code in areas:
            found[areas[code].pk] = geometry.union(parts) if len(parts) > 1 else parts[0]
        else:
            report.problem(
                f"コード「{code}」の市区町村は{as_of or options.today}にはありません。除きました。"
            )
    found |= _cities(found, list(areas.values()), as_of or options.today)
    _store(found, as_of, report)
    rebuild_neighbours()


def _shapes_by_code(content: Content, report: FileReport) -> dict[str, list[BaseGeometry]]:
    shapes: dict[str, list[BaseGeometry]] = defaultdict(list)
    unknown = 0
    try:
        for properties, polygon in geometry.features_of(content.data):
            result = check_municipality_code(
                str(properties.get("N03_007") or ""), allow_fictional=True
            )
            if result.valid:
                shapes[result.value].append(polygon)
            else:
                unknown += 1
    except geometry.UnreadableShapeError as error:
        raise RefusedFile(
            f"{content.name}：{error}ファイルが壊れていないか確かめ、"
            "もう一度ダウンロードしてください。"
        ) from error
    if unknown:
        report.notes.append(
            f"市区町村のコードがない形（所属未定地など）{unknown:,}件は除きました。"
        )
    if not shapes:
        raise RefusedFile(
            f"{content.name}：市区町村コード（N03_007）のある形がありません。"
            "国土数値情報の行政区域データか確かめてください。"
        )
    return shapes


def _cities(
    shapes: Mapping[int, BaseGeometry], areas: list[Area], day: date
) -> dict[int, BaseGeometry]:
    """Designated cities, which the file only has as wards."""
    cities = {area.pk for area in areas if is_designated_city(area) and area.pk not in shapes}
    edges = AreaEdge.objects.filter(
        hierarchy__code=HierarchyCode.ADMINISTRATIVE, parent__in=cities, period__contains=day
    )
    wards: dict[int, list[BaseGeometry]] = defaultdict(list)
    for edge in edges.order_by("child_id"):
        if edge.child_id in shapes:
            wards[edge.parent_id].append(shapes[edge.child_id])
    return {city: geometry.union(parts) for city, parts in wards.items()}


def _store(shapes: Mapping[int, BaseGeometry], as_of: date | None, report: FileReport) -> None:
    kept = {
        boundary.area_id: boundary.geometry
        for boundary in Boundary.objects.filter(as_of=as_of, area__in=shapes)
    }
    new, changed = [], []
    for area_id, polygon in shapes.items():
        west, south, east, north = polygon.bounds
        boundary = Boundary(
            area_id=area_id,
            as_of=as_of,
            geometry=geometry.to_geojson(polygon),
            west=west,
            south=south,
            east=east,
            north=north,
            source=SOURCE,
        )
        if area_id not in kept:
            new.append(boundary)
        elif kept[area_id] != _as_stored(boundary.geometry):
            changed.append(boundary)
    Boundary.objects.filter(as_of=as_of, area__in=[b.area_id for b in changed]).delete()
    Boundary.objects.bulk_create(new + changed, batch_size=200)
    report.counts.added += len(new)
    report.counts.changed += len(changed)
    report.counts.unchanged += len(shapes) - len(new) - len(changed)


def _as_stored(value: Any) -> Any:
    """JSON has lists where shapely gives tuples."""
    if isinstance(value, dict):
        return {key: _as_stored(part) for key, part in value.items()}
    return [_as_stored(part) for part in value] if isinstance(value, tuple | list) else value


def rebuild_neighbours() -> int:
    """Derive who touches whom from the boundaries, level by level; returns the number of pairs."""
    latest: dict[int, tuple[str, BaseGeometry]] = {}
    rows = Boundary.objects.filter(area__level__in=MUNICIPAL_LEVELS).order_by("as_of", "pk")
    for boundary in rows.values_list("area_id", "area__level", "geometry").iterator():
        latest[boundary[0]] = (boundary[1], shape(boundary[2]))
    pairs: set[tuple[int, int]] = set()
    for level in MUNICIPAL_LEVELS:
        pairs |= geometry.neighbours({pk: s for pk, (kind, s) in latest.items() if kind == level})
    AreaNeighbour.objects.all().delete()
    AreaNeighbour.objects.bulk_create(
        [AreaNeighbour(area_id=a, neighbour_id=b) for pair in pairs for a, b in (pair, pair[::-1])],
        batch_size=5000,
    )
    return len(pairs)
