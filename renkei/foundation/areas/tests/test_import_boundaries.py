from __future__ import annotations

from datetime import date

import pytest
import shapely

from renkei.foundation.areas import geometry
from renkei.foundation.areas.models import (
    Area,
    AreaEdge,
    AreaNeighbour,
    AreaOffice,
    Boundary,
    OfficeKind,
)
from renkei.foundation.areas.tests.factories import (
    BIG,
    CITY,
    SQUARES,
    counted,
    geojson,
    json_file,
    municipalities_csv,
    square,
    take_in,
    taken_in,
)

pytestmark = pytest.mark.django_db

# Two squares that share one arc, as TopoJSON writes them: deltas, scaled by a tenth.
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.1, 0.1], "translate": [139.0, 35.0]},
    "arcs": [
        [[1, 0], [0, 1]],
        [[1, 1], [-1, 0], [0, -1], [1, 0]],
        [[1, 0], [1, 0], [0, 1], [-1, 0]],
    ],
    "objects": {
        "N03-24_240101": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"N03_007": "99101"}},
                {"type": "MultiPolygon", "arcs": [[[2, -1]]], "properties": {"N03_007": "99102"}},
                {"type": "Polygon", "arcs": [[0, 1]], "properties": {"N03_007": None}},
            ],
        }
    },
}


@pytest.fixture
def municipalities(tmp_path):
    take_in(municipalities_csv(tmp_path))


def neighbours():
    return {
        (link.area.name, link.neighbour.name)
        for link in AreaNeighbour.objects.select_related("area", "neighbour")
    }


def test_topojson_arcs_become_shapes_with_their_day(tmp_path, municipalities):
    report = taken_in(json_file(tmp_path, "boundaries.topojson", TOPOLOGY))

    assert counted(report) == (3, 0, 0)
    assert report.notes == ["市区町村のコードがない形（所属未定地など）1件は除きました。"]
    bounds = {
        b.area.name: (b.west, b.south, b.east, b.north, b.as_of) for b in Boundary.objects.all()
    }
    day = date(2024, 1, 1)
    # The city is drawn from its wards.
    assert bounds == {
        "大架空市東区": pytest.approx((139.0, 35.0, 139.1, 35.1, day)),
        "大架空市西区": pytest.approx((139.1, 35.0, 139.2, 35.1, day)),
        "大架空市": pytest.approx((139.0, 35.0, 139.2, 35.1, day)),
    }


def test_topojson_without_a_transform_has_positions_as_they_are():
    data = {
        "type": "Topology",
        "arcs": [[[0, 0], [1, 0], [1, 1], [0, 0]]],
        "objects": {"one": {"type": "Polygon", "arcs": [[0]]}},
    }

    ((properties, polygon),) = geometry.features_of(data)

    assert (properties, polygon.bounds) == ({}, (0, 0, 1, 1))


def test_neighbours_touch_within_their_level(tmp_path, municipalities):
    report = taken_in(geojson(tmp_path, SQUARES))

    assert report.notes == ["基準日はファイルに書かれていません（--as-of で指定できます）。"]
    assert neighbours() == {
        ("大架空市", "架空市"),
        ("架空市", "大架空市"),
        ("大架空市東区", "大架空市西区"),
        ("大架空市西区", "大架空市東区"),
    }


def test_second_time_changes_nothing_and_a_moved_border_is_a_change(tmp_path, municipalities):
    path = geojson(tmp_path, SQUARES)
    taken_in(path, as_of=date(2024, 1, 1))

    again = taken_in(path, as_of=date(2024, 1, 1))
    moved = taken_in(geojson(tmp_path, SQUARES | {CITY[:5]: (140.0, 36.0)}), as_of=date(2024, 1, 1))

    assert counted(again) == (0, 0, 5)
    assert counted(moved) == (0, 1, 4)
    assert ("架空市", "大架空市") not in neighbours()


def test_parts_of_one_code_are_one_shape_and_unknown_codes_are_told(tmp_path, municipalities):
    feature = {"type": "Feature", "properties": {"N03_007": CITY[:5]}}
    data = {
        "type": "FeatureCollection",
        "features": [
            feature | {"geometry": {"type": "Polygon", "coordinates": square(139.0, 35.0)}},
            feature | {"geometry": {"type": "Polygon", "coordinates": square(139.5, 35.0)}},
            {
                "type": "Feature",
                "properties": {"N03_007": "99999"},
                "geometry": {"type": "Polygon", "coordinates": square(139.9, 35.0)},
            },
        ],
    }

    report = taken_in(json_file(tmp_path, "b.geojson", data), as_of=date(2024, 1, 1))

    assert Boundary.objects.get().geometry["type"] == "MultiPolygon"
    assert report.problems == ["コード「999997」の市区町村は2024-01-01にはありません。除きました。"]


POINT = {"type": "Point", "coordinates": [139, 35]}
BROKEN_ARC = {"type": "Topology", "arcs": [[["x"]]], "objects": {"N03_007": {}}}
MISSING_ARC = {
    "type": "Topology",
    "arcs": [],
    "objects": {"a": {"type": "Polygon", "arcs": [[7]], "properties": {"N03_007": "99201"}}},
}
LINE = {
    "type": "Topology",
    "arcs": [],
    "objects": {"a": {"type": "LineString", "arcs": [0], "properties": {"N03_007": "99201"}}},
}


def collection(code, shape):
    feature = {"type": "Feature", "properties": {"N03_007": code}, "geometry": shape}
    return {"type": "FeatureCollection", "features": [feature]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (collection("99201", POINT), "1件目の形を読めません。"),
        (collection("99201", None), "1件目の形を読めません。"),
        (collection("", {"type": "Polygon", "coordinates": square(139, 35)}), "N03_007"),
        (BROKEN_ARC, "TopoJSONの線を読めません。"),
        (MISSING_ARC, "1件目の形を読めません。"),
        (LINE, "1件目の形を読めません。"),
    ],
)
def test_broken_shapes_are_refused_in_one_sentence(tmp_path, municipalities, data, message):
    (told,) = take_in(json_file(tmp_path, "b.geojson", data))

    assert message in told
    assert told.startswith("b.geojson：")
    assert not Boundary.objects.exists()


def test_boundaries_need_municipalities(tmp_path):
    (told,) = take_in(geojson(tmp_path, SQUARES))

    assert told == "boundaries.geojson：先に市区町村の一覧を取り込んでください。"


def test_crossing_lines_become_a_valid_area():
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])

    assert geometry.polygon_of(bow).is_valid


def test_tiny_shape_does_not_vanish():
    dot = shapely.box(0, 0, 1e-9, 1e-9)

    assert not geometry.simplified(dot, 1.0).is_empty


def daily_living(folder):
    features = [
        {
            "type": "Feature",
            "properties": {"area_id": number, "center_name": name, "school_districts": schools},
            "geometry": {
                "type": "Polygon",
                "coordinates": square(139.06 + number / 50, 35.12, 0.02),
            },
        }
        for number, name, schools in ((1, "みなも", "北浜, 本町"), (2, "しおかぜ", None))
    ]
    return json_file(folder, "living.geojson", {"type": "FeatureCollection", "features": features})


def test_daily_living_areas_belong_to_the_city_they_lie_in(tmp_path, municipalities):
    taken_in(geojson(tmp_path, SQUARES))

    report = taken_in(daily_living(tmp_path))
    again = taken_in(daily_living(tmp_path))

    assert report.notes == ["架空市の日常生活圏域です（位置から判定）。"]
    assert (counted(report), counted(again)) == ((2, 0, 0), (0, 0, 2))
    area = Area.objects.get(name="架空市第1圏域")
    assert AreaEdge.objects.get(child=area).parent.name == "架空市"
    office = AreaOffice.objects.get(area=area)
    assert (office.kind, office.name, office.note) == (
        OfficeKind.SUPPORT_CENTRE,
        "地域包括支援センター みなも",
        "小学校区：北浜, 本町",
    )


def test_daily_living_areas_without_a_known_city_are_refused(tmp_path, municipalities):
    (told,) = take_in(daily_living(tmp_path))

    assert "先に、その市区町村の境界を取り込んでください。" in told


def test_broken_daily_living_area_is_refused(tmp_path):
    data = collection("", POINT)
    data["features"][0]["properties"] = {"area_id": 1, "center_name": "みなも"}

    (told,) = take_in(json_file(tmp_path, "living.geojson", data))

    assert "1件目の形を読めません。" in told


def test_wards_are_named_by_their_city_in_the_boundary(tmp_path, municipalities):
    taken_in(geojson(tmp_path, SQUARES))

    assert Boundary.objects.filter(area__code=BIG).count() == 1
