"""The numbers of this room as counters for the room of indicators."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Final

from renkei.care.transitions.numbers import METRIC, METRICS
from renkei.care.transitions.numbers_tables import Period
from renkei.care.transitions.queries.numbers import Scope, areas_in, books
from renkei.foundation.areas.counters import Counted, Counter, register
from renkei.foundation.areas.models import Area

PREFIX: Final = "transitions."


def register_counters() -> None:
    """Offer every metric, from ``AppConfig.ready``."""
    for metric in METRICS:
        register(Counter(f"{PREFIX}{metric.code}", metric.label, partial(_count, metric.code)))


def _count(code: str, area: Area, first: date, last: date) -> tuple[Counted, ...]:
    """The metric per set of definitions in use, that of most stays first; unsuppressed."""
    metric, period = METRIC[code], Period(first, last, "")
    found = []
    for book in books(Scope(area_ids=areas_in(area)), period):
        tally = book.total(code, period)
        found.append(
            Counted(
                numerator=tally.numerator,
                denominator=tally.denominator,
                n=tally.denominator,
                value=book.median(period) if metric.is_median else tally.rate,
                unit="日" if metric.is_median else "%",
                definition=book.definitions.words(code),
            )
        )
    return tuple(found)
