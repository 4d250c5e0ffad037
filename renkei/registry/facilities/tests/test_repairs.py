from __future__ import annotations

import pytest

from renkei.registry.facilities.importers import repairs


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("架空会", "架空会", ""),
        (" 架空会　", "架空会", "spaces"),
        ("ｹｱ架空", "ケア架空", "half_kana"),
        ("点滴（改行）褥瘡", "点滴／褥瘡", "line_break"),
        ("点滴\r\n褥瘡（改行）", "点滴／褥瘡", "line_break"),
    ],
)
def test_text(before, after, reason):
    assert repairs.text(before) == (after, reason)


def test_spaced_out_name_is_written_together():
    assert repairs.name("架 空 居 宅 介 護") == ("架空居宅介護", "spaced_name")
    assert repairs.name("架空　訪問看護") == ("架空　訪問看護", "")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("カクウ", "カクウ", ""),
        ("かくう", "カクウ", "kana"),
        ("カクウ介護", "カクウ介護", "kana_with_kanji"),
        ("ｶｸｳ", "カクウ", "half_kana"),
    ],
)
def test_kana(before, after, reason):
    assert repairs.kana(before) == (after, reason)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("0999-00-1422", "0999-00-1422", ""),
        ("", "", ""),
        ("なし", "", "spaces"),
        ("０４７８－５５－１１１３", "0478-55-1113", "width"),
        ("0478‐55‐1113", "0478-55-1113", "width"),
        ("0478551113", "0478-55-1113", "width"),
        ("478551113", "0478-55-1113", "leading_zero"),
        ("0478-55-1113（代）", "0478-55-1113", "width"),
        ("070 - 2305 - ", "070 - 2305 -", "phone_unusable"),
    ],
)
def test_phone(before, after, reason):
    assert repairs.phone(before) == (after, reason)


@pytest.mark.parametrize(
    ("before", "after", "mail", "reason"),
    [
        ("https://www.example.jp/a", "https://www.example.jp/a", "", ""),
        ("", "", "", ""),
        ("www.example.jp", "http://www.example.jp", "", "url"),
        ("http;//www.example.jp", "http://www.example.jp", "", "url"),
        ("ｈｔｔｐ://www.example.jp", "http://www.example.jp", "", "url"),
        ("ttps://www.example.jp", "https://www.example.jp", "", "url"),
        ("http://www. example.jp", "http://www.example.jp", "", "url"),
        ("info@minamo.example", "", "info@minamo.example", "mail_in_url"),
        ("http://info@minamo.example", "", "info@minamo.example", "mail_in_url"),
        ("@@", "", "", "url_unusable"),
        ("なし", "", "", "spaces"),
        ("架空のページ", "", "", "url_unusable"),
    ],
)
def test_url(before, after, mail, reason):
    assert repairs.url(before) == ((after, reason), mail)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("", None, ""),
        ("0", None, "capacity_zero"),
        ("29", 29, ""),
        ("２０名", 20, "capacity_text"),
        ("定員 20人（2単位）", None, "capacity_unusable"),
        ("0名", None, "capacity_zero"),
        ("なし", None, ""),
        ("多数", None, "capacity_unusable"),
        ("99999", None, "capacity_unusable"),
    ],
)
def test_capacity_of_zero_is_not_recorded(before, after, reason):
    assert repairs.capacity(before) == (after, reason)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("9960190013", "9960190013", ""),
        ("99Ｂ0190013", "99B0190013", "width"),
        ("196019001", "0196019001", "leading_zero"),
        ("12345", "", ""),
    ],
)
def test_office_number(before, after, reason):
    assert repairs.office_number(before) == (after, reason)


@pytest.mark.parametrize(
    ("north", "east", "reason"),
    [
        ("35.7", "141.2", ""),
        ("0", "0", "coordinates_missing"),
        ("0.0", "0.0", "coordinates_missing"),
        ("", "", "coordinates_missing"),
        ("nan", "nan", "coordinates_missing"),
        ("北緯35", "東経141", "coordinates_missing"),
        ("53.41291", "-8.24388", "coordinates_abroad"),
        ("36.204824", "138.25292399999998", "coordinates_default"),
        ("141.2", "35.7", "coordinates_swapped"),
        ("３５．７", "１４１．２", "width"),
    ],
)
def test_position(north, east, reason):
    found = repairs.position(north, east)

    assert found.reason == reason
    if reason in {"", "coordinates_swapped", "width"}:
        assert (found.latitude, found.longitude) == (35.7, 141.2)


def test_building_written_twice_is_written_once():
    doubled = repairs.without_building("架空市北浜6-8北浜ビル1階", "北浜ビル1階")

    assert doubled == ("架空市北浜6-8", "building_doubled")
    assert repairs.without_building("架空市北浜6-8", "") == ("架空市北浜6-8", "")
    assert repairs.without_building("架空市北浜6-8", "8") == ("架空市北浜6-8", "")
    assert repairs.without_building("架空市北浜6-8", "ほかのビル").reason == ""


def test_codes_get_their_lost_zero_elsewhere_and_lose_decimals_here():
    assert repairs.municipality_code("992011") == ("992011", "")
    assert repairs.municipality_code("992011.0") == ("992011", "width")


def test_too_long_values_are_cut_and_said():
    assert repairs.limited("あ" * 5, 3) == ("あああ", "too_long")
