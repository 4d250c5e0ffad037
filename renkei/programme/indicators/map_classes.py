"""How a map tells values apart: classes, shades, and hatches for what is no number. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from renkei.programme.indicators.models import Absence

# One hue from light to dark: told apart by lightness alone, so also without colours and on paper.
# A test works out the steps (CIE L*) and looks at them with colour-blind eyes.
SHADES: Final = ("#dbe7ff", "#a9c4ff", "#6f97f0", "#3a66c8", "#12307a")
# Which shades so many classes take: always as far apart as there is room.
_TAKEN: Final = {1: (2,), 2: (0, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
MOST: Final = len(SHADES)
# The ground of an area without a class, and the pattern drawn over it.
ZERO, HIDDEN, UNKNOWN, NONE, UNDRAWN = "zero", "hidden", "unknown", "none", "undrawn"
WORDS: Final = {
    ZERO: "0（数は0です）",
    HIDDEN: "非公開（小さい数などで、出せません）",
    UNKNOWN: "記録なし・不明・無回答",
    NONE: "対象なし（割る数がない、足し合わせられない）",
    UNDRAWN: "当時の境界の図がない（今は1つの市区町村）",
}
_ABSENT: Final = {
    Absence.SUPPRESSED: HIDDEN,
    Absence.NOT_DISCLOSED: HIDDEN,
    Absence.NOT_APPLICABLE: NONE,
}


@dataclass(frozen=True)
class Band:
    """One class: from its smallest member to its largest, so that no two classes touch."""

    low: Decimal
    high: Decimal
    shade: str


def bands_of(values: Sequence[Decimal]) -> list[Band]:
    """At most five classes of about as many areas each; equal values are never parted.

    ``values`` are as printed; zeros are no class but a sign of their own.
    """
    ordered = sorted(value for value in values if value)
    distinct = sorted(set(ordered))
    count = min(MOST, len(distinct))
    if not count:
        return []
    groups: list[list[Decimal]] = [[] for _ in range(count)]
    for place, value in enumerate(distinct):
        share = min(ordered.index(value) * count // len(ordered), count - 1)
        # As many classes as there are values to fill them, however they are spread.
        least = max(count - (len(distinct) - place), 0)
        filled = sum(1 for group in groups if group)
        groups[max(min(share, filled), least)].append(value)
    kept = [group for group in groups if group]
    shades = _TAKEN[len(kept)]
    return [
        Band(group[0], group[-1], SHADES[shade]) for group, shade in zip(kept, shades, strict=True)
    ]


def band_at(bands: Sequence[Band], value: Decimal) -> int:
    """The class of a value, from 0."""
    return next(place for place, band in enumerate(bands) if band.low <= value <= band.high)


def sign_of_absence(absence: str) -> str:
    """The hatch for a reason; hidden, unknown and not applicable never look alike."""
    return _ABSENT.get(Absence(absence), UNKNOWN)
