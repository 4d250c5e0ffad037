"""Printed numbers of the source documents, digit by digit, with where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from renkei.foundation.areas.models import AreaLevel
from renkei.programme.indicators.models import Quality
from renkei.programme.indicators.periods import Period, calendar_year, fiscal, on_day
from renkei.programme.indicators.shipped.programme import ITEMS
from renkei.programme.indicators.shipped.words import GYODA, SURVEY_2015


@dataclass(frozen=True)
class Place:
    """An area by level, code and name: made where no import has brought it yet."""

    level: AreaLevel
    code: str
    name: str
    prefecture_code: str = ""


@dataclass(frozen=True)
class Printed:
    """One printed number."""

    code: str
    place: Place
    period: Period
    printed: str
    as_of: date
    source: str
    unit: str = ""
    numerator: int | None = None
    denominator: int | None = None
    quality: Quality = Quality.OK
    note: str = ""


CITY: Final = Place(AreaLevel.MUNICIPALITY, "112062", "行田市", "11")
PREFECTURE: Final = Place(AreaLevel.PREFECTURE, "110001", "埼玉県", "11")
NATION: Final = Place(AreaLevel.NATION, "", "日本")

_GYODA_DAY: Final = date(2023, 10, 5)
_YEARS: Final = tuple(fiscal(year) for year in range(2017, 2022))
# Source: 行田市 2023-10-05, 見える化システム; 平成29年度 to 令和3年度.
_GYODA: Final = {
    ("A-P1", CITY): ("427.8", "573.5", "542.4", "516.0", "537"),
    ("A-P1", PREFECTURE): ("105.3", "194.5", "198.3", "96.9", "204.6"),
    ("A-P2", CITY): ("158.4", "111.8", "168", "107.2", "161.4"),
    ("A-P2", PREFECTURE): ("74.8", "51.8", "58.5", "31.3", "63.1"),
}
LABELLED_WRONGLY: Final = (
    "原資料の単位は「人口10万対」ですが、値は人数のように見えます。人口で割り直さないでください。"
)
_HOME_DEATHS: Final = ((calendar_year(2018), "92"), (calendar_year(2019), "115"))
# Source: 行田市 2023-10-05: 13 patients and 3 doctors in May 2023, 618 copies on 2023-09-30.
_COUNTS: Final = (
    ("D-P5", fiscal(2023), "13", date(2023, 5, 31)),
    ("D-P5-D", fiscal(2023), "3", date(2023, 5, 31)),
    ("K-P4", on_day(date(2023, 9, 30)), "618", date(2023, 9, 30)),
)
# Source: 実施状況調査 2015: していない, 年度内に予定, している of 1,741 municipalities.
SURVEY_DAY: Final = date(2015, 8, 1)
MUNICIPALITIES: Final = 1_741
ANSWERS: Final = {
    "A": (699, 375, 667, "38.3"),
    "B": (736, 247, 758, "43.5"),
    "C": (1_229, 179, 333, "19.1"),
    "D": (1_093, 214, 434, "24.9"),
    "E": (1_277, 80, 384, "22.1"),
    "F": (851, 218, 672, "38.6"),
    "G": (979, 246, 516, "29.6"),
    "H": (1_085, 118, 538, "30.9"),
}


def reference_values() -> list[Printed]:
    """Every printed number that ships."""
    found = [
        Printed(code, place, period, printed, _GYODA_DAY, GYODA)
        for (code, place), row in _GYODA.items()
        for period, printed in zip(_YEARS, row, strict=True)
    ]
    found += [
        Printed(
            "K-O1",
            CITY,
            period,
            printed,
            _GYODA_DAY,
            GYODA,
            unit="人（人口10万対）と表記",
            quality=Quality.UNIT_UNCLEAR,
            note=LABELLED_WRONGLY,
        )
        for period, printed in _HOME_DEATHS
    ]
    found += [
        Printed(code, CITY, period, printed, day, GYODA) for code, period, printed, day in _COUNTS
    ]
    found += [
        Printed(
            f"J-{letter}-R",
            NATION,
            on_day(SURVEY_DAY),
            ANSWERS[letter][3],
            SURVEY_DAY,
            SURVEY_2015,
            numerator=ANSWERS[letter][2],
            denominator=MUNICIPALITIES,
            quality=Quality.PRELIMINARY,
        )
        for letter in ITEMS
    ]
    return found
