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


def wrong_references(definition: Definition) -> Iterable[str]:
    """Mistakes that only the whole form shows: doubled linkIds, conditions on what is not there."""
    items: dict[str, Item] = {}
    rows: dict[str, str] = {}
    doubled: list[str] = []
    for item, row in _with_rows(definition.items, ""):
        if item.link_id in items:
            doubled.append(item.link_id)
        items[item.link_id] = item
        rows[item.link_id] = row
    for link_id in sorted(set(doubled)):
        yield f"項目「{link_id}」：linkId が2つ以上の項目で使われています。別の名前にしてください。"
    for item in items.values():
        for condition in item.enable_when:
            sentence = _wrong_condition(item, condition, items, rows)
            if sentence:
                yield f"項目「{item.link_id}」（{item.label[:30]}）：{sentence}"
    yield from _circles(items)


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


def _circles(items: Mapping[str, Item]) -> Iterable[str]:
    """Items whose conditions wait for each other would never be asked."""
    finished: set[str] = set()
    for start in items:
        path: list[str] = []
        if _leads_back(start, items, path, finished):
            circle = "→".join(path)
            yield f"項目「{start}」：条件がたがいを待っています（{circle}）。直してください。"
            return


def _leads_back(
    link_id: str, items: Mapping[str, Item], path: list[str], finished: set[str]
) -> bool:
    if link_id in path:
        path.append(link_id)
        return True
    if link_id in finished or link_id not in items:
        return False
    path.append(link_id)
    for condition in items[link_id].enable_when:
        if _leads_back(condition.question, items, path, finished):
            return True
    path.pop()
    finished.add(link_id)
    return False
