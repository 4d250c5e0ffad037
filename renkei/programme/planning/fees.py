"""報償費 to the yen. Pure.

Source of the rounding: 国税通則法119条1項 (amounts under one yen of a tax withheld are cut off), as
known; the rates themselves are settings (``WithholdingRate``), never constants.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Final

_HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Fee:
    """One person's fee; ``paid`` is what is transferred."""

    gross: int
    tax: int
    travel: int = 0

    @property
    def paid(self) -> int:
        return self.gross - self.tax + self.travel


def tax_of(gross: int, percent: Decimal) -> int:
    """The tax withheld from a fee, parts of a yen cut off."""
    return int((Decimal(gross) * percent / _HUNDRED).quantize(Decimal(1), rounding=ROUND_DOWN))


def total_of(fees: list[Fee]) -> Fee:
    """The sum of rounded amounts: what is really transferred, never the rounded sum."""
    return Fee(
        gross=sum(one.gross for one in fees),
        tax=sum(one.tax for one in fees),
        travel=sum(one.travel for one in fees),
    )
