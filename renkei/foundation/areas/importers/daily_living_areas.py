"""日常生活圏域 of one city as polygons, with the 地域包括支援センター of each.

Source: 枚方市オープンデータ「日常生活圏域」(GeoJSON): area_id, center_name, school_districts. The
city is not in the file; it is the municipality whose boundary holds the shapes.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

from renkei.foundation.areas import geometry
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
    Boundary,
    HierarchyCode,
    OfficeKind,
)

LABEL = "日常生活圏域"
ORDER = 40
SOURCE = "市のオープンデータ（日常生活圏域）"


def recognises(content: Content) -> bool:
    try:
        properties = content.data["features"][0]["properties"]
    except (KeyError, IndexError, TypeError):
        return False
    return isinstance(properties, dict) and {"area_id", "center_name"} <= properties.keys()


def run(content: Content, options: ImportOptions, report: FileReport) -> None:
    """Add the areas under their municipality, with shape and centre."""
    try:
        features = list(geometry.features_of(content.data))
    except geometry.UnreadableShapeError as error:
        raise RefusedFile(f"{content.name}：{error}ファイルを確かめてください。") from error
    city = _municipality_of([polygon for _, polygon in features])
    if city is None:
        raise RefusedFile(
            f"{content.name}：どの市区町村の圏域か分かりません。"
            "先に、その市区町村の境界を取り込んでください。"
        )
    report.notes.append(f"{city.name}の日常生活圏域です（位置から判定）。")
    for properties, polygon in features:
        _store(city, properties, polygon, options, report)


def _municipality_of(shapes: list[BaseGeometry]) -> Area | None:
    """The smallest unit that holds most of the shapes; a designated city before its wards."""
    votes: Counter[int] = Counter()
    for polygon in shapes:
        point = polygon.representative_point()
        votes.update({boundary.area_id for boundary in _boundaries_around(point)})
    ranked = sorted(votes.items(), key=lambda vote: (-vote[1], vote[0]))
    areas = Area.objects.in_bulk(votes)
    return areas[ranked[0][0]] if ranked and ranked[0][1] * 2 > len(shapes) else None


def _boundaries_around(point: Point) -> list[Boundary]:
    boxes = Boundary.objects.filter(
        west__lte=point.x,
        east__gte=point.x,
        south__lte=point.y,
        north__gte=point.y,
        area__level=AreaLevel.MUNICIPALITY,
        area__period__endswith=None,
    )
    return [boundary for boundary in boxes if shape(boundary.geometry).contains(point)]


def _store(
    city: Area,
    properties: dict[str, Any],
    polygon: BaseGeometry,
    options: ImportOptions,
    report: FileReport,
) -> None:
    name = f"{city.name}第{properties['area_id']}圏域"
    area, added = ensure_area(
        AreaLevel.DAILY_LIVING, name, prefecture_code=city.prefecture_code, source=SOURCE
    )
    west, south, east, north = polygon.bounds
    values = {
        "geometry": geometry.to_geojson(polygon),
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "source": SOURCE,
    }
    Boundary.objects.update_or_create(area=area, as_of=options.as_of, defaults=values)
    hierarchy = ensure_hierarchy(HierarchyCode.DAILY_LIVING)
    if not AreaEdge.objects.filter(hierarchy=hierarchy, child=area, parent=city).exists():
        place_under(
            hierarchy, child=area, parent=city, valid_from=options.valid_from, source=SOURCE
        )
    schools = properties.get("school_districts") or ""
    AreaOffice.objects.update_or_create(
        area=area,
        kind=OfficeKind.SUPPORT_CENTRE,
        name=f"地域包括支援センター {properties['center_name']}",
        defaults={"note": f"小学校区：{schools}" if schools else "", "source": SOURCE},
    )
    if added:
        report.counts.added += 1
    else:
        report.counts.unchanged += 1
