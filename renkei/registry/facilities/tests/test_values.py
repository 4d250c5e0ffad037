from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from renkei.registry.facilities.values import read_spans, read_words, value_text


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", None),
        ("休み", []),
        ("9:00～12:00", [["09:00", "12:00"]]),
        ("９：００〜１２：３０、13時-17時", [["09:00", "12:30"], ["13:00", "17:00"]]),
        ("22:00-30:00", [["22:00", "30:00"]]),
    ],
)
def test_read_spans(text, spans):
    assert read_spans(text) == spans


@pytest.mark.parametrize("text", ["午前中", "12:00～9:00", "9:00", "9:00～31:00"])
def test_read_spans_refuses_with_an_example(text):
    with pytest.raises(ValidationError, match="9:00～12:00"):
        read_spans(text)


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("phone", "", "記録なし"),
        ("capacity", None, "記録なし"),
        ("capacity", 0, "0"),
        ("hours", {"sat": [["09:00", "12:00"]], "sun": []}, "土 9:00～12:00／日 休み"),
        ("capabilities", ["home_visit", "unknown"], "訪問診療、unknown"),
        ("departments", ["内科", "外科"], "内科、外科"),
        ("status", "possibly_ended", "掲載終了の可能性"),
        ("attributes.送迎", "あり", "あり"),
    ],
)
def test_value_text(field, value, text):
    assert value_text(field, value) == text


def test_read_words_takes_each_once():
    assert read_words("内科、外科\n内科, 歯科") == ["内科", "外科", "歯科"]
