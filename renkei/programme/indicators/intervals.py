"""How sure a rate is, and whether a difference is more than chance. Pure.

Source: Wilson (1927) for shares; Byar's approximation of exact Poisson limits for rates
(Breslow & Day 1987, vol. II, p. 69); funnel limits after Spiegelhalter (2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Final

# Two-sided 95 and 99.8 per cent.
Z95, Z998 = 1.959964, 3.090232
LOWER, UPPER, WITHIN, UNKNOWN = "lower", "upper", "within", "unknown"
WORDS: Final = {
    LOWER: "全体より低い",
    UPPER: "全体より高い",
    WITHIN: "差があるとはいえない",
    UNKNOWN: "分母が分からない",
}
_PERCENT: Final = 100


@dataclass(frozen=True)
class Interval:
    """95 % interval of a rate, in its own unit."""

    low: float
    high: float


def interval_of(count: float, base: float, factor: int, *, z: float = Z95) -> Interval:
    """The interval of a count over a base: a share of them (factor 100), or a rate per factor."""
    if base <= 0:
        return Interval(0, float("inf"))
    if factor == _PERCENT and count <= base:
        return _share(count, base, factor, z)
    low = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3 if count else 0.0
    up = count + 1
    high = up * (1 - 1 / (9 * up) + z / (3 * sqrt(up))) ** 3
    return Interval(max(low, 0.0) / base * factor, high / base * factor)


def _share(count: float, base: float, factor: int, z: float) -> Interval:
    share, square = count / base, z * z
    middle = (share + square / (2 * base)) / (1 + square / base)
    half = z / (1 + square / base) * sqrt(share * (1 - share) / base + square / (4 * base * base))
    # Nobody of some is 0 and all of them 1, whatever is left of rounding.
    low = max(middle - half, 0.0) if count else 0.0
    high = min(middle + half, 1.0) if count < base else 1.0
    return Interval(low * factor, high * factor)


def limits_at(rate: float, base: float, factor: int, *, z: float = Z95) -> Interval:
    """Between which values an area of this size stands by chance, if it is like the whole."""
    share = rate / factor
    spread = share * (1 - share) if factor == _PERCENT else share
    half = z * sqrt(max(spread, 0.0) / base) * factor if base > 0 else float("inf")
    return Interval(max(rate - half, 0.0), rate + half)


def standing(count: float, base: float, whole: float, factor: int) -> str:
    """On which side of the whole, or neither: only beyond the 95 % interval of the area itself."""
    if base <= 0:
        return UNKNOWN
    found = interval_of(count, base, factor)
    if found.low > whole:
        return UPPER
    return LOWER if found.high < whole else WITHIN
