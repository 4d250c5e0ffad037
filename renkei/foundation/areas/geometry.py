"""Shapes: TopoJSON and GeoJSON in, simplified GeoJSON out, neighbours by contact. No Django."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

# Five decimals are about one metre.
PRECISION = 1e-5
# About 30 metres: lines of two sources drawn apart still count as touching.
TOUCHING = 3e-4

Feature = tuple[dict[str, Any], BaseGeometry]


class UnreadableShapeError(ValueError):
    """The geometry is not what its format promises."""


def features_of(data: Mapping[str, Any]) -> Iterator[Feature]:
    """Properties and shape of every feature of a TopoJSON or GeoJSON object.

    Raises:
        UnreadableShapeError: with the number of the feature, counted from 1.
    """
    if data.get("type") == "Topology":
        yield from _topojson_features(data)
        return
    for number, feature in enumerate(data["features"], start=1):
        try:
            yield dict(feature.get("properties") or {}), polygon_of(shape(feature["geometry"]))
        except (KeyError, TypeError, ValueError, AttributeError, shapely.GEOSException) as error:
            raise UnreadableShapeError(f"{number}件目の形を読めません。") from error


def _topojson_features(data: Mapping[str, Any]) -> Iterator[Feature]:
    try:
        arcs = _decoded_arcs(data)
        geometries = [
            geometry
            for thing in data["objects"].values()
            for geometry in thing.get("geometries", [thing])
        ]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableShapeError("TopoJSONの線を読めません。") from error
    for number, geometry in enumerate(geometries, start=1):
        try:
            yield dict(geometry.get("properties") or {}), _topojson_shape(geometry, arcs)
        except (
            KeyError,
            TypeError,
            ValueError,
            IndexError,
            AttributeError,
            shapely.GEOSException,
        ) as error:
            raise UnreadableShapeError(f"{number}件目の形を読めません。") from error


Line = list[tuple[float, float]]


def _decoded_arcs(data: Mapping[str, Any]) -> list[Line]:
    """Arcs as positions: each point is the difference to the one before, then scaled.

    Source: TopoJSON Format Specification 1.0, §2.1.2 Transforms, §2.1.3 Arcs.
    """
    transform = data.get("transform")
    if not transform:
        return [[(x, y) for x, y, *_ in arc] for arc in data["arcs"]]
    (scale_x, scale_y), (move_x, move_y) = transform["scale"], transform["translate"]
    lines = []
    for arc in data["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y, *_ in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + move_x, y * scale_y + move_y))
        lines.append(line)
    return lines


def _topojson_shape(geometry: Mapping[str, Any], arcs: Sequence[Line]) -> BaseGeometry:
    kind = geometry["type"]
    if kind not in {"Polygon", "MultiPolygon"}:
        raise UnreadableShapeError(kind)
    polygons = [geometry["arcs"]] if kind == "Polygon" else geometry["arcs"]
    parts = []
    for rings in polygons:
        lines = [_ring(ring, arcs) for ring in rings]
        parts.append(Polygon(lines[0], lines[1:]))
    return polygon_of(MultiPolygon(parts))


def _ring(indexes: Sequence[int], arcs: Sequence[Line]) -> Line:
    """Arcs joined end to start; ~i is arc i backwards (§2.1.4)."""
    ring: Line = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return ring


def polygon_of(geometry: BaseGeometry) -> BaseGeometry:
    """A valid polygon or multipolygon.

    Raises:
        UnreadableShapeError: points and lines have no inside.
    """
    valid = geometry if geometry.is_valid else shapely.make_valid(geometry)
    parts = [part for part in shapely.get_parts(valid) if part.geom_type == "Polygon"]
    if not parts:
        raise UnreadableShapeError("面ではありません。")
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)


def union(shapes: Iterable[BaseGeometry]) -> BaseGeometry:
    """One shape of several; slivers between lines of the same source close."""
    return polygon_of(shapely.union_all(list(shapes), grid_size=PRECISION))


def simplified(geometry: BaseGeometry, tolerance: float) -> BaseGeometry:
    """A shape for display; one that would vanish stays as it is."""
    simple = shapely.simplify(geometry, tolerance, preserve_topology=True)
    return geometry if simple.is_empty else simple


def to_geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """GeoJSON with five decimals."""
    rounded = shapely.transform(geometry, lambda points: points.round(5))
    return dict(mapping(rounded))


def neighbours(shapes: Mapping[int, BaseGeometry]) -> set[tuple[int, int]]:
    """Pairs (lower key first) of shapes that touch."""
    if not shapes:
        return set()
    keys = list(shapes)
    geometries = [shapes[key] for key in keys]
    tree = shapely.STRtree(geometries)
    left, right = tree.query(geometries, predicate="dwithin", distance=TOUCHING)
    return {
        (min(keys[one], keys[other]), max(keys[one], keys[other]))
        for one, other in zip(left.tolist(), right.tolist(), strict=True)
        if one != other
    }
