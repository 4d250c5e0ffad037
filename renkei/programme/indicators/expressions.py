"""Indicators out of other indicators: a small grammar, nothing is executed.

``percent(R-65, R-POP)``, ``per(A, B, 10000)``, ``X-1 + X-2``, ``X-1@-1`` (the period before).
A minus stands between spaces, because codes hold hyphens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from django.core.exceptions import ValidationError
from lark import Lark, Token, Tree
from lark.exceptions import LarkError

from renkei.programme.indicators.cells import Cell, combined

_GRAMMAR: Final = r"""
    ?start: sum
    ?sum: product | sum "+" product -> add | sum MINUS product -> subtract
    ?product: atom | product "*" atom -> multiply | product "/" atom -> divide
    ?atom: NUMBER -> number
         | CODE -> code
         | CODE "@" OFFSET -> shifted
         | "percent" "(" sum "," sum ")" -> percent
         | "per" "(" sum "," sum "," NUMBER ")" -> per
         | "(" sum ")"
    MINUS.2: /\s-\s/
    CODE.1: /[A-Z][A-Z0-9]*(-[A-Za-z0-9]+)+/
    OFFSET: /-[0-9]{1,2}/
    NUMBER: /[0-9]+(\.[0-9]+)?/
    %ignore /[ \t]+/
"""
_PERCENT: Final = 100
_LONGEST: Final = 300
Lookup = Callable[[str, int], Cell]


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False)


@dataclass(frozen=True)
class Expression:
    """A parsed expression; ``codes`` are the indicators it needs."""

    tree: Tree[Token]
    codes: frozenset[str]

    def value(self, lookup: Lookup) -> Cell:
        """The number, given that of each indicator so many periods before."""
        return _value(self.tree, lookup)


@lru_cache(maxsize=256)
def parse(text: str) -> Expression:
    """Read an expression.

    Raises:
        ValidationError: it does not follow the grammar.
    """
    try:
        if len(text) > _LONGEST:
            raise ValidationError("計算式が長すぎます。300文字以内にしてください。")
        tree = _parser().parse(text)
    except LarkError as error:
        place = getattr(error, "column", None)
        where = f"{place}文字目の近くで" if isinstance(place, int) and place > 0 else ""
        raise ValidationError(
            f"計算式「{text}」を{where}読めません。「percent(R-65, R-POP)」のように、"
            "指標番号と + - * / で書いてください（- の前後は空けます）。"
        ) from error
    tree = tree if isinstance(tree, Tree) else Tree("code", [tree])
    codes = {
        str(token)
        for token in tree.scan_values(lambda value: isinstance(value, Token))
        if token.type == "CODE"
    }
    return Expression(tree, frozenset(codes))


def _value(tree: Tree[Token], lookup: Lookup) -> Cell:
    parts = tree.children
    if tree.data == "number":
        return Cell(Decimal(str(parts[0])))
    if tree.data == "code":
        return lookup(str(parts[0]), 0)
    if tree.data == "shifted":
        return lookup(str(parts[0]), -int(str(parts[1])))
    cells = [_value(part, lookup) for part in parts if isinstance(part, Tree)]
    factor = _PERCENT
    if tree.data == "per":
        factor = int(Decimal(str(parts[-1])))

    def work(values: Sequence[Decimal]) -> Decimal | None:
        # Every rule here has two operands.
        first, second = values
        return _work(str(tree.data), first, second, factor)

    return combined(cells, work)


def _work(rule: str, first: Decimal, second: Decimal, factor: int) -> Decimal | None:
    if rule == "add":
        return first + second
    if rule == "subtract":
        return first - second
    if rule == "multiply":
        return first * second
    if not second:
        return None
    return first / second * (1 if rule == "divide" else factor)
