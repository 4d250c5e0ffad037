"""Counters: what other rooms can count of an area, for the room of indicators.

A room that keeps records registers its counters from ``AppConfig.ready``; whoever compares areas
asks them, and never the records.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from renkei.foundation.areas.models import Area


@dataclass(frozen=True)
class Counted:
    """A count of an area and a period under one definition, before suppression.

    ``value`` is what is compared (a share in per cent, days); ``n`` of how many it tells. Counts of
    different definitions are never added up.
    """

    numerator: int
    denominator: int
    n: int
    value: float | None
    unit: str
    definition: str


@dataclass(frozen=True)
class Counter:
    """One number a room can count. ``count(area, first day, last day)``, most frequent first."""

    code: str
    name: str
    count: Callable[[Area, date, date], tuple[Counted, ...]]


_COUNTERS: dict[str, Counter] = {}


def register(counter: Counter) -> None:
    """Offer a counter, from ``AppConfig.ready``."""
    _COUNTERS[counter.code] = counter


def counters() -> tuple[Counter, ...]:
    """All of them, by code."""
    return tuple(_COUNTERS[code] for code in sorted(_COUNTERS))
