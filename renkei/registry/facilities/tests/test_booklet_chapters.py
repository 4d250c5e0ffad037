from __future__ import annotations

import pytest

from renkei.registry.facilities.booklet.chapters import Map, Shape, divide, rings_of
from renkei.registry.facilities.booklet.plan import PlaceName
from renkei.registry.facilities.tests.booklets import make_entry, square

NORTH = Shape("北圏域", (square(141.0, 35.6, 0.1),))
SOUTH = Shape("南圏域", (square(141.0, 35.5, 0.1),))
CITY = Shape("架空市", (square(141.0, 35.5, 0.2),))


def entry(number, longitude, latitude, **values):
    return make_entry(number, longitude=longitude, latitude=latitude, district="", **values)


def chapters_of(entries, land):
    divided, grounds = divide(entries, land)
    return {
        name: sorted(one.facility_id for one in divided if one.district == name) for name in grounds
    }


def test_a_place_belongs_to_the_daily_living_area_it_lies_in():
    entries = [
        entry(1, 141.05, 35.55),
        entry(2, 141.05, 35.65),
        entry(3, 141.5, 35.5, municipality="となり町"),
    ]

    assert chapters_of(entries, Map((NORTH, SOUTH), (CITY,))) == {
        "北圏域": [2],
        "南圏域": [1],
        "となり町": [3],
    }


def test_a_place_without_position_goes_with_its_town():
    entries = [
        entry(1, 141.05, 35.65, town="北浜"),
        entry(2, None, None, town="北浜"),
        entry(3, None, None, town="知らない町"),
        entry(4, None, None, town=""),
    ]

    assert chapters_of(entries, Map((NORTH, SOUTH), (CITY,))) == {
        "北圏域": [1, 2],
        "架空市（地区の分からない所）": [3, 4],
    }


def test_without_daily_living_areas_the_municipality_is_the_chapter():
    divided, grounds = divide([entry(1, 141.05, 35.55)], Map((), (CITY,)))

    assert [one.district for one in divided] == ["架空市"]
    assert grounds["架空市"].borders == CITY.rings
    assert chapters_of([entry(1, None, None, municipality="")], Map()) == {
        "市区町村の分からない所": [1]
    }


def test_a_large_municipality_is_divided_by_towns_that_lie_together():
    towns = {"北浜": 35.68, "潮見": 35.66, "本町": 35.53, "松が丘": 35.51}
    entries = [
        entry(n, 141.05, latitude, town=town)
        for at, (town, latitude) in enumerate(towns.items())
        for n in range(at * 40, at * 40 + 40)
    ]
    lost = entry(999, None, None, town="")

    divided, grounds = divide([*entries, lost], Map((), (CITY,)))

    assert list(grounds) == ["架空市 1（北浜・潮見）", "架空市 2（本町・松が丘）"]
    assert [one.district for one in divided if one.facility_id == 999] == [
        "架空市 2（本町・松が丘）"
    ]
    ground = grounds["架空市 1（北浜・潮見）"]
    assert ground.borders == ()
    assert CITY.rings[0] in ground.outlines


def test_towns_side_by_side_are_divided_west_to_east():
    entries = [
        entry(n, 141.0 + (n % 3) / 10, 35.55, town=("西町", "中町", "東町")[n % 3])
        for n in range(180)
    ]

    names = list(divide(entries, Map((), (CITY,)))[1])

    assert names == ["架空市 1（西町）", "架空市 2（中町）", "架空市 3（東町）"]


@pytest.mark.parametrize("town", ["北浜", ""])
def test_one_town_alone_is_never_divided(town):
    entries = [entry(n, 141.05, 35.55, town=town) for n in range(200)]

    assert list(divide(entries, Map((), (CITY,)))[1]) == ["架空市"]


def test_places_of_unnamed_towns_without_position_are_one_chapter():
    entries = [entry(n, None, None, town=str(n)) for n in range(100)]

    assert list(divide(entries, Map((), (CITY,)))[1]) == ["架空市"]


def test_a_part_of_nameless_towns_says_so():
    entries = [entry(n, 141.0 + (n % 2) / 10, 35.55, town=("", "東町")[n % 2]) for n in range(120)]

    assert list(divide(entries, Map((), (CITY,)))[1]) == [
        "架空市 1（町名の分からない所）",
        "架空市 2（東町）",
    ]


def test_towns_with_places_are_named_first_on_the_map():
    towns = {"架空市": [PlaceName("本町", (141.05, 35.6)), PlaceName("北浜", (141.05, 35.65))]}
    entries = [entry(1, 141.05, 35.55, town="北浜"), entry(2, 141.05, 35.55, town="知らない町")]

    grounds = divide(entries, Map((), (CITY,), towns=towns))[1]

    assert [one.name for one in grounds["架空市"].names] == ["北浜", "本町"]


def test_many_towns_are_named_by_the_two_largest():
    entries = [entry(n, 141.0 + (n % 40) / 100, 35.55, town=f"町{n % 40}") for n in range(200)]

    assert all(name.endswith("など）") for name in divide(entries, Map((), (CITY,)))[1])


def test_rings_of_geometries():
    ring = [[141.0, 35.0], [142.0, 35.0], [142.0, 36.0], [141.0, 35.0]]
    outer = tuple((x, y) for x, y in ring)

    assert rings_of({"type": "Polygon", "coordinates": [ring, ring]}) == (outer,)
    assert rings_of({"type": "MultiPolygon", "coordinates": [[ring], [ring]]}) == (outer, outer)
    assert rings_of({"type": "Point", "coordinates": [1, 2]}) == ()


def test_a_position_far_from_all_others_gets_no_pin():
    entries = [entry(n, 141.05 + (n % 5) / 1000, 35.55 + (n % 7) / 1000) for n in range(1, 40)]

    divided, _ = divide([*entries, entry(99, 141.19, 35.69)], Map((), (CITY,)))
    few, _ = divide([*entries[:5], entry(99, 141.19, 35.69)], Map((), (CITY,)))

    assert [one.facility_id for one in divided if one.position is None] == [99]
    assert all(one.position for one in few)
