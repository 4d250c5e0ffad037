"""Numbers and reasons for their absence, calculated with: they never turn into each other. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from renkei.programme.indicators.models import Absence, Aggregation, PeriodKind
from renkei.programme.indicators.periods import Period, fiscal, month, months_of

# Of several reasons the one that must not be lost: a hidden part hides the whole.
_STRENGTH: Final = (
    Absence.SUPPRESSED,
    Absence.NOT_DISCLOSED,
    Absence.UNKNOWN,
    Absence.NOT_ANSWERED,
    Absence.NOT_RECORDED,
    Absence.NOT_APPLICABLE,
)
_APRIL: Final = 4


@dataclass(frozen=True)
class Cell:
    """A number, or why there is none; never both."""

    value: Decimal | None
    absence: str = ""

    @classmethod
    def without(cls, absence: Absence) -> Cell:
        return cls(None, absence.value)


@dataclass(frozen=True)
class Part:
    """One area of a larger one: its number, and what it is made of."""

    cell: Cell
    numerator: Decimal | None = None
    denominator: Decimal | None = None


def combined(cells: Sequence[Cell], work: Callable[[Sequence[Decimal]], Decimal | None]) -> Cell:
    """The work done on the numbers; the strongest reason where one of them is missing."""
    missing = {cell.absence for cell in cells if cell.value is None}
    for absence in _STRENGTH:
        if absence.value in missing:
            return Cell.without(absence)
    result = work([cell.value for cell in cells if cell.value is not None])
    # Nothing to divide by is 対象なし, not 0.
    return Cell.without(Absence.NOT_APPLICABLE) if result is None else Cell(result)


def total(cells: Iterable[Cell]) -> Cell:
    """All together, if every one is known."""
    found = list(cells)
    if not found:
        return Cell.without(Absence.NOT_RECORDED)
    return combined(found, lambda values: sum(values, Decimal(0)))


def whole_of(parts: Sequence[Part], aggregation: str, *, factor: int = 1) -> Cell:
    """A larger area out of its parts: sums of what adds up, rates from their parts, else nothing.

    Source: domain/indicators.md §1; acceptance.md I1: parent = Σ children only for additive types.
    """
    if aggregation == Aggregation.SUM:
        return total(part.cell for part in parts)
    if aggregation != Aggregation.RATIO or not parts:
        return Cell.without(Absence.NOT_APPLICABLE)
    # A number that may not be shown must not come back through its parts.
    gate = total(part.cell for part in parts)
    if gate.absence in {Absence.SUPPRESSED, Absence.NOT_DISCLOSED}:
        return gate
    known = [part for part in parts if part.numerator is not None and part.denominator is not None]
    if len(known) < len(parts):
        return Cell.without(Absence.NOT_RECORDED)
    top = sum((part.numerator or Decimal(0) for part in known), Decimal(0))
    bottom = sum((part.denominator or Decimal(0) for part in known), Decimal(0))
    return Cell(top / bottom * factor) if bottom else Cell.without(Absence.NOT_APPLICABLE)


def year_to_date(months: Mapping[Period, Cell], upto: Period) -> Cell:
    """April to this month of its 年度; in March the whole year."""
    if upto.kind != PeriodKind.MONTH:
        raise ValueError("a running total is of months")
    number = int(upto.key[5:7])
    year = fiscal(upto.year - (number < _APRIL))
    wanted = [one for one in months_of(year) if one <= month(upto.year, number)]
    nothing = Cell.without(Absence.NOT_RECORDED)
    return total(months.get(one, nothing) for one in wanted)
