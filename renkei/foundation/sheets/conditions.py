"""Which items are asked, given the answers so far (``enableWhen``)."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from renkei.foundation.sheets.answers import Values
from renkei.foundation.sheets.items import Absence, Code, Condition, Definition, Item

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


@dataclass(slots=True)
class Scope:
    """The values around an item: its own row first, then what lies outside of the rows."""

    values: Values
    outer: Scope | None = None
    known: dict[str, bool] = field(default_factory=dict)

    def given(self, link_id: str) -> list[Any]:
        if link_id in self.values or self.outer is None:
            return self.values.get(link_id, [])
        return self.outer.given(link_id)


@dataclass(frozen=True, slots=True)
class Placed:
    """An item where it stands: the path names it among the rows, ``scope`` holds its values."""

    item: Item
    path: str
    scope: Scope
    # 「家族（2件目）の」 in front of what problems say about it; "" outside of rows.
    place: str = ""
    enabled: bool = True

    @property
    def values(self) -> list[Any]:
        return self.scope.values.get(self.item.link_id, [])


class Conditions:
    """Decides for one definition which of its items are asked."""

    def __init__(self, definition: Definition) -> None:
        self.items: dict[str, Item] = {}
        self.parents: dict[str, Item] = {}
        self.definition = definition
        for item in definition.walk():
            self.items[item.link_id] = item
            for child in item.items:
                self.parents[child.link_id] = item

    def enabled(self, item: Item, scope: Scope) -> bool:
        """Whether the item is asked: its own conditions and those of every group around it."""
        if item.link_id not in scope.known:
            scope.known[item.link_id] = self._enabled(item, scope)
        return scope.known[item.link_id]

    def _enabled(self, item: Item, scope: Scope) -> bool:
        parent = self.parents.get(item.link_id)
        if parent is not None and not self.enabled(parent, scope):
            return False
        if not item.enable_when:
            return True
        met = (self._met(condition, scope) for condition in item.enable_when)
        return all(met) if item.enable_all else any(met)

    def _met(self, condition: Condition, scope: Scope) -> bool:
        asked = self.items[condition.question]
        # What is not asked has no answer, whatever a draft still remembers of it.
        given = scope.given(asked.link_id) if self.enabled(asked, scope) else []
        values = [value for value in given if not isinstance(value, Absence)]
        if condition.operator == "exists":
            return bool(values) is condition.answer
        if condition.operator == "!=":
            return bool(values) and not any(_is(value, "=", condition.answer) for value in values)
        return any(_is(value, condition.operator, condition.answer) for value in values)

    def placed(self, values: Values) -> Iterator[Placed]:
        """Every item with its place among the values, rows of repeating groups in order.

        A repeating group comes once for itself and is followed by the items of each row.
        """
        return self._placed(self.definition.items, Scope(values), "", "")

    def _placed(
        self, items: tuple[Item, ...], scope: Scope, prefix: str, place: str
    ) -> Iterator[Placed]:
        for item in items:
            enabled = self.enabled(item, scope)
            yield Placed(item, prefix + item.link_id, scope, place, enabled=enabled)
            if not item.is_group:
                continue
            if not item.repeats:
                yield from self._placed(item.items, scope, prefix, place)
                continue
            for index, row in enumerate(scope.values.get(item.link_id, [])):
                yield from self._placed(
                    item.items,
                    Scope(row, scope),
                    row_prefix(prefix + item.link_id, index),
                    f"{place}{item.label}（{index + 1}件目）の",
                )


def row_prefix(path: str, index: int) -> str:
    """What the paths of the items in one row of a repeating group begin with."""
    return f"{path}[{index}]/"


def _is(value: object, sign: str, answer: object) -> bool:
    if isinstance(answer, Code):
        return isinstance(value, Code) and value.code == answer.code
    if isinstance(value, bool) or isinstance(answer, bool):
        return value is answer
    if isinstance(value, int | Decimal) and isinstance(answer, int | Decimal):
        return _COMPARE[sign](value, answer)
    if isinstance(value, datetime) or isinstance(answer, datetime):
        return (
            isinstance(value, datetime)
            and isinstance(answer, datetime)
            and _COMPARE[sign](value, answer)
        )
    if isinstance(value, date) and isinstance(answer, date):
        return _COMPARE[sign](value, answer)
    return sign == "=" and value == answer


def without_disabled(values: Values, definition: Definition) -> Values:
    """The values of the items that are asked; empty rows are gone."""
    conditions = Conditions(definition)

    def kept(items: tuple[Item, ...], scope: Scope) -> Values:
        found: Values = {}
        for item in items:
            if not conditions.enabled(item, scope):
                continue
            if not item.is_group:
                if item.link_id in scope.values:
                    found[item.link_id] = scope.values[item.link_id]
            elif item.repeats:
                rows = scope.values.get(item.link_id, [])
                inside = [kept(item.items, Scope(row, scope)) for row in rows]
                if any(inside):
                    found[item.link_id] = [row for row in inside if row]
            else:
                found |= kept(item.items, scope)
        return found

    return kept(definition.items, Scope(values))
