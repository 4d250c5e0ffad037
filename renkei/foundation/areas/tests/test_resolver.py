from __future__ import annotations

import pytest

from renkei.foundation.areas.resolver import (
    Municipality,
    MunicipalityIndex,
    TownIndex,
    TownRow,
    prefecture_code_of,
    town_key,
)
from renkei.foundation.common.codes import municipality_check_digit
from renkei.foundation.common.kana import fold


def municipality(number, name, prefecture="99"):
    body = f"{prefecture}{number:03d}"
    return Municipality(number, body + municipality_check_digit(body), name, prefecture)


KURE, HIGASHI_KURE = municipality(201, "架空市"), municipality(202, "東架空市")
CITY, WARD = municipality(100, "大架空市"), municipality(101, "大架空市中央区")
VILLAGE = municipality(301, "龍ケ野村")
OLD_WARD = municipality(102, "大架空市中区")
INDEX = MunicipalityIndex(
    [KURE, HIGASHI_KURE, CITY, WARD, VILLAGE, municipality(302, "大森町")],
    former=[(OLD_WARD, WARD), (municipality(303, "架空市"), VILLAGE)],
)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("架空県架空市1-1", KURE),
        ("架空県東架空市1-1", HIGASHI_KURE),
        ("架空市１－１", KURE),
        ("大架空市　中央区本町", WARD),
        ("大架空市本町", CITY),
        ("架空県北架空郡龍ヶ野村大字上", VILLAGE),
        ("架空県ニシ郡龍ケ野村", VILLAGE),
        ("大架空市中区本町", WARD),
        ("架", None),
        ("どこか1-1", None),
        ("", None),
    ],
)
def test_address_resolves_from_its_start(address, expected):
    assert INDEX.find(address, prefecture="架空県") == expected


def test_address_without_prefecture_needs_a_name_that_exists_once():
    elsewhere = municipality(401, "架空市", prefecture="40")
    index = MunicipalityIndex([KURE, HIGASHI_KURE, elsewhere])

    assert index.find("東架空市1") == HIGASHI_KURE
    assert index.find("架空市1") is None
    assert index.find("福岡県架空市1", prefecture="架空県") == elsewhere
    assert index.find("架空市1", prefecture="13") is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("本町1-1", KURE),
        # A town of the city that is called like a municipality elsewhere.
        ("大森町1-1", KURE),
        ("架空県大森町1-1", INDEX.find("架空県大森町")),
        ("東架空市本町", HIGASHI_KURE),
    ],
)
def test_municipality_column_helps_where_the_address_leaves_it_out(address, expected):
    assert INDEX.find(address, prefecture="架空県", municipality="架空市") == expected


def test_unknown_municipality_column_is_ignored():
    assert INDEX.find("大森町1", prefecture="99", municipality="なし市") == INDEX.by_code("993026")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (KURE.code, KURE),
        (KURE.code[:5], KURE),
        (OLD_WARD.code, WARD),
        (OLD_WARD.code[:5], WARD),
        ("", None),
        ("999999", None),
        ("990001", None),
        ("noise", None),
    ],
)
def test_code_of_five_or_six_digits(text, expected):
    assert INDEX.by_code(text) == expected


def test_code_that_lost_its_zero():
    index = MunicipalityIndex([municipality(201, "宇都宮市", prefecture="09")])

    found = index.by_code("92011")
    assert found is not None
    assert found.name == "宇都宮市"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("架空県", "99"), ("９９", "99"), ("9", "09"), ("402036", "40"), ("？", "")],
)
def test_prefecture_by_name_or_number(text, expected):
    assert prefecture_code_of(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("本町一丁目", "本町1-"),
        ("大字上字中", "上中"),
        ("北十条西四丁目", "北10条西４丁目"),
        ("百二十三番地", "123番"),
        ("二〇三号", "203-"),
        ("旭ヶ丘二丁目", "旭ケ丘2丁目"),
    ],
)
def test_one_key_for_several_spellings(one, other):
    assert town_key(fold(one)) == town_key(fold(other))


TOWNS = [
    ("架空市", "本町一丁目", "", 35.0, 139.0),
    ("架空市", "本町二丁目", "", 35.2, 139.2),
    ("架空市", "大字上", "西", 35.5, 139.5),
    ("架空市", "大字上", "東", 35.7, 139.7),
    ("大架空市中区", "泉一丁目", "", 36.0, 140.0),
    ("消えた町", "本町", "", 1.0, 1.0),
]


def load_towns(prefecture_code):
    assert prefecture_code == "99"
    return [TownRow("架空県", *row) for row in TOWNS]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("架空県架空市本町１－２－３", (35.0, 139.0, "本町一丁目")),
        ("架空県架空市本町２丁目", (35.2, 139.2, "本町二丁目")),
        # No such 丁目: the middle of the town.
        ("架空県架空市本町11-2", (35.1, 139.1, "本町一丁目")),
        ("架空県架空市上西12", (35.5, 139.5, "大字上西")),
        ("架空県架空市大字上999", (35.6, 139.6, "大字上")),
        # The table still has the old wards; the address has the new one.
        ("架空県大架空市中央区泉1-1", (36.0, 140.0, "泉一丁目")),
        ("架空県大架空市泉1", (36.0, 140.0, "泉一丁目")),
    ],
)
def test_town_gives_the_point_of_an_address(address, expected):
    place = TownIndex(INDEX, load_towns).locate(address)

    assert place is not None
    assert (place.latitude, place.longitude) == pytest.approx(expected[:2])
    assert place.town == expected[2]


@pytest.mark.parametrize(
    "address", ["架空県架空市川端", "架空県龍ケ野村上", "どこか", "架空県架空市"]
)
def test_address_without_a_known_town_has_no_point(address):
    assert TownIndex(INDEX, load_towns).locate(address) is None
