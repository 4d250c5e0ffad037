"""和暦 and 年度: reading every spelling of a day, writing the ones the house uses.

Source: 元号を改める政令 (平成31年政令第143号) and its predecessors for the first days;
明治5年太政官布告第337号 for 明治6年1月1日 = 1873-01-01, the first day of the solar calendar.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError


@dataclass(frozen=True, slots=True)
class Era:
    """An era; where one day belongs to two of them it is ``last`` of one and ``first`` of both."""

    name: str
    letter: str
    first: date
    last: date

    def year_of(self, year: int) -> int:
        return year - self.first.year + 1

    def label(self, year: int) -> str:
        """令和8 for 2026, 令和元 for 2019."""
        number = self.year_of(year)
        return self.name + ("元" if number == 1 else str(number))


ERAS = (
    Era("明治", "M", date(1868, 1, 25), date(1912, 7, 30)),
    Era("大正", "T", date(1912, 7, 30), date(1926, 12, 25)),
    Era("昭和", "S", date(1926, 12, 25), date(1989, 1, 7)),
    Era("平成", "H", date(1989, 1, 8), date(2019, 4, 30)),
    Era("令和", "R", date(2019, 5, 1), date.max),
)
FIRST_DAY = date(1873, 1, 1)
# No plan reaches further: what a person types beyond is a slip, and 9999 has no day after it.
LAST_YEAR = 2999
# Old cards run past the end of an era (平成33年); more than a life is a slip of the pen.
_LONGEST_OVERRUN = 150

_ERA_BY_SIGN = {sign: era for era in ERAS for sign in (era.name, era.name[0], era.letter)}
_SIGNS = "|".join(sorted(_ERA_BY_SIGN, key=len, reverse=True))
_SEPARATOR = r"[./・\-‐–−ー]"
_REST = rf"(?:年|{_SEPARATOR})([0-9]{{1,2}})(?:月|{_SEPARATOR})([0-9]{{1,2}})日?"
_ERA_DAY = re.compile(rf"({_SIGNS})(元|[0-9]{{1,3}}){_REST}")
_WESTERN_DAY = re.compile(rf"(?:西暦)?([0-9]{{4}}){_REST}")
_WESTERN_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
# What spreadsheets and this house's own formats put behind a day.
_TRAILERS = re.compile(
    r"(?:[T ]0?0:00(?::00(?:\.0+)?)?|\((?:[月火水木金土日](?:曜日?)?|[0-9]{4}年)\))$"
)
_WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class ReadDay:
    """A day as read; ``note`` tells the user when the era had ended (平成33年), else ""."""

    day: date
    note: str = ""


def read_day(text: str) -> ReadDay:
    """Read R8.11.22, 令和8年11月22日, 昭32. 7. 1, 2026-11-22, 20261122 …, in any width.

    A day that two eras share is read by either; a year beyond the end of its era is converted.

    Raises:
        ValidationError: not a day, not in the calendar, or before 明治6年.
    """
    plain = unicodedata.normalize("NFKC", text).upper().strip()
    plain = re.sub(r"\s+", "", _TRAILERS.sub("", plain))
    if match := _ERA_DAY.fullmatch(plain):
        return _read_era_day(*match.groups())
    if match := _WESTERN_DAY.fullmatch(plain) or _WESTERN_COMPACT.fullmatch(plain):
        year, month, day = map(int, match.groups())
        return ReadDay(_existing_day(year, month, day))
    raise ValidationError(
        "日付は「2026年11月22日」「令和8年11月22日」「R8.11.22」のように入力してください。",
        code="day",
    )


def require_reachable(day: date) -> date:
    """The day as it is; refused where no form can mean it. Files may well say 9999-12-31."""
    if day.year > LAST_YEAR:
        raise ValidationError("年を確かめて入力してください。", code="day")
    return day


def parse_day(text: str) -> date:
    """``read_day`` where a note about the era is of no use."""
    return read_day(text).day


def _read_era_day(sign: str, year_text: str, month: str, day: str) -> ReadDay:
    era = _ERA_BY_SIGN[sign]
    number = 1 if year_text == "元" else int(year_text)
    if not 1 <= number <= _LONGEST_OVERRUN:
        raise ValidationError(
            f"{era.name}{number}年という年はありません。年を確かめて入力してください。", code="day"
        )
    value = _existing_day(era.first.year + number - 1, int(month), int(day))
    if value < era.first:
        raise ValidationError(
            f"{era.name}は{format_western(era.first)}からです。{format_long(value)}の誤りでは"
            "ありませんか。日付を確かめて入力してください。",
            code="day",
        )
    if value <= era.last:
        return ReadDay(value)
    typed = f"{era.label(value.year)}年{value.month}月{value.day}日"
    return ReadDay(value, f"{typed}は{format_long(value)}として読み取りました。")


def _existing_day(year: int, month: int, day: int) -> date:
    try:
        value = date(year, month, day)
    except ValueError:
        raise ValidationError(
            f"{year}年{month}月{day}日という日はありません。日付を確かめて入力してください。",
            code="day",
        ) from None
    if value < FIRST_DAY:
        raise ValidationError(
            "明治5年までは暦が異なります。明治6年（1873年）1月1日以降の日付を入力してください。",
            code="day",
        )
    return value


# Writing ----------------------------------------------------------------------------------


def era_of(day: date) -> Era | None:
    """The era of a day, the new one where two share it; None before 明治6年."""
    if day < FIRST_DAY:
        return None
    return next(era for era in reversed(ERAS) if era.first <= day)


def format_western(day: date) -> str:
    """2026年11月22日"""
    return f"{day.year}年{day.month}月{day.day}日"


def format_long(day: date) -> str:
    """令和8年11月22日; western before 明治6年."""
    era = era_of(day)
    return f"{era.label(day.year)}年{day.month}月{day.day}日" if era else format_western(day)


def format_screen(day: date) -> str:
    """2026年11月22日（日）"""
    return f"{format_western(day)}（{_WEEKDAYS[day.weekday()]}）"


def format_both(day: date) -> str:
    """令和8年11月22日（2026年）, where a person compares with a card."""
    return f"{format_long(day)}（{day.year}年）" if era_of(day) else format_western(day)


# 年度 -------------------------------------------------------------------------------------

_FIRST_MONTH = 4


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """A 年度, April to March, named by the year of its April."""

    year: int

    @property
    def start(self) -> date:
        return date(self.year, _FIRST_MONTH, 1)

    @property
    def end(self) -> date:
        return date(self.year + 1, _FIRST_MONTH, 1) - timedelta(days=1)

    @property
    def era(self) -> Era:
        """The era it is counted in.

        Where the era changes within it, the setting FISCAL_YEAR_ERA decides: "new" (令和元年度,
        as the national government writes for 2019) or "old" (平成31年度). An era that had no day
        in that calendar year cannot count it: 1988 is 昭和63年度 either way.
        """
        started, ended = era_of(self.start), era_of(self.end)
        if started is None or ended is None:
            raise ValueError(f"no era counts the fiscal year {self.year}")
        keep_old = getattr(settings, "FISCAL_YEAR_ERA", "new") == "old"
        return started if keep_old or ended.year_of(self.year) < 1 else ended

    @property
    def label(self) -> str:
        """令和8年度"""
        return f"{self.era.label(self.year)}年度"

    @property
    def short(self) -> str:
        """R8, for column heads only; never alone on a page."""
        return f"{self.era.letter}{self.era.year_of(self.year)}"

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return self.label


def fiscal_year(day: date) -> FiscalYear:
    return FiscalYear(day.year - (day.month < _FIRST_MONTH))


# Age --------------------------------------------------------------------------------------


def age_on(birthday: date, day: date) -> int:
    """満年齢 on a day; whoever is born on 29 February has the birthday on 1 March otherwise."""
    return day.year - birthday.year - ((day.month, day.day) < (birthday.month, birthday.day))


def age_reached_on(birthday: date, age: int) -> date:
    """年齢到達日: the day before the birthday, which decides 65 and 40 in 介護保険.

    Source: 年齢計算ニ関スル法律（明治35年法律第50号）, 民法第143条.
    """
    year = birthday.year + age
    try:
        that_day = birthday.replace(year=year)
    except ValueError:  # 29 February
        that_day = date(year, 3, 1)
    return that_day - timedelta(days=1)
