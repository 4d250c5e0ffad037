"""Mistakes that only the whole form shows: doubled linkIds, conditions on what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from renkei.foundation.sheets.items import (
    ORDERED,
    Code,
    Condition,
    ConditionAnswer,
    Definition,
    Item,
    ItemType,
)

# Longer chains of conditions are no form a person can follow.
LONGEST_CHAIN = 60


def wrong_references(definition: Definition) -> list[str]:
    """Every such mistake as a sentence with its place."""
    items: dict[str, Item] = {}
    rows: dict[str, str] = {}
    doubled: set[str] = set()
    for item, row in _with_rows(definition.items, ""):
        if item.link_id in items:
            doubled.add(item.link_id)
        items[item.link_id] = item
        rows[item.link_id] = row
    mistakes = [
        f"項目「{link_id}」：linkId が2つ以上の項目で使われています。別の名前にしてください。"
        for link_id in sorted(doubled)
    ]
    for item in items.values():
        for condition in item.enable_when:
            sentence = _wrong_condition(item, condition, items, rows)
            if sentence:
                mistakes.append(f"項目「{item.link_id}」（{item.label[:30]}）：{sentence}")
    # Chains can be followed only where every link leads somewhere.
    return mistakes or list(_circles(items))


def _with_rows(items: Iterable[Item], row: str) -> Iterable[tuple[Item, str]]:
    """Every item with the repeating group it lies in, "" outside of one."""
    for item in items:
        yield item, row
        inside = item.link_id if item.is_group and item.repeats else row
        yield from _with_rows(item.items, inside)


def _wrong_condition(  # noqa: PLR0911 - one sentence per mistake
    item: Item, condition: Condition, items: Mapping[str, Item], rows: Mapping[str, str]
) -> str:
    asked = items.get(condition.question)
    if asked is None or not asked.is_question:
        return f"条件の項目「{condition.question}」がありません。ある質問の linkId にしてください。"
    row = rows[asked.link_id]
    if row and row != rows[item.link_id]:
        return f"条件の項目「{condition.question}」は、くり返しの中にあるので外から使えません。"
    if condition.operator == "exists":
        return ""
    answer = condition.answer
    if isinstance(answer, Code) and asked.is_choice:
        if asked.option(answer.code) is None and asked.type is ItemType.CHOICE:
            return f"条件の答え「{answer.code}」は、項目「{asked.link_id}」の選択肢にありません。"
        return "" if condition.operator in {"=", "!="} else "選択肢は = か != で比べてください。"
    if not _fits(answer, asked.type):
        return f"条件の答えの種類が、項目「{asked.link_id}」の種類（{asked.type}）と合いません。"
    if condition.operator not in {"=", "!="} and asked.type not in ORDERED:
        return "大小を比べられるのは、数と日付の項目だけです。"
    return ""


def _fits(answer: ConditionAnswer, kind: ItemType) -> bool:
    fitting: dict[ItemType, type | tuple[type, ...]] = {
        ItemType.BOOLEAN: bool,
        ItemType.INTEGER: int,
        ItemType.DECIMAL: (int, Decimal),
        ItemType.DATE: date,
        ItemType.DATE_TIME: datetime,
        ItemType.STRING: str,
        ItemType.TEXT: str,
        ItemType.OPEN_CHOICE: str,
    }
    wanted = fitting.get(kind, ())
    if isinstance(answer, bool):
        return wanted is bool
    if isinstance(answer, datetime):
        return wanted is datetime
    return isinstance(answer, wanted)


class _BadChainError(Exception):
    """A chain of conditions comes back to itself or does not end soon."""


class _Chains:
    """Follows what an item waits for: its conditions and those of the groups around it."""

    def __init__(self, items: Mapping[str, Item]) -> None:
        self.items = items
        self.parents = {
            child.link_id: item.link_id for item in items.values() for child in item.items
        }
        self.lengths: dict[str, int] = {}

    def mistake(self, start: str) -> str:
        """What is wrong with the chain that begins here; "" where it ends well."""
        path: list[str] = []
        try:
            self._length(start, path)
        except _BadChainError:
            if path[-1] in path[:-1]:
                circle = "→".join(path[path.index(path[-1]) :])
                return f"条件がたがいを待っています（{circle}）。直してください。"
            return f"条件のつながりは{LONGEST_CHAIN}段までにしてください。"
        return ""

    def _length(self, link_id: str, path: list[str]) -> int:
        if link_id in self.lengths:
            return self.lengths[link_id]
        again = link_id in path
        path.append(link_id)
        if again or len(path) > LONGEST_CHAIN:
            raise _BadChainError
        awaited = [condition.question for condition in self.items[link_id].enable_when]
        if link_id in self.parents:
            awaited.append(self.parents[link_id])
        length = 1 + max((self._length(one, path) for one in awaited), default=0)
        if length > LONGEST_CHAIN:
            raise _BadChainError
        path.pop()
        self.lengths[link_id] = length
        return length


def _circles(items: Mapping[str, Item]) -> Iterable[str]:
    """Items whose conditions wait for each other would never be asked."""
    chains = _Chains(items)
    for start in items:
        sentence = chains.mistake(start)
        if sentence:
            yield f"項目「{start}」：{sentence}"
            return
