"""The one clock. All days are days in Japan; tests move it with time-machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

TOKYO = ZoneInfo("Asia/Tokyo")

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present instant, aware, in Asia/Tokyo."""
    return (_told.get() or timezone.now()).astimezone(TOKYO)


@contextmanager
def told_at(instant: datetime) -> Iterator[None]:
    """Let everything inside happen at ``instant``: the demo tells last month's story with it."""
    token = _told.set(instant)
    try:
        yield
    finally:
        _told.reset(token)


def midnight(day: date) -> datetime:
    """The instant a day begins in Japan."""
    return datetime.combine(day, time.min, TOKYO)


def end_of(day: date) -> datetime:
    """The instant a day ends in Japan; somebody may name the last day there is."""
    if day == date.max:
        return datetime.max.replace(tzinfo=TOKYO)
    return midnight(day + timedelta(days=1))


def today() -> date:
    """Today's date in Asia/Tokyo."""
    return now().date()
