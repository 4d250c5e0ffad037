from __future__ import annotations

import csv

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from renkei.foundation.common import codes
from renkei.foundation.common.prefectures import PREFECTURES, is_prefecture_code, prefecture_name
from renkei.testing import shared_data

DIGITS = st.text("0123456789", min_size=1, max_size=13)


@pytest.mark.parametrize(
    ("check", "code"),
    [
        *(
            (codes.check_municipality_code, code)
            for code in ("011002", "131016", "402036", "112062", "202053", "092011")
        ),
        *(
            (codes.check_insurer_number, code)
            for code in ("011007", "141002", "131128", "402032", "112060", "202051")
        ),
        (codes.check_health_insurer_number, "33120015"),
        *(
            (codes.check_institution_code, code)
            for code in ("0110113719", "0112910997", "0110116381")
        ),
        (codes.check_care_office_number, "04B2600015"),
        (codes.check_care_office_number, "0110113719"),
        (codes.check_corporate_number, "7000012050002"),
        (codes.check_insured_number, "0000123456"),
        (codes.check_insured_number, "H000123456"),
    ],
)
def test_t_r3_published_codes_are_valid(check, code):
    assert check(code) == codes.CodeResult(code, valid=True)


@pytest.mark.parametrize(
    ("check", "typed", "likely"),
    [
        (codes.check_municipality_code, "402032", "402036"),
        (codes.check_municipality_code, "４０２－０３１", "402036"),
        (codes.check_insurer_number, "402036", "402032"),
        (codes.check_health_insurer_number, "33120016", "33120015"),
        (codes.check_institution_code, "0110113710", "0110113719"),
        (codes.check_institution_code, "1310000001", "1310000000"),
        (codes.check_corporate_number, "1000012050002", "7000012050002"),
        (codes.check_corporate_number, "000012050002", "7000012050002"),
    ],
)
def test_t_r3_wrong_check_digit_is_refused_with_the_likely_right_one(check, typed, likely):
    result = check(typed)

    assert (result.valid, result.expected) == (False, likely)
    with pytest.raises(ValidationError, match=f"{likely}.*入力してください。") as refused:
        codes.require(result)
    assert refused.value.code == "code"
    assert check(likely).valid


def test_t_r3_care_office_number_with_a_wrong_digit_warns_but_is_accepted():
    result = codes.check_care_office_number("0110113710")

    assert (result.valid, result.expected, result.warning_only) == (False, "0110113719", True)
    assert codes.require(result) == "0110113710"


@pytest.mark.parametrize(
    ("check", "typed", "sentence"),
    [
        (codes.check_municipality_code, "久留米", "市区町村コードは6桁"),
        (codes.check_municipality_code, "482030", "都道府県番号"),
        (codes.check_insurer_number, "", "保険者番号は6桁"),
        (codes.check_insurer_number, "994007", "都道府県番号"),
        (codes.check_health_insurer_number, "1234567", "8桁"),
        (codes.check_institution_code, "0112489", "医療機関コードは10桁"),
        (codes.check_institution_code, "9910000001", "都道府県番号"),
        (codes.check_care_office_number, "AB12345678", "事業所番号は10桁"),
        (codes.check_care_office_number, "9910000001", "都道府県番号"),
        (codes.check_corporate_number, "7.00001E+12", "法人番号は13桁"),
        (codes.check_insured_number, "H12345678", "被保険者番号は10桁"),
    ],
)
def test_codes_of_another_shape_are_refused_with_what_to_do(check, typed, sentence):
    with pytest.raises(ValidationError, match=f"{sentence}.*入力してください。"):
        codes.require(check(typed))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("40203", "402036"), ("92011", "092011"), ("1100", "011002"), ("４０２０３６", "402036")],
)
def test_municipality_code_is_completed_and_its_zero_given_back(typed, stored):
    assert codes.check_municipality_code(typed) == codes.CodeResult(stored, valid=True)


def test_fictional_prefecture_only_where_told():
    assert not codes.check_municipality_code("99202").valid
    assert codes.check_municipality_code("99202", allow_fictional=True).valid
    assert codes.check_insurer_number("992016", allow_fictional=True).valid
    assert codes.check_institution_code("9910000001", allow_fictional=True).expected
    assert codes.check_care_office_number("99B0000001", allow_fictional=True).valid


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("92011", 6, "092011"),
        ("92011.0", 6, "092011"),
        ("092011", 6, "092011"),
        ("架空", 6, "架空"),
        ("1234567", 6, "1234567"),
    ],
)
def test_repair_leading_zero(text, length, expected):
    assert codes.repair_leading_zero(text, length) == expected


def test_lost_zero_of_longer_codes_is_given_back():
    assert codes.check_institution_code("110113719").value == "0110113719"
    assert codes.check_care_office_number("110113719").value == "0110113719"
    assert codes.check_insurer_number("11007").value == "011007"


def test_institution_code_from_its_parts():
    assert codes.institution_code("01", "1", "0112489") == "0110112489"
    assert codes.institution_code("13", "3", "01,1234") == "1330011234"


@given(DIGITS, st.integers(0, 12), st.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(body, place, change):
    code = body + codes.mod10_check_digit(body)
    place %= len(code)
    wrong = code[:place] + str((int(code[place]) + change) % 10) + code[place + 1 :]

    assert codes.mod10_check_digit(wrong[:-1]) != wrong[-1]


@given(st.text("0123456789", min_size=12, max_size=12))
def test_corporate_check_digit_is_one_to_nine(body):
    assert codes.corporate_check_digit(body) in "123456789"


@given(st.text(max_size=20))
def test_any_text_gets_an_answer(text):
    for check in (
        codes.check_municipality_code,
        codes.check_insurer_number,
        codes.check_health_insurer_number,
        codes.check_institution_code,
        codes.check_care_office_number,
        codes.check_corporate_number,
        codes.check_insured_number,
    ):
        assert check(text).valid is (check(text).message == "")


def test_prefectures_are_numbered_from_north_to_south():
    assert (len(PREFECTURES), PREFECTURES["01"], PREFECTURES["47"]) == (47, "北海道", "沖縄県")
    assert (prefecture_name("402036"), prefecture_name("99"), prefecture_name("")) == (
        "福岡県",
        "架空県",
        "",
    )
    assert (is_prefecture_code("99"), is_prefecture_code("00")) == (False, False)


@pytest.mark.shared
def test_t_r3_every_published_institution_code_fits_one_of_the_two_rules():
    path = shared_data("filings/insurance-institution-codes-202508.csv")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [(row[0][:2], row[1]) for row in csv.reader(lines)]

    odd = [
        (prefecture, number)
        for prefecture, number in rows
        if not any(
            codes.check_institution_code(codes.institution_code(prefecture, table, number)).valid
            for table in "13"
        )
    ]

    assert (len(rows), odd) == (97_024, [])
