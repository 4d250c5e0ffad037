"""Somebody who reads every published table and narrows what is hidden by linear programming.

Knows how the tables add up, that a hidden count of persons is at least one (a hidden part of a
rate at least none), and nothing of how the product decides. The least and the most a hidden cell
can be are two linear programmes over all equations at once; with all coefficients 1 or -1 a dense
simplex is exact enough and needs no further package.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np

EPSILON = 1e-7
Cell = Hashable


@dataclass
class Knowledge:
    """Cells seen, cells hidden with the least they can be, and the additions over both."""

    seen: dict[Cell, float] = field(default_factory=dict)
    hidden: dict[Cell, float] = field(default_factory=dict)
    sums: list[tuple[Cell, tuple[Cell, ...]]] = field(default_factory=list)

    def add(self, total: Cell, parts: Sequence[Cell]) -> None:
        """An addition, where every cell of it is in the tables."""
        known = self.seen.keys() | self.hidden.keys()
        if total in known and all(part in known for part in parts):
            self.sums.append((total, tuple(parts)))

    def intervals(self) -> dict[Cell, tuple[float, float]]:
        """The least and the most each hidden cell can be."""
        rows = [self._row(total, parts) for total, parts in self.sums]
        found: dict[Cell, tuple[float, float]] = {}
        for cells, equations in _islands(list(self.hidden), [row for row in rows if row[0]]):
            found |= _solve(cells, equations, self.hidden)
        return found

    def narrowed(self, width: int) -> dict[Cell, tuple[float, float]]:
        """Hidden cells with fewer possibilities than they should have."""
        return {
            cell: (low, high)
            for cell, (low, high) in self.intervals().items()
            if high - low < width - EPSILON
        }

    def _row(self, total: Cell, parts: Sequence[Cell]) -> tuple[dict[Cell, int], float]:
        factors: dict[Cell, int] = {}
        right = 0.0
        for cell, factor in [(total, 1), *((part, -1) for part in parts)]:
            if cell in self.hidden:
                factors[cell] = factors.get(cell, 0) + factor
            else:
                right -= factor * self.seen[cell]
        return {cell: factor for cell, factor in factors.items() if factor}, right


Equation = tuple[dict[Cell, int], float]


def _islands(cells: list[Cell], equations: list[Equation]) -> list[tuple[list[Cell], list]]:
    """Groups of cells no equation ties together, each with its equations."""
    parent = {cell: cell for cell in cells}

    def root(cell: Cell) -> Cell:
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    for factors, _right in equations:
        first, *others = factors
        for other in others:
            parent[root(other)] = root(first)
    groups: dict[Cell, tuple[list[Cell], list[Equation]]] = {}
    for cell in cells:
        groups.setdefault(root(cell), ([], []))[0].append(cell)
    for equation in equations:
        groups[root(next(iter(equation[0])))][1].append(equation)
    return list(groups.values())


def _solve(
    cells: list[Cell], equations: list[Equation], least: Mapping[Cell, float]
) -> dict[Cell, tuple[float, float]]:
    place = {cell: number for number, cell in enumerate(cells)}
    matrix = np.zeros((len(equations), len(cells)))
    right = np.zeros(len(equations))
    for number, (factors, value) in enumerate(equations):
        for cell, factor in factors.items():
            matrix[number, place[cell]] = factor
        right[number] = value - sum(factor * least[cell] for cell, factor in factors.items())
    simplex = Simplex(matrix, right)
    found = {}
    for cell, number in place.items():
        aim = np.zeros(len(cells))
        aim[number] = 1
        low, high = -simplex.maximum(-aim), simplex.maximum(aim)
        found[cell] = (low + least[cell], high + least[cell])
    return found


class Simplex:
    """max c x for A x = b, x >= 0; the basis is kept from one aim to the next."""

    def __init__(self, matrix: np.ndarray, right: np.ndarray) -> None:
        count, self.size = matrix.shape
        sign = np.where(right < 0, -1.0, 1.0)
        left = matrix * sign[:, None]
        self.table = np.hstack([left, np.eye(count), (right * sign)[:, None]])
        self.basis = list(range(self.size, self.size + count))
        artificial = np.zeros(self.size + count)
        artificial[self.size :] = -1
        if self._climb(artificial) < -EPSILON:
            raise ValueError("the tables contradict each other")
        self._drop_artificial()

    def maximum(self, aim: np.ndarray) -> float:
        return self._climb(aim)

    def _climb(self, aim: np.ndarray) -> float:
        while True:
            prices = aim - aim[self.basis] @ self.table[:, :-1] if self.basis else aim.copy()
            better = np.flatnonzero(prices > EPSILON)
            if not better.size:
                return float(aim[self.basis] @ self.table[:, -1]) if self.basis else 0.0
            entering = int(better[0])
            column = self.table[:, entering] if self.basis else np.zeros(0)
            rows = np.flatnonzero(column > EPSILON)
            if not rows.size:
                return inf
            ratios = self.table[rows, -1] / column[rows]
            nearest = rows[ratios <= ratios.min() + EPSILON]
            # Bland's rule: the lowest number leaves, so that it never goes round in circles.
            self._pivot(int(min(nearest, key=lambda row: self.basis[row])), entering)

    def _pivot(self, row: int, column: int) -> None:
        self.table[row] /= self.table[row, column]
        others = np.arange(len(self.table)) != row
        self.table[others] -= np.outer(self.table[others, column], self.table[row])
        self.basis[row] = column

    def _drop_artificial(self) -> None:
        keep = []
        for row, variable in enumerate(self.basis):
            if variable >= self.size:
                usable = np.flatnonzero(abs(self.table[row, : self.size]) > EPSILON)
                if not usable.size:
                    continue
                self._pivot(row, int(usable[0]))
            keep.append(row)
        columns = [*range(self.size), self.table.shape[1] - 1]
        self.table = self.table[np.ix_(keep, columns)]
        self.basis = [self.basis[row] for row in keep]
