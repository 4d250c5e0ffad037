"""Small numbers of persons: which cells of published tables stay hidden. Pure.

A cell of 1 to 4 persons is hidden, 0 is shown; further cells are hidden so that neither a total nor
another table with the same cell gives a hidden one away.

Source: design.md §3b (Small numbers); domain/indicators.md §1 rule 4.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
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
    withheld: Iterable[Key] = (),
    rank: Callable[[Key], int] = lambda _key: 0,
) -> frozenset[Key]:
    """The cells not to be published: the small ones, and what would give them away.

    ``sums`` name every addition a reader of the tables can do; cells of ``also`` are hidden
    already, because another table hides them; those of ``withheld`` are not shown whatever they
    are, 0 included. Of two cells that would do, the one of higher
    ``rank`` is hidden: a month rather than the year. A reader knows that a hidden cell is at least
    1; what they can work out for a small cell stays an interval at least as wide as the threshold.
    """
    small = {key for key, value in values.items() if is_small(value, threshold)}
    unseen = frozenset(withheld)
    hidden = small | unseen | {key for key in also if values.get(key)}
    cost = _Cost(values, rank)
    additions = list(sums)
    while True:
        more = _alone(additions, hidden, cost) or _narrow(
            values, additions, hidden, small, unseen, threshold, cost
        )
        if not more:
            return frozenset(hidden)
        hidden |= more


class _Cost(Generic[Key]):
    """Which of several cells is hidden with the least loss."""

    def __init__(self, values: Mapping[Key, int], rank: Callable[[Key], int]) -> None:
        self.values, self.rank = values, rank

    def cheapest(self, additions: Iterable[Sum[Key]], hidden: set[Key]) -> Key | None:
        """The cell of the highest rank, a part before a total, then the smallest; never a 0."""
        found: Key | None = None
        best: tuple[int, bool, int] | None = None
        for addition in additions:
            for key in addition.cells:
                if key in hidden or self.values[key] == 0:
                    continue
                mine = (-self.rank(key), key == addition.total, self.values[key])
                if best is None or mine < best:
                    found, best = key, mine
        return found


def _alone(sums: Sequence[Sum[Key]], hidden: set[Key], cost: _Cost[Key]) -> set[Key]:
    """What to hide because a hidden cell is the only unknown of an addition."""
    more: set[Key] = set()
    for addition in sums:
        cells = {key for key in addition.cells if key in hidden or key in more}
        if len(cells) == 1:
            next_ = cost.cheapest([addition], hidden | more)
            more |= set() if next_ is None else {next_}
    return more


def _narrow(
    values: Mapping[Key, int],
    sums: Sequence[Sum[Key]],
    hidden: set[Key],
    small: set[Key],
    unseen: frozenset[Key],
    threshold: int,
    cost: _Cost[Key],
) -> set[Key]:
    """What to hide because too little is left to guess of a small cell."""
    bounds = _bounds(values, sums, hidden, unseen)
    of_cell: dict[Key, list[Sum[Key]]] = {}
    for addition in sums:
        for key in addition.cells:
            of_cell.setdefault(key, []).append(addition)
    more: set[Key] = set()
    for key in values:
        if key not in small or bounds[key][1] - bounds[key][0] >= threshold:
            continue
        if any(more.intersection(addition.cells) for addition in of_cell.get(key, ())):
            continue
        found = _nearest(key, of_cell, hidden | more, cost)
        more |= set() if found is None else {found}
    return more


def _nearest(
    key: Key, of_cell: Mapping[Key, Sequence[Sum[Key]]], hidden: set[Key], cost: _Cost[Key]
) -> Key | None:
    """The cheapest cell in the additions around a hidden cell, step by step further away."""
    seen, front = {key}, {key}
    best: Key | None = None
    while front:
        additions = [addition for each in front for addition in of_cell.get(each, ())]
        found = cost.cheapest(additions, hidden)
        if found is not None and cost.rank(found) > 0:
            return found
        best = best if best is not None else found
        cells = {each for addition in additions for each in addition.cells}
        front = (cells & hidden) - seen
        seen |= front
    return best


def _bounds(
    values: Mapping[Key, int], sums: Sequence[Sum[Key]], hidden: set[Key], unseen: frozenset[Key]
) -> dict[Key, tuple[int, int]]:
    """What a reader can work out of each hidden cell: at least, at most."""
    bounds = {key: (0 if key in unseen else 1, _FAR) for key in hidden}
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
