from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings
from hypothesis import example, given
from hypothesis import strategies as st

from renkei.foundation.common import eras
from renkei.foundation.common.eras import FiscalYear

DAYS = st.dates(date(1873, 1, 1), date(2060, 12, 31))
BORDERS = [
    date(1912, 7, 30),
    date(1926, 12, 25),
    date(1989, 1, 7),
    date(1989, 1, 8),
    date(2019, 4, 30),
    date(2019, 5, 1),
]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("R8.11.22", date(2026, 11, 22)),
        ("r8/11/22", date(2026, 11, 22)),
        ("Ｒ８．１１．２２", date(2026, 11, 22)),
        ("令和8年11月22日", date(2026, 11, 22)),
        ("令和８年１１月２２日（日）", date(2026, 11, 22)),
        ("令和8年11月22日（2026年）", date(2026, 11, 22)),
        ("㋿8年11月22日", date(2026, 11, 22)),
        ("令和 6年 7月 1日", date(2024, 7, 1)),
        ("令　6・7・1", date(2024, 7, 1)),
        ("令和元年5月1日", date(2019, 5, 1)),
        ("令和1年5月1日", date(2019, 5, 1)),
        ("昭32. 7. 1", date(1957, 7, 1)),
        ("S32-7-1", date(1957, 7, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("M6.1.1", date(1873, 1, 1)),
        ("明治45年7月30日", date(1912, 7, 30)),
        ("大正元年7月30日", date(1912, 7, 30)),
        ("大正15年12月25日", date(1926, 12, 25)),
        ("昭和元年12月25日", date(1926, 12, 25)),
        ("2026-11-22", date(2026, 11, 22)),
        ("2026/11/22", date(2026, 11, 22)),
        ("2026/1/2", date(2026, 1, 2)),
        ("2026年11月22日", date(2026, 11, 22)),
        ("西暦2026年11月22日", date(2026, 11, 22)),
        (" 20261122 ", date(2026, 11, 22)),
        ("2026-11-22 00:00:00", date(2026, 11, 22)),
        ("2026-11-22T00:00:00.000", date(2026, 11, 22)),
        ("9999-12-31", date(9999, 12, 31)),
    ],
)
def test_read_day_reads_every_spelling(text, day):
    assert eras.read_day(text) == eras.ReadDay(day)


@pytest.mark.parametrize(
    ("text", "day", "note"),
    [
        ("平成33年4月1日", date(2021, 4, 1), "平成33年4月1日は令和3年4月1日として読み取りました。"),
        ("H31.5.1", date(2019, 5, 1), "平成31年5月1日は令和元年5月1日として読み取りました。"),
        (
            "昭和64年1月8日",
            date(1989, 1, 8),
            "昭和64年1月8日は平成元年1月8日として読み取りました。",
        ),
    ],
)
def test_read_day_converts_a_year_beyond_its_era_and_says_so(text, day, note):
    assert eras.read_day(text) == eras.ReadDay(day, note)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "のように入力してください。"),
        ("きのう", "のように入力してください。"),
        ("26/11/22", "のように入力してください。"),
        ("2026-11-22 13:00", "のように入力してください。"),
        ("2026-02-29", "2026年2月29日という日はありません。"),
        ("令和8年13月1日", "2026年13月1日という日はありません。"),
        ("0000-01-01", "という日はありません。"),
        ("令和0年1月1日", "令和0年という年はありません。"),
        ("昭和999年1月1日", "昭和999年という年はありません。"),
        ("令和元年4月30日", "令和は2019年5月1日からです。平成31年4月30日の誤り"),
        ("明治5年12月2日", "明治6年（1873年）1月1日以降の日付を入力してください。"),
        ("1872-12-31", "明治6年（1873年）1月1日以降の日付を入力してください。"),
    ],
)
def test_read_day_refuses_with_a_sentence(text, sentence):
    with pytest.raises(ValidationError) as refused:
        eras.parse_day(text)

    assert sentence in refused.value.message
    assert refused.value.message.endswith("入力してください。")


def test_a_year_nobody_can_mean_is_asked_back():
    assert eras.require_reachable(date(2999, 12, 31)) == date(2999, 12, 31)
    with pytest.raises(ValidationError, match="年を確かめて入力してください。"):
        eras.require_reachable(date(9999, 12, 31))


@given(DAYS)
@example(BORDERS[0])
@example(BORDERS[1])
@example(BORDERS[2])
@example(BORDERS[3])
@example(BORDERS[4])
@example(BORDERS[5])
def test_every_format_is_read_back_as_the_same_day(day):
    era = eras.era_of(day)
    assert era
    short = f"{era.letter}{era.year_of(day.year)}.{day.month}.{day.day}"
    for text in (
        eras.format_long(day),
        eras.format_screen(day),
        eras.format_both(day),
        short,
        day.isoformat(),
        f"{day:%Y%m%d}",
    ):
        assert eras.read_day(text) == eras.ReadDay(day)


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_a_sentence(text):
    try:
        day, sentence = eras.parse_day(text), "入力してください。"
    except ValidationError as error:
        day, sentence = eras.FIRST_DAY, str(error.message)

    assert (day >= eras.FIRST_DAY, sentence.endswith("入力してください。")) == (True, True)


def test_formats():
    day = date(2026, 11, 22)

    assert eras.format_long(day) == "令和8年11月22日"
    assert eras.format_screen(day) == "2026年11月22日（日）"
    assert eras.format_both(day) == "令和8年11月22日（2026年）"
    assert [eras.format_long(day)[:3] for day in BORDERS] == [
        "大正元",
        "昭和元",
        "昭和6",
        "平成元",
        "平成3",
        "令和元",
    ]


def test_formats_before_the_solar_calendar_are_western():
    assert (
        eras.format_long(date(1872, 1, 1)) == eras.format_both(date(1872, 1, 1)) == "1872年1月1日"
    )


def test_fiscal_year_runs_from_april_to_march():
    year = eras.fiscal_year(date(2027, 3, 31))

    assert (year, year.start, year.end) == (FiscalYear(2026), date(2026, 4, 1), date(2027, 3, 31))
    assert (year.label, year.short, str(year)) == ("令和8年度", "R8", "令和8年度")
    assert eras.fiscal_year(date(2027, 4, 1)) == FiscalYear(2027) > year


@pytest.mark.parametrize(
    ("year", "new", "old"),
    [
        (2019, "令和元年度", "平成31年度"),
        (2020, "令和2年度", "令和2年度"),
        (1988, "昭和63年度", "昭和63年度"),
        (1989, "平成元年度", "平成元年度"),
        (1926, "昭和元年度", "大正15年度"),
    ],
)
def test_t_i1b_fiscal_year_with_two_eras_is_labelled_by_the_setting(year, new, old):
    assert FiscalYear(year).label == new
    with override_settings(FISCAL_YEAR_ERA="old"):
        assert FiscalYear(year).label == old


def test_fiscal_year_before_the_solar_calendar_has_no_label():
    with pytest.raises(ValueError, match="1872"):
        _ = FiscalYear(1872).label


@given(DAYS)
def test_every_day_lies_in_its_fiscal_year_and_in_no_neighbour(day):
    year = eras.fiscal_year(day)

    assert day in year
    assert day not in FiscalYear(year.year + 1)
    assert day not in FiscalYear(year.year - 1)


@pytest.mark.parametrize(
    ("birthday", "age", "reached"),
    [
        (date(1961, 11, 23), 65, date(2026, 11, 22)),
        (date(1961, 4, 1), 65, date(2026, 3, 31)),
        (date(1960, 2, 29), 65, date(2025, 2, 28)),
        (date(1960, 2, 29), 64, date(2024, 2, 28)),
        (date(1961, 3, 1), 63, date(2024, 2, 29)),
    ],
)
def test_age_is_reached_on_the_day_before_the_birthday(birthday, age, reached):
    assert eras.age_reached_on(birthday, age) == reached


@given(DAYS, st.integers(0, 120))
def test_age_changes_the_day_after_it_is_reached(birthday, age):
    reached = eras.age_reached_on(birthday, age)

    assert eras.age_on(birthday, reached) == age - 1
    assert eras.age_on(birthday, date.fromordinal(reached.toordinal() + 1)) == age
