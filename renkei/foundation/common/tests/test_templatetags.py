from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from renkei.foundation.common.templatetags import renkei as filters


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 11, 22),
        datetime(2026, 11, 21, 15, 0, tzinfo=UTC),
        datetime.fromisoformat("2026-11-22T01:00"),
    ],
)
def test_filters_write_the_day_in_japan(value):
    assert filters.jdate(value) == "2026年11月22日（日）"
    assert filters.wareki(value) == "令和8年11月22日"
    assert filters.jdate_both(value) == "令和8年11月22日（2026年）"


@pytest.mark.parametrize("value", [None, "", "2026-11-22"])
def test_filters_write_nothing_for_what_is_no_day(value):
    assert filters.jdate(value) == filters.wareki(value) == filters.jdate_both(value) == ""


@pytest.mark.parametrize(
    ("value", "link"),
    [
        ("03-1234-5678", "tel:0312345678"),
        ("０３（１２３４）５６７８ 内線12", "tel:0312345678"),
        (None, ""),
        ("代表", ""),
    ],
)
def test_phone_link(value, link):
    assert filters.phone_link(value) == link
