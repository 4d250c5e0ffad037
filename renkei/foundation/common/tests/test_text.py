from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from renkei.foundation.common import text


@pytest.mark.parametrize(
    "value", ["", "架空 花子", "葛\U000e0100城", "𠮷野", "👩‍⚕️", "髙﨑㈱①～", "\u3000"]
)
def test_text_problem_is_empty_for_what_can_be_kept(value):
    assert text.text_problem(value) == ""
    assert text.require_storable(value) == value


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (
            "架空\ue000子",
            "3文字目に外字（U+E000）があります。標準の文字に置き換えて入力してください。",
        ),
        ("\uf8ff", "1文字目に外字（U+F8FF）があります。標準の文字に置き換えて入力してください。"),
        (
            "\U000f0000",
            "1文字目に外字（U+F0000）があります。標準の文字に置き換えて入力してください。",
        ),
        (
            "\U0010fffd",
            "1文字目に外字（U+10FFFD）があります。標準の文字に置き換えて入力してください。",
        ),
        ("ab\x00", "3文字目に使えない文字（U+0000）があります。その文字を消して入力してください。"),
        (
            "a\u202eb",
            "2文字目に使えない文字（U+202E）があります。その文字を消して入力してください。",
        ),
        ("\ud800", "1文字目に使えない文字（U+D800）があります。その文字を消して入力してください。"),
        ("a\nb", "2文字目に改行またはタブがあります。1行で入力してください。"),
    ],
)
def test_text_problem_names_the_place_and_the_remedy(value, sentence):
    assert text.text_problem(value) == sentence
    with pytest.raises(ValidationError) as refused:
        text.require_storable(value)
    assert refused.value.messages == [sentence]


def test_text_problem_of_several_lines_names_the_line():
    assert text.text_problem("一行\n二\ue000", multiline=True).startswith("2行目の2文字目に外字")
    assert text.text_problem("一\ue000行\n", multiline=True).startswith("1行目の2文字目に外字")
    assert text.text_problem("一行\r\n\t二", multiline=True) == ""


@pytest.mark.parametrize(
    ("value", "length"),
    [
        ("", 0),
        ("架空花子", 4),
        ("葛\U000e0100城", 2),
        ("か\u3099", 1),
        ("𠮷野", 2),
        ("👩‍⚕️", 1),
        ("👍🏽", 1),
        ("🇯🇵🇯🇵", 2),
        ("🇯", 1),
        ("a\r\nb", 3),
        ("\u3099", 1),
    ],
)
def test_grapheme_length_counts_as_people_do(value, length):
    assert text.grapheme_length(value) == length


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (Decimal("42.60"), "kg", "42.6 kg"),
        (Decimal("100.00"), "mmHg", "100 mmHg"),
        (Decimal(100), "%", "100 %"),
        (Decimal("36.5"), "℃", "36.5 ℃"),
        (1250, "mL", "1,250 mL"),
        (Decimal("3.00"), "/10", "3/10"),
        (8, "割", "8割"),
        (Decimal(72), "回/分", "72回/分"),
        (Decimal("0.00"), "", "0"),
    ],
)
def test_a_value_stands_apart_from_its_unit(value, unit, shown):
    assert text.with_unit(value, unit) == shown
