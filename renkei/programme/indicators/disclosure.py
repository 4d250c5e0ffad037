"""Which places of linked tables stay hidden, each with a proof that it cannot be narrowed. Pure.

Published numbers add up over areas, over hierarchies that cut across each other, and over time. A
hidden place is safe when persons can be moved, on paper, into it and out of other hidden places so
that every number a reader sees stays as it is: the reader cannot tell the tables apart. A ``Move``
is such a shift; ``protect`` finds one for every hidden place, hiding further places where it must,
and names the places for which there is none.

Source: design.md §3b (Small numbers); acceptance.md I4.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice, pairwise
from typing import Final

from renkei.foundation.common.suppression import THRESHOLD

_FAR: Final = 1 << 40
# Among how many neighbours in area and time a partner is looked for.
_NEAR: Final = 12
_ATOMS: Final = 6
Atom = tuple[int, int]


@dataclass(frozen=True)
class Node:
    """One place of a table: what area and days it takes in, and how many persons by quantity.

    An amount of None is hidden and not known here either. ``fixed`` quantities a reader holds
    already: published elsewhere or earlier, or no persons (0 is shown).
    """

    areas: frozenset[int]
    first: date
    last: date
    amounts: Mapping[str, int | None]
    fixed: frozenset[str] = frozenset()


@dataclass
class Protected:
    """Places to hide (by position), and what stays exposed: (position, quantity)."""

    hidden: set[int] = field(default_factory=set)
    exposed: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Move:
    """Persons shifted between atoms: by how much each place changes, and how far it can go."""

    nets: Mapping[int, int]
    room: int


class _Tables:
    """The places, cut into atoms: parts of areas and times no place tells apart."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes
        self.places = [self._place(node) for node in nodes] if self._cut() else []
        self.holding: dict[Atom, list[int]] = {}
        self.exact: dict[Atom, list[int]] = {}
        for number, (areas, times) in enumerate(self.places):
            for area in areas:
                for time in times:
                    self.holding.setdefault((area, time), []).append(number)
            if len(areas) == 1 and len(times) == 1:
                self.exact.setdefault((areas[0], times[0]), []).append(number)
        self.near_areas = self._partners(by_area=True)
        self.near_times = self._partners(by_area=False)

    def _cut(self) -> bool:
        """Areas no set tells apart are one class; days between two cuts are one stretch."""
        sets = sorted({node.areas for node in self.nodes}, key=sorted)
        marks: dict[int, tuple[int, ...]] = {}
        for number, each in enumerate(sets):
            for area in each:
                marks[area] = (*marks.get(area, ()), number)
        numbers = {mark: number for number, mark in enumerate(sorted(set(marks.values())))}
        self._classes = {area: numbers[mark] for area, mark in marks.items()}
        ends = {node.first.toordinal() for node in self.nodes}
        ends |= {node.last.toordinal() + 1 for node in self.nodes}
        self._stretches = list(pairwise(sorted(ends)))
        return bool(self.nodes)

    def _place(self, node: Node) -> tuple[tuple[int, ...], tuple[int, ...]]:
        first, last = node.first.toordinal(), node.last.toordinal() + 1
        return (
            tuple(sorted({self._classes[area] for area in node.areas})),
            tuple(
                number
                for number, (start, end) in enumerate(self._stretches)
                if first <= start and end <= last
            ),
        )

    def _partners(self, *, by_area: bool) -> dict[int, list[int]]:
        """The areas known at a time, or the times known of an area."""
        found: dict[int, list[int]] = {}
        for area, time in sorted(self.exact):
            found.setdefault(time if by_area else area, []).append(area if by_area else time)
        return found

    def size(self, number: int) -> int:
        areas, times = self.places[number]
        return len(areas) * len(times)

    def atoms(self, number: int) -> list[Atom]:
        areas, times = self.places[number]
        found = ((area, time) for area in areas for time in times)
        known = [atom for atom in found if atom in self.exact]
        return known[:_ATOMS] or [(areas[0], times[0])]

    def shifts(self, atom: Atom) -> Iterator[Mapping[Atom, int]]:
        """Into an atom: from outside, from another area, from another time, or round a square."""
        yield {atom: 1}
        area, time = atom
        areas = _nearest(self.near_areas.get(time, ()), area)
        times = _nearest(self.near_times.get(area, ()), time)
        for other in areas:
            yield {atom: 1, (other, time): -1}
        for when in times:
            yield {atom: 1, (area, when): -1}
        for other in areas:
            for when in times:
                if (other, when) in self.exact:
                    yield {atom: 1, (other, time): -1, (area, when): -1, (other, when): 1}


def _nearest(numbers: Iterable[int], one: int) -> list[int]:
    others = sorted((each for each in numbers if each != one), key=lambda each: abs(each - one))
    return list(islice(others, _NEAR))


class _Search:
    """One run of ``protect``."""

    def __init__(self, nodes: Sequence[Node], hidden: set[int], threshold: int) -> None:
        self.tables = _Tables(nodes)
        self.nodes, self.hidden, self.threshold = nodes, hidden, threshold

    def best(self, number: int, quantity: str, *, may_hide: bool) -> _Move | None:
        """The move that hides least; None where none leaves enough room."""
        found: _Move | None = None
        least = (_FAR, _FAR)
        for atom in self.tables.atoms(number):
            for shift in self.tables.shifts(atom):
                move = self._move(shift, quantity)
                if move is None or abs(move.nets.get(number, 0)) * move.room < self.threshold:
                    continue
                cost = self._cost(move, quantity)
                if cost == (0, 0):
                    return move
                if may_hide and cost < least:
                    found, least = move, cost
        return found

    def _move(self, shift: Mapping[Atom, int], quantity: str) -> _Move | None:
        counts: Counter[int] = Counter()
        for atom, sign in shift.items():
            for number in self.tables.holding.get(atom, ()):
                if quantity in self.nodes[number].amounts:
                    counts[number] += sign
            if sign < 0 and not self._is_known(atom, quantity):
                # Nobody knows whether so many can leave there.
                return None
        nets = {number: net for number, net in counts.items() if net}
        if any(quantity in self.nodes[number].fixed for number in nets):
            return None
        up = min(
            (self._slack(n, quantity, net) for n, net in nets.items() if net < 0), default=_FAR
        )
        down = min((self._slack(n, quantity, net) for n, net in nets.items() if net > 0), default=0)
        if not all(self._is_known(atom, quantity) for atom, sign in shift.items() if sign > 0):
            down = 0
        return _Move(nets, min(up + down, _FAR))

    def _is_known(self, atom: Atom, quantity: str) -> bool:
        return any(
            quantity in self.nodes[number].amounts for number in self.tables.exact.get(atom, ())
        )

    def _slack(self, number: int, quantity: str, net: int) -> int:
        """How many can leave: a reader takes a hidden place to hold at least one."""
        amount = self.nodes[number].amounts[quantity]
        return _FAR if amount is None else max(amount - 1, 0) // abs(net)

    def _cost(self, move: _Move, quantity: str) -> tuple[int, int]:
        new = [number for number in move.nets if number not in self.hidden]
        amounts = (self.nodes[number].amounts[quantity] or 0 for number in new)
        return sum(self.tables.size(number) for number in new), sum(amounts)


def protect(
    nodes: Sequence[Node],
    hidden: Collection[int],
    *,
    threshold: int = THRESHOLD,
    may_hide: bool = True,
) -> Protected:
    """What to hide beside the places hidden already, so that none of them can be narrowed.

    Every quantity of a hidden place keeps an interval at least as wide as the threshold, or is
    named as exposed. With ``may_hide`` False nothing more is hidden: the check of a table as it is.
    """
    search = _Search(nodes, set(hidden), threshold)
    result = Protected(search.hidden)
    waiting = sorted(hidden, key=lambda number: (search.tables.size(number), number))
    done: set[tuple[int, str]] = set()
    while waiting:
        number = waiting.pop(0)
        for quantity in nodes[number].amounts:
            if (number, quantity) in done or quantity in nodes[number].fixed:
                continue
            move = search.best(number, quantity, may_hide=may_hide)
            if move is None:
                result.exposed.append((number, quantity))
                done.add((number, quantity))
                continue
            # Whatever the move changes by as much is as safe as this place.
            done |= {
                (each, quantity)
                for each, net in move.nets.items()
                if abs(net) * move.room >= threshold
            }
            new = [each for each in move.nets if each not in search.hidden]
            search.hidden |= set(new)
            waiting += new
    return result
