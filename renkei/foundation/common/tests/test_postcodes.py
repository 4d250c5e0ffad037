from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from renkei.foundation.common import postcodes


@pytest.mark.parametrize(
    "text",
    ["1234567", "123-4567", "〒123-4567", "〒１２３－４５６７", " 123ー4567 ", "１２３４５６７"],
)
def test_read_postcode_in_any_width(text):
    assert postcodes.read_postcode(text) == "1234567"
    assert postcodes.require_postcode(text) == "1234567"


@pytest.mark.parametrize("text", ["", "123", "12345678", "123-456", "架空市"])
def test_postcode_of_another_shape_is_refused(text):
    assert postcodes.read_postcode(text) == ""
    with pytest.raises(ValidationError, match=r"7桁の数字で.*入力してください。"):
        postcodes.require_postcode(text)


@pytest.mark.parametrize(
    ("text", "digits"),
    [("600042", "0600042"), ("600042.0", "0600042"), ("060-0042", "0600042"), ("42", "")],
)
def test_repair_postcode_gives_the_zero_back(text, digits):
    assert postcodes.repair_postcode(text) == digits


def test_format_postcode():
    assert postcodes.format_postcode("1234567") == "123-4567"
    assert postcodes.format_postcode("不明") == "不明"
