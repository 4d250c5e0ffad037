from __future__ import annotations

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.foundation.common.addresses import (
    address_key,
    split_address,
    street_key,
    strip_building,
)
from renkei.testing import shared_data

ADDRESS = st.text("架空県市郡町村区大字丁目番地号のヶ三十二五 　０１2３-－ー・ビルＡb", max_size=30)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("架空県架空市本町1-2-3", ("架空県", "架空市", "本町", "1-2-3", "")),
        (
            "架空県架空市本町一丁目２番３号架空ビル４Ｆ",
            ("架空県", "架空市", "本町一丁目", "2番3号", "架空ビル4F"),
        ),
        (
            "架空県架空市本町２丁目３－４　架空ビル ２階",
            ("架空県", "架空市", "本町2丁目", "3-4", "架空ビル 2階"),
        ),
        ("架空県　架空郡　架空町　港　3172", ("架空県", "架空郡架空町", "港", "3172", "")),
        ("架空市大字港字浜１２番地の４先", ("", "架空市", "大字港字浜", "12番地の4先", "")),
        ("架空市南22条西14丁目1-20", ("", "架空市", "南22条西14丁目", "1-20", "")),
        ("架空市東三線北二十号12番地", ("", "架空市", "東三線北二十号", "12番地", "")),
        ("架空市港三番地四号", ("", "架空市", "港", "三番地四号", "")),
        ("架空市三番町5番地のぞみ荘", ("", "架空市", "三番町", "5番地", "のぞみ荘")),
        ("架空市港町二丁目五番ほほえみ荘", ("", "架空市", "港町二丁目", "五番", "ほほえみ荘")),
        ("架空村港無番地", ("", "架空村", "港", "無番地", "")),
        ("架空市港1-2三番館ビル", ("", "架空市", "港", "1-2", "三番館ビル")),
        ("架空市港1-2 架空ﾋﾞﾙ 架空ﾋﾞﾙ", ("", "架空市", "港", "1-2", "架空ビル")),
        ("架空市港1丁5番13号", ("", "架空市", "港1丁", "5番13号", "")),
        ("京都府京都市中京区架空町12", ("京都府", "京都市中京区", "架空町", "12", "")),
        ("四日市市架空町1", ("", "四日市市", "架空町", "1", "")),
        ("蒲郡市架空町1", ("", "蒲郡市", "架空町", "1", "")),
        ("余市郡余市町架空1", ("", "余市郡余市町", "架空", "1", "")),
        ("西村山郡架空町港1", ("", "西村山郡架空町", "港", "1", "")),
        ("架空港", ("", "", "架空港", "", "")),
        ("", ("", "", "", "", "")),
    ],
)
def test_split_address_finds_the_parts_and_keeps_the_typed_text(text, parts):
    address = split_address(text)

    found = (
        address.prefecture,
        address.municipality,
        address.town,
        address.block,
        address.building,
    )
    assert (found, address.typed) == (parts, text)


@pytest.mark.parametrize(
    ("text", "known", "municipality", "town"),
    [
        ("港町1-2", "架空市", "架空市", "港町"),
        ("架空市港町1-2", "架空市", "架空市", "港町"),
        ("架空県架空郡東町港1", "東町", "架空郡東町", "港"),
        ("東町港1", "架空郡東町", "架空郡東町", "港"),
        ("架空県霞ヶ浦市港1", "霞ケ浦市", "霞ヶ浦市", "港"),
        ("北区港1", "神戸市北区", "神戸市北区", "港"),
        ("浜松市西区港1", "浜松市中央区", "浜松市西区", "港"),
        ("架空県西市港1", "東町", "西市", "港"),
        ("架空県港町1", "架空市", "架空市", "港町"),
    ],
)
def test_split_address_with_a_known_municipality(text, known, municipality, town):
    address = split_address(text, municipality=known)

    assert (address.municipality, address.town) == (municipality, town)


@pytest.mark.parametrize(
    ("address", "building", "expected"),
    [
        ("架空市港1-2架空ビル", "架空ビル", "架空市港1-2"),
        ("架空市港1-2架空ビル　２階 架空ビル 2階", "架空ビル2階", "架空市港1-2"),
        ("架空市港13-71階", "１階", "架空市港13-7"),
        ("架空市港1-2", "架空ビル", "架空市港1-2"),
        ("架空市港1-101", "101", "架空市港1-101"),
        ("架空ビル", "架空ビル", "架空ビル"),
        ("架空市港1-2 ", "", "架空市港1-2"),
    ],
)
def test_strip_building_removes_the_doubled_part(address, building, expected):
    assert strip_building(address, building) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("架空県架空市本町１丁目２番３号", "架空市本町1-2-3"),
        ("架空県架空市本町一丁目二番三号", "架空市本町1ー2－3 架空ビル2階"),
        ("架空市本町1-2-3", "架空市本町１丁目２の３"),
        ("架空郡架空町大字港字浜12番地", "架空町港浜12"),
        ("架空市霞ヶ関10番地-1", "架空市霞が関10-1"),
        ("架空市山ノ内5", "架空市山之内５番地"),
        ("架空市南二十二条西十四丁目1", "架空市南22条西14丁目1番"),
        ("架空市港町1丁5番13号", "架空市港町1-5-13"),
        ("架空市港1,111", "架空市港1-111"),
        ("架空市髙﨑1", "架空市高崎１"),
        ("京都市中京区架空通北上る港町460", "京都府京都市中京区港町460"),
        ("架空市港二〇三番地", "架空市港203"),
    ],
)
def test_address_key_is_one_for_two_spellings(one, other):
    assert address_key(one) == address_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("架空市本町1-2-3", "架空市本町1-23"),
        ("架空市本町1-2", "架空市元町1-2"),
        ("架空市本町1-2", "東架空市本町1-2"),
        ("架空市港12、13", "架空市港1213"),
        ("架空市文字1", "架空市文1"),
    ],
)
def test_address_key_keeps_two_places_apart(one, other):
    assert address_key(one) != address_key(other)


def test_address_key_takes_the_known_municipality_where_it_is_left_out():
    assert address_key("本町1-2", municipality="架空市") == address_key(
        "架空県架空市本町１丁目２番地"
    )
    assert address_key("", municipality="架空市") == ""


def test_street_key_counts_kanji_numbers():
    assert street_key("千二百三十四番地") == "1234"
    assert street_key("十条五丁目") == "10条5"


def digits_in(text: str) -> int:
    return sum(letter in "0123456789０１２３４５６７８９" for letter in text)


@given(ADDRESS)
def test_any_text_is_split_without_losing_a_digit(text):
    parts = split_address(text)

    lost = digits_in(text) - sum(
        digits_in(part)
        for part in (parts.prefecture, parts.municipality, parts.town, parts.block, parts.building)
    )
    # A building written twice is given once.
    assert lost in (0, digits_in(parts.building))


@given(ADDRESS, ADDRESS)
def test_strip_building_only_ever_shortens(address, building):
    assert address.startswith(strip_building(address, building))


@pytest.mark.shared
def test_every_town_of_the_country_is_split_at_its_municipality():
    with (
        zipfile.ZipFile(shared_data("address/towns.csv.zip")) as archive,
        archive.open("towns.csv") as raw,
    ):
        towns = [row[:3] for row in csv.reader(io.TextIOWrapper(raw, "utf-8-sig"))][1:]

    wrong = [
        (prefecture, municipality, town)
        for prefecture, municipality, town in towns
        if split_address(f"{prefecture}{municipality}{town}1番地").municipality != municipality
    ]

    assert (len(towns), wrong) == (277_676, [])
