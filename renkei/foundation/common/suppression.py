"""Small numbers of persons: which cells of published tables stay hidden. Pure.

A cell of 1 to 4 persons is hidden, 0 is shown; further cells are hidden so that neither a total nor
another table with the same cell gives a hidden one away.

Source: design.md §3b (Small numbers); domain/indicators.md §1 rule 4.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

THRESHOLD: Final = 5
_FAR: Final = 1 << 40
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Sum(Generic[Key]):
    """Published cells that add up: whoever sees all but one of them knows the last."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def cells(self) -> tuple[Key, ...]:
        return (self.total, *self.parts)


def is_small(value: int, threshold: int = THRESHOLD) -> bool:
    """Few enough to point at somebody; nobody (0) is not."""
    return 0 < value < threshold


def hidden_cells(
    values: Mapping[Key, int],
    sums: Iterable[Sum[Key]],
    *,
    threshold: int = THRESHOLD,
    also: Iterable[Key] = (),
) -> frozenset[Key]:
    """The cells not to be published: the small ones, and what would give them away.

    ``sums`` name every addition a reader of the tables can do; cells of ``also`` are hidden
    already, because another table hides them. A reader knows that a hidden cell is at least 1; what
    they can work out for a small cell stays an interval at least as wide as the threshold.
    """
    small = {key for key, value in values.items() if is_small(value, threshold)}
    small |= {key for key in also if values.get(key)}
    hidden = set(small)
    additions = list(sums)
    while True:
        more = _alone(values, additions, hidden) or _narrow(
            values, additions, hidden, small, threshold
        )
        if not more:
            return frozenset(hidden)
        hidden |= more


def _alone(values: Mapping[Key, int], sums: Sequence[Sum[Key]], hidden: set[Key]) -> set[Key]:
    """What to hide because a hidden cell is the only unknown of an addition."""
    more: set[Key] = set()
    for addition in sums:
        cells = {key for key in addition.cells if key in hidden or key in more}
        if len(cells) == 1:
            more |= _next_to_hide(values, addition, hidden | more)
    return more


def _narrow(
    values: Mapping[Key, int],
    sums: Sequence[Sum[Key]],
    hidden: set[Key],
    small: set[Key],
    threshold: int,
) -> set[Key]:
    """What to hide because too little is left to guess of a small cell."""
    bounds = _bounds(values, sums, hidden)
    narrow = {key for key in small if bounds[key][1] - bounds[key][0] < threshold}
    more: set[Key] = set()
    for addition in sums:
        if narrow.intersection(addition.cells) and not more.intersection(addition.cells):
            more |= _next_to_hide(values, addition, hidden)
    return more


def _next_to_hide(values: Mapping[Key, int], addition: Sum[Key], hidden: set[Key]) -> set[Key]:
    """The smallest part that is still shown and not 0; the total where no part is left."""
    parts = [key for key in addition.parts if key not in hidden and values[key] > 0]
    if parts:
        return {min(parts, key=lambda key: (values[key], addition.parts.index(key)))}
    left = addition.total not in hidden and values[addition.total] > 0
    return {addition.total} if left else set()


def _bounds(
    values: Mapping[Key, int], sums: Sequence[Sum[Key]], hidden: set[Key]
) -> dict[Key, tuple[int, int]]:
    """What a reader can work out of each hidden cell: at least, at most."""
    bounds = dict.fromkeys(hidden, (1, _FAR))
    concerned = [addition for addition in sums if hidden.intersection(addition.cells)]
    changed = True
    while changed:
        changed = False
        for addition in concerned:
            changed |= _tighten(values, addition, bounds)
    return bounds


def _tighten(
    values: Mapping[Key, int], addition: Sum[Key], bounds: dict[Key, tuple[int, int]]
) -> bool:
    def of(key: Key) -> tuple[int, int]:
        return bounds.get(key) or (values[key], values[key])

    lowest = sum(of(key)[0] for key in addition.parts)
    highest = sum(of(key)[1] for key in addition.parts)
    low, high = of(addition.total)
    found = {addition.total: (lowest, highest)}
    for key in addition.parts:
        mine = of(key)
        found[key] = (low - (highest - mine[1]), high - (lowest - mine[0]))
    changed = False
    for key, (least, most) in found.items():
        if key not in bounds:
            continue
        before = bounds[key]
        after = (max(before[0], least), min(before[1], most))
        if after != before:
            bounds[key] = after
            changed = True
    return changed
