"""Which item goes into which cell: what can be chosen, what is suggested, what is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from renkei.foundation.sheets.answers import Values
from renkei.foundation.sheets.conditions import row_prefix
from renkei.foundation.sheets.items import Definition, Item, ItemType, Option
from renkei.foundation.sheets.office.package import (
    Package,
    Place,
    Sheet,
    place_of,
    reference_of,
)
from renkei.foundation.sheets.workbook_rows import LEAST_ROWS, option_key

# Boxes that stand before an option in a cell.
BOXES: Final = "□☐▢◻"
_TRIMMED: Final = re.compile(r"[\s:：※＊*()（）]+")


@dataclass(frozen=True, slots=True)
class Target:
    """Something of the form that a cell can hold: an answer, or the tick of one option."""

    key: str
    label: str
    item: Item
    option: Option | None = None
    # The titles of the groups around it.
    group: str = ""


@dataclass(frozen=True, slots=True)
class CellName:
    sheet: str
    cell: str

    def as_json(self) -> dict[str, str]:
        return {"sheet": self.sheet, "cell": self.cell}


Mapped = dict[str, CellName]


@dataclass(frozen=True, slots=True)
class MappingProblem:
    key: str
    message: str


def mapping_of(stored: Mapping[str, Any]) -> Mapped:
    """The mapping as a row keeps it."""
    cells = stored.get("cells", {})
    return {key: CellName(each["sheet"], each["cell"]) for key, each in cells.items()}


def stored_mapping(mapped: Mapped) -> dict[str, Any]:
    return {"cells": {key: each.as_json() for key, each in mapped.items()}}


def targets_of(definition: Definition) -> list[Target]:
    """Everything that can go into a cell; options come right after their question."""
    return list(_targets(definition.items, "", ""))


def _targets(items: Iterable[Item], prefix: str, group: str) -> Iterator[Target]:
    for item in items:
        if item.is_group:
            title = " ".join(filter(None, [group, item.text]))
            if not item.repeats:
                yield from _targets(item.items, prefix, title)
                continue
            for index in range(min(item.maximum_count, LEAST_ROWS)):
                inside = row_prefix(prefix + item.link_id, index)
                yield from _targets(item.items, inside, f"{title}（{index + 1}）")
        elif item.is_question and item.type is not ItemType.ATTACHMENT:
            path = prefix + item.link_id
            yield Target(path, item.text, item, group=group)
            for option in item.options if item.is_choice else ():
                key = option_key(path, option.code)
                yield Target(key, f"{item.text}：{option.label}", item, option, group)


def values_by_path(definition: Definition, values: Values) -> dict[str, list[Any]]:
    """The answers by the paths of their targets."""
    return dict(_paths(definition.items, values, ""))


def _paths(items: Iterable[Item], values: Values, prefix: str) -> Iterator[tuple[str, list[Any]]]:
    for item in items:
        if item.is_group and item.repeats:
            for index, row in enumerate(values.get(item.link_id, [])):
                yield from _paths(item.items, row, row_prefix(prefix + item.link_id, index))
        elif item.is_group:
            yield from _paths(item.items, values, prefix)
        elif item.link_id in values:
            yield prefix + item.link_id, values[item.link_id]


# Suggestions --------------------------------------------------------------------------------


def suggest(package: Package, definition: Definition) -> Mapped:
    """Cells beside the words of the form, for a person to confirm.

    Where the same words stand several times they are taken in order, if the form has them as
    often; otherwise nothing is suggested for them.
    """
    places: dict[str, list[tuple[str, Sheet, Place]]] = {}
    for name, sheet in package.sheets.items():
        for place in sorted(sheet.cells):
            words = _folded(sheet.shown(place).text)
            if words:
                places.setdefault(words, []).append((name, sheet, place))
    wanted: dict[str, list[Target]] = {}
    for target in targets_of(definition):
        if target.option is None:
            wanted.setdefault(_folded(target.label), []).append(target)
    found: Mapped = {}
    taken: set[CellName] = set()
    for words, targets in wanted.items():
        labels = places.get(words, [])
        if len(labels) != len(targets):
            continue
        for target, (name, sheet, place) in zip(targets, labels, strict=True):
            beside = _beside(sheet, place, target.item)
            cell = CellName(name, reference_of(beside)) if beside else None
            if cell and cell not in taken:
                taken.add(cell)
                found[target.key] = cell
    return found


def _folded(text: str) -> str:
    return _TRIMMED.sub("", unicodedata.normalize("NFKC", text)).lower()


def _beside(sheet: Sheet, place: Place, item: Item) -> Place | None:
    """The empty cell right of the words or below them, or the one with the boxes of a choice."""
    for other in sheet.after(place):
        shown = sheet.shown(other)
        if shown.is_formula:
            continue
        boxes = any(sign in shown.text for sign in BOXES)
        if not shown.text.strip() or (item.is_choice and boxes):
            return other
    return None


# What is wrong ------------------------------------------------------------------------------


def checked(
    package: Package, definition: Definition, typed: Mapping[str, str]
) -> tuple[Mapped, list[MappingProblem]]:
    """The mapping from what a person typed per target: "B4", or 「シート名!B4」."""
    mapped: Mapped = {}
    problems: list[MappingProblem] = []
    ticks = {target.key for target in targets_of(definition) if target.item.is_choice}
    used: dict[CellName, str] = {}
    for target in targets_of(definition):
        text = unicodedata.normalize("NFKC", typed.get(target.key, "")).strip()
        if not text:
            continue
        cell, message = _cell_named(package, text)
        if cell is None:
            problems.append(MappingProblem(target.key, message))
            continue
        other = used.get(cell)
        if other and not {other, target.key} <= ticks:
            message = f"セル{text}には、ほかの項目も対応しています。どちらかを直してください。"
            problems.append(MappingProblem(target.key, message))
            continue
        used[cell] = target.key
        mapped[target.key] = cell
    return mapped, problems


def _cell_named(package: Package, text: str) -> tuple[CellName | None, str]:
    name, _, reference = text.rpartition("!")
    name = name.strip("'") or next(iter(package.sheets), "")
    sheet = package.sheets.get(name)
    if sheet is None:
        return None, f"シート「{name[:40]}」がありません。シートの名前を確かめてください。"
    try:
        place = sheet.upper_left(place_of(reference.replace("$", "").upper()))
    except ValueError:
        return None, f"「{text[:20]}」はセルの名前ではありません。B4のように入力してください。"
    if sheet.shown(place).is_formula:
        return None, f"セル{reference_of(place)}には計算式があります。ほかのセルを選んでください。"
    return CellName(name, reference_of(place)), ""
