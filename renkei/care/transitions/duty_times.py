"""Times of duty as rosters write them: 22:00～32:00, 25:00, 翌8:30.

A shift belongs to the day on which it begins; its times are minutes from that day's midnight.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from django.core.exceptions import ValidationError

from renkei.foundation.common.clock import TOKYO

HOUR: Final = 60
DAY: Final = 24 * HOUR
# A shift may end on the next day at the latest.
LATEST: Final = 2 * DAY

_TIME = r"(翌日?)?([0-9]{1,2})[:時]([0-9]{2})?分?"
_RANGE = re.compile(rf"{_TIME}(?:から)?[-~]{_TIME}(?:まで)?")
_DASHES = re.compile("[‐‑‒–—―−ー─~〜～]")
HOW: Final = "「22:00～32:00」「17:30～翌8:30」のように入力してください。"


def parse_times(text: str) -> tuple[int, int]:
    """Begin and end of a shift in minutes of its day; 「22:00～8:00」 ends on the next day.

    Raises:
        ValidationError: no two times in it, no duration, or more than 24 hours.
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).replace(" ", "")
    match = _RANGE.fullmatch(plain)
    if not match:
        raise ValidationError(f"時刻は{HOW}", code="times")
    starts = _minutes(match[1], match[2], match[3])
    ends = _minutes(match[4], match[5], match[6])
    if starts == ends:
        raise ValidationError(
            "始まりと終わりが同じ時刻です。24時間のときは「9:00～33:00」のように入力してください。",
            code="times",
        )
    if ends < starts:
        # 「22:00～8:00」: everybody means the next morning.
        ends += DAY
    if starts >= DAY or ends > LATEST or ends - starts > DAY:
        raise ValidationError(
            "1回の当番は、その日の0:00から始められ、24時間までです。日を分けて入力してください。",
            code="times",
        )
    return starts, ends


def parse_time(text: str) -> int:
    """One time of day in minutes, 24:00 and 25:00 included.

    Raises:
        ValidationError: no time in it.
    """
    match = re.fullmatch(_TIME, unicodedata.normalize("NFKC", text).replace(" ", ""))
    minutes = _minutes(match[1], match[2], match[3]) if match else LATEST + 1
    if minutes > LATEST:
        raise ValidationError("時刻は「18:00」のように入力してください。", code="times")
    return minutes


def _minutes(next_day: str | None, hour: str, minute: str | None) -> int:
    hours, minutes = int(hour), int(minute or 0)
    if minutes >= HOUR:
        raise ValidationError(f"分は00から59までです。{HOW}", code="times")
    return (DAY if next_day else 0) + hours * HOUR + minutes


def time_words(minutes: int) -> str:
    """17:30, and 翌8:30 for 32:30."""
    if minutes > DAY:
        return f"翌{(minutes - DAY) // HOUR}:{minutes % HOUR:02}"
    return f"{minutes // HOUR}:{minutes % HOUR:02}"


def times_words(starts: int, ends: int) -> str:
    """17:30～翌8:30."""
    return f"{time_words(starts)}～{time_words(ends)}"


# A month of a hundred rosters asks for the same shifts of the same days thousands of times.
@lru_cache(maxsize=4096)
def instant_of(day: date, minutes: int) -> datetime:
    """The instant that many minutes after the day's midnight in Japan (no summer time there)."""
    return datetime.combine(day, time(), TOKYO) + timedelta(minutes=minutes)
