"""The items of a form in lines, for the editor."""

from __future__ import annotations

from dataclasses import dataclass

from renkei.foundation.sheets.items import TYPE_LABELS, Definition, Item
from renkei.foundation.sheets.words import options_in_words, shown_condition


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One item with what the editor says about it."""

    item: Item
    depth: int
    is_first: bool
    is_last: bool
    type_label: str
    notes: tuple[str, ...]


def outline_of(definition: Definition) -> list[OutlineRow]:
    """Every item with its depth, in the order of the form."""
    rows: list[OutlineRow] = []

    def add(items: tuple[Item, ...], depth: int) -> None:
        for index, item in enumerate(items):
            rows.append(
                OutlineRow(
                    item,
                    depth,
                    index == 0,
                    index == len(items) - 1,
                    TYPE_LABELS[item.type],
                    tuple(_notes(item, definition)),
                )
            )
            add(item.items, depth + 1)

    add(definition.items, 0)
    return rows


def _notes(item: Item, definition: Definition) -> list[str]:
    notes = []
    if item.repeats:
        notes.append("複数選べる" if item.is_choice else f"{item.maximum_count}件まで")
    if item.is_choice:
        notes.append(options_in_words(item))
    if item.maximum_length:
        notes.append(f"{item.maximum_length}文字まで")
    if item.absence:
        notes.append("・".join(kind.label for kind in item.absence) + "も選べる")
    joined = "、かつ" if item.enable_all else "、または"
    conditions = [shown_condition(one, definition.find(one.question)) for one in item.enable_when]
    if conditions:
        notes.append(joined.join(conditions) + "に聞く")
    if item.unconfirmed:
        notes.append("未確認あり")
    return notes
