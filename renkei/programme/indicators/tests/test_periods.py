"""Periods as headings write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.programme.indicators.charts import Line, axis_of, charts_of
from renkei.programme.indicators.models import PeriodKind
from renkei.programme.indicators.numerals import number_text, read_numeral, rounded, spoken
from renkei.programme.indicators.periods import (
    Period,
    calendar_year,
    fiscal,
    month,
    months_of,
    on_day,
    plan,
    read_period,
)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("H29", 2017),
        ("平成29年度", 2017),
        ("平成２９年度", 2017),
        ("H31/R1", 2019),
        ("平成31年度", 2019),
        ("R元", 2019),
        ("令和元年度", 2019),
        ("R1年度", 2019),
        ("2017", 2017),
        ("2017年度", 2017),
        ("令和 8 年度", 2026),
    ],
)
def test_t_i1b_a_year_is_read_in_every_spelling(text, year):
    assert read_period(text, PeriodKind.FISCAL_YEAR) == fiscal(year)


def test_t_i1b_the_first_year_of_reiwa_spans_two_eras():
    year = fiscal(2019)

    assert (year.label, year.short, year.western) == ("令和元年度", "令和元", "2019")
    assert (year.first, year.last) == (date(2019, 4, 1), date(2020, 3, 31))
    assert [one.label for one in months_of(year)][:2] == ["平成31年4月", "令和元年5月"]
    assert months_of(year)[-1] == month(2020, 3)
    assert calendar_year(2019).label == "令和元年"


@given(st.integers(1989, 2060))
def test_t_i1b_every_label_of_a_year_is_read_back(year):
    for period in (fiscal(year), calendar_year(year), plan(2000 + max(year - 2000, 0) // 3 * 3)):
        assert read_period(period.label, period.kind) == period
        assert period.before().first < period.first
        assert period.first <= period.last


@pytest.mark.parametrize(
    ("text", "kind", "period"),
    [
        ("令和5年4月", PeriodKind.MONTH, month(2023, 4)),
        ("2023-04", PeriodKind.MONTH, month(2023, 4)),
        ("2015年8月1日", PeriodKind.DAY, on_day(date(2015, 8, 1))),
        ("第9期", PeriodKind.PLAN, plan(2024)),
        ("2024", PeriodKind.PLAN, plan(2024)),
        ("市区町村", PeriodKind.FISCAL_YEAR, None),
        ("12345", PeriodKind.FISCAL_YEAR, None),
        ("1850", PeriodKind.FISCAL_YEAR, None),
        ("令和5年13月", PeriodKind.MONTH, None),
        ("きょう", PeriodKind.DAY, None),
    ],
)
def test_other_periods_are_read_or_refused(text, kind, period):
    assert read_period(text, kind) == period


def test_periods_know_the_one_before():
    assert month(2024, 1).before() == month(2023, 12)
    assert plan(2024).before() == plan(2021)
    assert on_day(date(2024, 1, 1)).before() == on_day(date(2024, 1, 1))
    assert month(2024, 2).last == date(2024, 2, 29)
    assert plan(2024).last == date(2027, 3, 31)
    assert plan(2024).short == "第9期"
    assert Period("day", "2015-08-01").western == "2015-08-01"


@pytest.mark.parametrize(
    ("text", "value", "absence", "printed"),
    [
        ("1,234.50", "1234.50", "", "1234.50"),
        ("１２．３％", "12.3", "", "12.3"),
        ("△5", "-5", "", "-5"),
        ("0", "0", "", "0"),
        ("", None, "not_recorded", ""),
        ("-", None, "none", ""),
        ("***", None, "suppressed", ""),
        ("X", None, "suppressed", ""),
        ("…", None, "unknown", ""),
        ("無回答", None, "not_answered", ""),
    ],
)
def test_zero_missing_and_hidden_are_read_apart(text, value, absence, printed):
    found = read_numeral(text)

    assert found is not None
    assert found.value == (None if value is None else Decimal(value))
    assert (found.absence, found.printed) == (absence, printed)


def test_what_is_no_number_is_not_guessed():
    assert read_numeral("約12") is None
    assert read_numeral("1,23") is None


def test_numbers_are_written_as_printed_or_rounded_half_up():
    assert number_text(Decimal("1234.25"), 1) == "1,234.3"
    assert number_text(Decimal(537), 1, "537") == "537"
    assert number_text(Decimal(-1234), 0) == "-1,234"
    assert rounded(Decimal("0.25"), 1) == Decimal("0.3")
    assert spoken("537", "回/人口10万対") == "人口10万対537回"
    assert spoken("38.2", "%") == "38.2%"


def test_a_chart_holds_zero_and_leaves_gaps():
    assert [*map(float, axis_of([Decimal(573)]))] == [0, 600, 200]
    assert [*map(float, axis_of([Decimal(-5), Decimal(5)]))] == [-5, 5, 2.5]
    assert charts_of("", "", [], []) == []
    texts = ["1", "", "3"]
    values = [Decimal(1), None, Decimal(3)]
    wide, narrow = charts_of(
        "架空",
        "件",
        [("令和元", "2019"), ("令和2", "2020"), ("令和3", "2021")],
        [Line("甲", values, texts), Line("乙", values, texts)],
    )

    assert [len(line.parts) for line in wide.lines] == [2, 2]
    assert wide.lines[1].end_y - wide.lines[0].end_y >= wide.font
    assert narrow.width == 400
