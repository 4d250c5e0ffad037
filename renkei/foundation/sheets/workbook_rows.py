"""A form as the rows of a worksheet; what is written and what is read back agree on this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from renkei.foundation.sheets.answers import Values
from renkei.foundation.sheets.conditions import row_prefix
from renkei.foundation.sheets.items import Absence, Item, ItemType, Option
from renkei.foundation.sheets.words import shown_condition

# Rows of a repeating group that are offered beside those already filled in.
LEAST_ROWS: Final = 3
SPARE_ROWS: Final = 2
TICK: Final = "○"
YES_NO: Final = ("はい", "いいえ")
_EXAMPLES: Final = {
    ItemType.DATE: "日付（例 2026/4/1、R8.4.1）",
    ItemType.DATE_TIME: "日時（例 2026/4/1 9:30）",
    ItemType.INTEGER: "整数",
    ItemType.DECIMAL: "数",
}


class RowKind(Enum):
    SECTION = "section"
    GROUP = "group"
    NOTE = "note"
    ITEM = "item"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row. ``key`` stands in the hidden column and says what the row's cells mean."""

    kind: RowKind
    label: str
    key: str = ""
    item: Item | None = None
    option: Option | None = None
    values: tuple[Any, ...] = ()
    hint: str = ""

    @property
    def absence(self) -> Absence | None:
        return next((each for each in self.values if isinstance(each, Absence)), None)


def is_listed(item: Item) -> bool:
    """Several options of one question: a row for each of them."""
    return item.is_choice and item.repeats


def option_key(path: str, code: str) -> str:
    return f"{path}={code}"


def rows_of(
    items: Iterable[Item], values: Values, *, day: date, names: dict[str, Item], prefix: str = ""
) -> Iterator[SheetRow]:
    """Every row of the form; ``names`` finds the questions that conditions speak of."""
    for item in items:
        if item.is_group:
            yield from _group_rows(item, values, day=day, names=names, prefix=prefix)
        elif item.type is ItemType.DISPLAY:
            yield SheetRow(RowKind.NOTE, item.text)
        else:
            yield from _item_rows(item, values, day=day, names=names, prefix=prefix)


def _group_rows(
    group: Item, values: Values, *, day: date, names: dict[str, Item], prefix: str
) -> Iterator[SheetRow]:
    kind = RowKind.SECTION if group.layout.section else RowKind.GROUP
    label = f"{group.prefix} {group.text}".strip()
    if not group.repeats:
        yield SheetRow(kind, label)
        yield from rows_of(group.items, values, day=day, names=names, prefix=prefix)
        return
    given = values.get(group.link_id, [])
    count = min(group.maximum_count, max(LEAST_ROWS, len(given) + SPARE_ROWS))
    yield SheetRow(kind, label)
    for index in range(max(count, len(given))):
        row = given[index] if index < len(given) else {}
        yield SheetRow(RowKind.GROUP, f"（{index + 1}）")
        inside = row_prefix(prefix + group.link_id, index)
        yield from rows_of(group.items, row, day=day, names=names, prefix=inside)


def _item_rows(
    item: Item, values: Values, *, day: date, names: dict[str, Item], prefix: str
) -> Iterator[SheetRow]:
    given = tuple(values.get(item.link_id, []))
    path = prefix + item.link_id
    label = f"{item.prefix} {item.text}".strip()
    yield SheetRow(RowKind.ITEM, label, path, item, values=given, hint=_hint(item, names))
    if not is_listed(item):
        return
    chosen = {getattr(value, "code", "") for value in given}
    for option in options_shown(item, given, day):
        yield SheetRow(
            RowKind.OPTION,
            option.label,
            option_key(path, option.code),
            item,
            option,
            (TICK,) if option.code in chosen else (),
        )


def options_shown(item: Item, given: Iterable[Any], day: date) -> list[Option]:
    """The options of the day, and those of the answer that are no longer offered."""
    chosen = {getattr(value, "code", "") for value in given}
    return [each for each in item.options if each.holds_on(day) or each.code in chosen]


def _hint(item: Item, names: dict[str, Item]) -> str:
    parts = ["必須" if item.is_required else "任意"]
    if item.enable_when:
        asked = "、".join(shown_condition(c, names.get(c.question)) for c in item.enable_when)
        parts.append(asked + "に記入")
    if is_listed(item):
        parts.append(f"当てはまるものすべてに{TICK}")
    elif item.is_choice or item.type is ItemType.BOOLEAN:
        parts.append("一覧から選ぶ")
    elif item.type is ItemType.ATTACHMENT:
        parts.append("ファイルは画面から添付")
    elif item.type in _EXAMPLES:
        parts.append(_EXAMPLES[item.type])
    if item.maximum_length:
        parts.append(f"{item.maximum_length}文字まで")
    if item.unit:
        parts.append(f"単位 {item.unit}")
    return "。".join(filter(None, [*parts, item.hint]))
