"""How many persons stand behind a number. Pure.

Source: design.md §3b (Small numbers); domain/indicators.md §1 rules 1, 2 and 4.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from renkei.foundation.common.suppression import is_small
from renkei.programme.indicators.models import IndicatorVersion, Value

_PERCENT: Final = 100
# Units of what is no person: places, occasions, things, money, time.
_THINGS: Final = (
    "施設", "所", "回", "部", "冊", "枚", "円", "日", "時間", "分", "点", "薬局", "病院", "校",
    "台", "市区町村",
)  # fmt: skip


def may_count_persons(unit: str) -> bool:
    """Whether a number of this unit may be of persons; what is unclear is taken to be."""
    return not unit.strip().endswith(_THINGS)


def amounts_of(
    row: Value, version: IndicatorVersion, population: Decimal | None = None
) -> dict[str, int]:
    """How many persons stand behind a number, by what they are; empty where nobody can tell.

    A rate gives its numerator away to whoever knows the denominator: both are counted, and so are
    those it does not count.
    """
    top, bottom = row.numerator, row.denominator
    if row.value is not None and top is None:
        base = Decimal(row.n) if row.n is not None and version.factor == _PERCENT else population
        if version.factor > 1 and base is not None:
            top, bottom = row.value * base / version.factor, base
        elif row.n is not None:
            return {f"n:{version.pk}": row.n}
        elif version.factor == 1:
            top = row.value
    if top is None:
        return {}
    found = {_counted(version): round(top)}
    if bottom is not None:
        found[f"rest:{version.pk}"] = max(round(bottom) - round(top), 0)
    return found


def _counted(version: IndicatorVersion) -> str:
    """Definitions that count the same persons share their name."""
    return f"of:{version.numerator or version.pk}"


def is_telling(row: Value, version: IndicatorVersion) -> bool:
    """Few enough to point at somebody."""
    return any(is_small(amount) for amount in amounts_of(row, version).values())


def vintage(row: Value) -> list[str]:
    """A number as readers saw it."""
    parts = (row.value, row.numerator, row.denominator)
    return ["" if part is None else f"{part.normalize():f}" for part in parts]
