"""From counted stays to the tables that are shown: periods, definitions, hidden cells. Pure."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from renkei.care.transitions.numbers import (
    METRICS,
    Metric,
    Tally,
    conditions,
    definition_of,
    flags,
)
from renkei.care.transitions.rule_content import MetricDefinition, RuleContent
from renkei.foundation.common.eras import FiscalYear
from renkei.foundation.common.suppression import Sum, hidden_cells

ALL: Final = "all"
QUARTERS: Final = ("4～6月", "7～9月", "10～12月", "1～3月")


@dataclass(frozen=True)
class Period:
    """A month, a quarter or a 年度."""

    first: date
    last: date
    label: str


def months_of(year: FiscalYear) -> tuple[Period, ...]:
    """April to March."""
    firsts = [_month(year, place) for place in range(13)]
    return tuple(
        Period(first, date.fromordinal(after.toordinal() - 1), f"{first.month}月")
        for first, after in itertools.pairwise(firsts)
    )


def quarters_of(year: FiscalYear) -> tuple[Period, ...]:
    """Four times three months."""
    months = months_of(year)
    return tuple(
        Period(months[3 * place].first, months[3 * place + 2].last, label)
        for place, label in enumerate(QUARTERS)
    )


def whole(year: FiscalYear) -> Period:
    """The year itself."""
    return Period(year.start, year.end, year.label)


def _month(year: FiscalYear, place: int) -> date:
    month = 4 + place
    return date(year.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


# Definitions ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Definitions:
    """What every metric means, under one or several editions that mean the same."""

    by_code: tuple[tuple[str, MetricDefinition], ...]

    def of(self, code: str) -> MetricDefinition:
        return dict(self.by_code)[code]

    def words(self, code: str) -> str:
        """The text of the definition and what its denominator takes in."""
        definition = self.of(code)
        return f"{definition.text}（{conditions(definition)}）"


def definitions_of(content: RuleContent | None) -> Definitions:
    """The definitions of an edition; where it came from does not tell two apart."""
    return Definitions(
        tuple(
            (metric.code, replace(definition_of(content, metric.code), source=""))
            for metric in METRICS
        )
    )


# Counts -----------------------------------------------------------------------------------

Place = tuple[str, date]
Counts = Mapping[str, Tally]


@dataclass
class Book:
    """The counts of one set of definitions: by row and first day of the month."""

    definitions: Definitions
    cells: dict[Place, dict[str, Tally]] = field(default_factory=lambda: defaultdict(dict))
    # Days from the first word to the discharge: how many stays had so many, by row and month.
    leads: dict[Place, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    reasons: dict[str, int] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Of how many admissions and discharges it tells."""
        return sum(
            tally.denominator
            for counts in self.cells.values()
            for code, tally in counts.items()
            if code in {"unknown_manager_rate", "coordination_rate"}
        )

    def add(self, place: Place, found: Mapping[str, Tally]) -> None:
        """More of the same place."""
        mine = self.cells[place]
        for code, tally in found.items():
            mine[code] = mine.get(code, Tally()) + tally

    def total(self, code: str, period: Period, row: str | None = None) -> Tally:
        """The sum over the months of a period, of one row or of all."""
        found = Tally()
        for (name, month), counts in self.cells.items():
            if period.first <= month <= period.last and row in {None, name}:
                found += counts.get(code, Tally())
        return found

    def median(self, period: Period, row: str | None = None) -> float | None:
        """The middle of the lead days."""
        days: dict[int, int] = defaultdict(int)
        for (name, month), found in self.leads.items():
            if period.first <= month <= period.last and row in {None, name}:
                for lead, count in found.items():
                    days[lead] += count
        return median(days)

    def rows(self) -> list[str]:
        """The names of the rows."""
        return sorted({name for name, _month in self.cells})


def median(days: Mapping[int, int]) -> float | None:
    """The middle of values that occur so often; None of none."""
    count = sum(days.values())
    if not count:
        return None
    ordered = sorted(days.items())
    return (_nth(ordered, (count - 1) // 2) + _nth(ordered, count // 2)) / 2


def _nth(ordered: Sequence[tuple[int, int]], place: int) -> int:
    for value, count in ordered:
        if place < count:
            return value
        place -= count
    raise IndexError(place)


# What is shown ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One number as it is published. None where it stays hidden; ``value`` None of nobody too."""

    metric: Metric
    n: int | None
    numerator: int | None
    value: float | None
    is_hidden: bool

    @property
    def is_empty(self) -> bool:
        """Nobody to count: neither hidden nor 0 %."""
        return self.n == 0


Cell = tuple[str, Period, Hashable]


def _names(definition: MetricDefinition, metric: Metric) -> tuple[Hashable, Hashable, Hashable]:
    """The denominator, the numerator and the rest: equal names, equal counts."""
    alike = flags(definition)
    rest = {"D-N": "N", "N": "D-N"}.get(metric.counted, f"{metric.basis}-{metric.counted}")
    # Lead days are of the same persons as the numerator they describe.
    return (metric.basis, alike), (metric.counted, alike), (rest, alike)


def hidden_of(
    book: Book,
    rows: Sequence[str],
    periods: Mapping[Period, Sequence[Period]],
    *,
    also: Iterable[Cell] = (),
) -> frozenset[Cell]:
    """Which cells of a table stay hidden: of every metric at once, for they share their counts.

    ``rows`` without the total, which is added; ``periods`` with the parts that make them up.
    """
    values: dict[Cell, int] = {}
    sums: list[Sum[Cell]] = []
    for row in (*rows, ALL):
        for period in periods:
            _fill(book, row, period, values, sums)
    names = {name for _row, _period, name in values}
    for name in sorted(names, key=str):
        for period, parts in periods.items():
            if rows:
                total = (ALL, period, name)
                sums.append(Sum(total, tuple((row, period, name) for row in rows)))
            if parts:
                sums += [
                    Sum((row, period, name), tuple((row, part, name) for part in parts))
                    for row in (*rows, ALL)
                ]
    lengths = sorted({_length(period) for period in periods}, reverse=True)
    ranks = {period: lengths.index(_length(period)) for period in periods}

    def rank(cell: Cell) -> int:
        return ranks[cell[1]] + (cell[0] != ALL)

    # The whole first, so that no month and no row costs the year its number.
    top = {cell: value for cell, value in values.items() if rank(cell) == 0}
    inside = [each for each in sums if all(cell in top for cell in each.cells)]
    kept = {*hidden_cells(top, inside), *(cell for cell in also if cell in values)}
    withheld: set[Cell] = set()
    while True:
        hidden = hidden_cells(values, sums, also=kept, withheld=withheld, rank=rank)
        lost = {cell[2] for cell in hidden if rank(cell) == 0 and cell not in kept}
        more = {cell for cell in values if cell[2] in lost and rank(cell) > 0} - withheld
        if not more:
            below = {cell for cell in values if rank(cell) > 0}
            return frozenset(kept | below) if lost else hidden
        # Too few to be told apart by month or row at all: then not even who is nobody is shown.
        withheld |= more


def _length(period: Period) -> int:
    """A month 0, a quarter 2, a year 9: enough to tell them apart."""
    return (period.last - period.first).days // 40


def hidden_over_time(book: Book, year: FiscalYear) -> frozenset[Cell]:
    """What stays hidden of a year whichever unit is chosen: months, quarters and year add up."""
    months, quarters = months_of(year), quarters_of(year)
    parts: dict[Period, Sequence[Period]] = dict.fromkeys(months, ())
    for place, quarter in enumerate(quarters):
        parts[quarter] = months[3 * place : 3 * place + 3]
    parts[whole(year)] = quarters
    return hidden_of(book, [], parts)


def is_hidden(hidden: frozenset[Cell], book: Book, metric: Metric, period: Period) -> bool:
    """Whether the counts of a metric stay hidden in a period."""
    names = _names(book.definitions.of(metric.code), metric)
    return any((ALL, period, name) in hidden for name in names)


def _fill(
    book: Book, row: str, period: Period, values: dict[Cell, int], sums: list[Sum[Cell]]
) -> None:
    of_row = None if row == ALL else row
    informed: dict[str, Cell] = {}
    for metric in METRICS:
        tally = book.total(metric.code, period, of_row)
        whole_, part, rest = (
            (row, period, name) for name in _names(book.definitions.of(metric.code), metric)
        )
        values[whole_] = tally.denominator
        if metric.is_median:
            continue
        values[part] = tally.numerator
        values[rest] = tally.denominator - tally.numerator
        sums.append(Sum(whole_, (part, rest)))
        informed[metric.counted] = part
    # Sent at all, by day 3, on the day: each holds the next.
    for more, fewer in (("I", "I3"), ("I3", "I0")):
        if informed[more][2][1] == informed[fewer][2][1]:  # type: ignore[index]  # the flags
            gap = (row, period, (f"{more}-{fewer}", informed[more][2][1]))  # type: ignore[index]
            values[gap] = values[informed[more]] - values[informed[fewer]]
            sums.append(Sum(informed[more], (informed[fewer], gap)))


def shown(
    book: Book,
    metric: Metric,
    period: Period,
    *,
    row: str = ALL,
    hidden: frozenset[Cell] = frozenset(),
) -> Shown:
    """One number, as far as it may be shown."""
    of_row = None if row == ALL else row
    tally = book.total(metric.code, period, of_row)
    denominator, numerator, _rest = _names(book.definitions.of(metric.code), metric)
    hides_n = (row, period, denominator) in hidden
    hides = hides_n or (row, period, numerator) in hidden
    value = book.median(period, of_row) if metric.is_median else tally.rate
    return Shown(
        metric=metric,
        n=None if hides_n else tally.denominator,
        numerator=None if hides else tally.numerator,
        value=None if hides else value,
        is_hidden=hides,
    )
