"""The one clock. All days are days in Japan; tests move it with time-machine."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

TOKYO = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """The present instant, aware, in Asia/Tokyo."""
    return timezone.now().astimezone(TOKYO)


def today() -> date:
    """Today's date in Asia/Tokyo."""
    return now().date()
