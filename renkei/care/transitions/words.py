"""Moments and limits in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from renkei.foundation.common import clock
from renkei.foundation.common.calendars import holiday_name
from renkei.foundation.common.clock import TOKYO

WEEKDAYS: Final = "月火水木金土日"


def moment_text(instant: datetime) -> str:
    """11月16日（月）16:20; the year where it is not this one."""
    local = instant.astimezone(TOKYO)
    return f"{day_text(local)} {local:%H:%M}"


def day_text(instant: datetime) -> str:
    """11月23日（月・祝）."""
    return day_of(instant.astimezone(TOKYO).date())


def day_of(day: date) -> str:
    """11月23日（月・祝）, with the year where it is not this one."""
    year = "" if day.year == clock.today().year else f"{day.year}年"
    holiday = "・祝" if holiday_name(day) else ""
    return f"{year}{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}{holiday}）"


def left_text(due: datetime) -> str:
    """あと2日3時間, as long as there is time."""
    minutes = max(int((due - clock.now()).total_seconds() // 60), 0)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"あと{days}日{hours}時間"
    return f"あと{hours}時間{minutes}分" if hours else f"あと{minutes}分"


def due_text(due: datetime) -> str:
    """The end of a day needs no clock."""
    local = due.astimezone(TOKYO)
    return f"{day_text(due)}まで" if f"{local:%H:%M}" == "23:59" else f"{moment_text(due)}まで"
