"""A form as boxes on paper: what the typst template ``form.typ`` is given.

A section holds parts (a title and cells), a cell holds content parts:
``options`` (boxes to tick), ``lines`` (a value), ``blank`` (room to write by hand), ``bracket``
(あり（　　）, the word an answer demands) and ``before`` (what was there last time).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from renkei.foundation.common import eras
from renkei.foundation.sheets.answers import Values
from renkei.foundation.sheets.conditions import Conditions, Scope
from renkei.foundation.sheets.items import Absence, Code, Definition, Item, ItemType
from renkei.foundation.sheets.words import shown_value

Part = dict[str, Any]
Cell = dict[str, Any]

NO_RECORD: Final = "記録なし"
YES, NO = "はい", "いいえ"
# Of 24 columns, each 7.5 mm.
WIDTHS: Final = {"full": 24, "half": 12, "third": 8, "quarter": 6}
FULL: Final = 24
LABEL: Final = 5
LABEL_IN_HALF: Final = 4
# はい and いいえ need little room, their question may be a sentence.
LONG_LABEL: Final = 17
HALF: Final = 12
MOST_COLUMNS: Final = 4
# Millimetres to write in by hand.
LINE_HEIGHT: Final = 6.5
SHORT_HEIGHT: Final = 11.0
PROSE_HEIGHT: Final = 17.0
LETTER_HEIGHT: Final = 70.0
SHORT_LIMIT: Final = 500
PROSE_LIMIT: Final = 2000
EMPTY_ROWS: Final = 3
# A cell with more letters than this may go over to the next page.
UNBROKEN_LETTERS: Final = 400
# Nothing offers a place to break in such a run: an address of a page, a row of digits.
_RUN: Final = re.compile(r"[!-~｡-ﾟ]{11,}")
_BLANKS: Final = {
    ItemType.DATE: "　　　　年　　　月　　　日",
    ItemType.DATE_TIME: "　　　　年　　　月　　　日　　　時　　　分",
}
_EMPTY_ERA: Final = {
    ItemType.DATE: "令和　　　年　　　月　　　日",
    ItemType.DATE_TIME: "令和　　　年　　　月　　　日　　　時　　　分",
}
_BEFORE_OPTIONS: Final = (Absence.NONE,)


@dataclass(frozen=True, slots=True)
class Filling:
    """The values to print; ``before`` marks what changed since then. Without values: empty."""

    day: date
    conditions: Conditions | None = None
    scope: Scope | None = None
    before: Values | None = None

    @property
    def is_empty(self) -> bool:
        return self.scope is None

    def of(self, item: Item) -> list[Any]:
        return self.scope.values.get(item.link_id, []) if self.scope else []

    def changed(self, item: Item) -> bool:
        return self.before is not None and self.before.get(item.link_id, []) != self.of(item)

    def earlier(self, item: Item) -> list[Any]:
        return (self.before or {}).get(item.link_id, [])

    def asks(self, item: Item) -> bool:
        """On an empty form everything may be asked."""
        if self.conditions is None or self.scope is None:
            return True
        return self.conditions.enabled(item, self.scope)

    def rows(self, group: Item) -> list[Filling]:
        """A filling per row; an empty form has a few of them."""
        if self.scope is None:
            return [self] * min(group.maximum_count, EMPTY_ROWS)
        earlier = self.earlier(group)
        return [
            replace(
                self,
                scope=Scope(values, self.scope),
                before=None
                if self.before is None
                else earlier[index]
                if index < len(earlier)
                else {},
            )
            for index, values in enumerate(self.of(group))
        ]


def filled(
    definition: Definition, values: Values, *, day: date, before: Values | None = None
) -> Filling:
    return Filling(day, Conditions(definition), Scope(values), before)


def sections(definition: Definition, filling: Filling) -> list[dict[str, Any]]:
    """Top-level groups as sections; items between them stand in sections without a title."""
    made: list[dict[str, Any]] = []
    loose: list[Item] = []
    for item in (each for each in definition.items if each.layout.print != "hide"):
        if not item.is_group:
            loose.append(item)
            continue
        if loose:
            made.append(_section("", [_part("", loose, filling)]))
            loose = []
        made.append(
            _section(
                _title(item), _parts_of(item, filling), turns=item.layout.print == "break-before"
            )
        )
    if loose:
        made.append(_section("", [_part("", loose, filling)]))
    return [each for each in made if each["parts"]]


def _section(title: str, parts: list[Part], *, turns: bool = False) -> dict[str, Any]:
    return {"title": title, "parts": [each for each in parts if each], "break_before": turns}


def _title(item: Item) -> str:
    return breakable(f"{item.prefix} {item.text}".strip())


def _parts_of(group: Item, filling: Filling) -> list[Part]:
    """A group's own questions and, each with its title, the groups in it; rows if it repeats."""
    if not group.repeats:
        return _inner_parts(group, filling)
    fillings = filling.rows(group)
    if not fillings:
        return [{"kind": "cells", "title": "", "cells": [_note(NO_RECORD)]}]
    if _is_table(group):
        return [_table(group, fillings)]
    parts: list[Part] = []
    for index, inside in enumerate(fillings, start=1):
        row_parts = _inner_parts(group, inside)
        if row_parts:
            row_parts[0] = {**row_parts[0], "title": f"（{index}）{row_parts[0]['title']}"}
        parts += row_parts
    return parts


def _is_table(group: Item) -> bool:
    """Few short columns stand side by side, one row per entry."""
    return len(group.items) <= MOST_COLUMNS and all(
        item.is_question and item.type is not ItemType.TEXT and not item.enable_when
        for item in group.items
    )


def _table(group: Item, fillings: Sequence[Filling]) -> Part:
    rows = []
    for inside in fillings:
        contents = [_content(item, inside) for item in group.items]
        rows.append([{"parts": each, "breakable": _is_long(each)} for each in contents])
    return {
        "kind": "rows",
        "title": "",
        "labels": [_title(item) for item in group.items],
        "widths": [WIDTHS[item.layout.width] for item in group.items],
        "rows": rows,
        "cells": [],
    }


def _inner_parts(group: Item, filling: Filling) -> list[Part]:
    parts: list[Part] = []
    run: list[Item] = []
    for item in (each for each in group.items if each.layout.print != "hide"):
        if not item.is_group:
            run.append(item)
            continue
        if run:
            parts.append(_part("", run, filling))
            run = []
        inner = _parts_of(item, filling)
        if inner:
            inner[0] = {**inner[0], "title": _title(item) + inner[0]["title"]}
        parts += inner
    if run:
        parts.append(_part("", run, filling))
    return [each for each in parts if each["cells"] or each["kind"] == "rows"]


def _part(title: str, items: Sequence[Item], filling: Filling) -> Part:
    cells: list[Cell] = []
    index = 0
    while index < len(items):
        item = items[index]
        followers = _followers(item, items[index + 1 :])
        index += 1 + len(followers)
        cell = _cell(item, followers, filling)
        if cell:
            cells.append(cell)
    return {"kind": "cells", "title": title, "cells": _packed(cells)}


def _followers(item: Item, rest: Iterable[Item]) -> list[Item]:
    """The texts right after a choice that only its answers ask for."""
    found: list[Item] = []
    for each in rest:
        asks = {condition.question for condition in each.enable_when}
        if item.is_choice and asks == {item.link_id} and each.type is ItemType.STRING:
            found.append(each)
        else:
            break
    return found


def _note(text: str) -> Cell:
    return {"kind": "note", "text": breakable(text), "span": FULL}


def _cell(item: Item, followers: Sequence[Item], filling: Filling) -> Cell | None:
    if item.type is ItemType.DISPLAY:
        return _note(item.text)
    if not filling.asks(item):
        return None
    parts = _content(item, filling) + [
        part for each in followers for part in _bracket(each, filling)
    ]
    must = filling.is_empty and item.is_required
    return {
        "kind": "field",
        "label": _title(item) + ("※" if must else ""),
        "span": WIDTHS[item.layout.width],
        "parts": parts,
        "breakable": _is_long(parts),
        "long_label": item.type is ItemType.BOOLEAN,
    }


def _is_long(parts: Sequence[Part]) -> bool:
    return sum(len(part.get("text", "")) for part in parts) > UNBROKEN_LETTERS


def _packed(cells: list[Cell]) -> list[Cell]:
    """Rows of 24 columns: the last cell of a row takes what is left of it."""
    used, last = 0, None
    for cell in cells:
        if used + cell["span"] > FULL and last is not None:
            last["span"] += FULL - used
            used = 0
        used = (used + cell["span"]) % FULL
        last = cell if used else None
    if last is not None:
        last["span"] += FULL - used
    for cell in cells:
        if cell["kind"] == "field":
            cell["stacked"] = cell["span"] < HALF
            cell["label_span"] = LABEL if cell["span"] > HALF else LABEL_IN_HALF
            if cell["long_label"] and cell["span"] == FULL:
                cell["label_span"] = LONG_LABEL
    return cells


# What stands in a cell ----------------------------------------------------------------------


def _content(item: Item, filling: Filling) -> list[Part]:
    if item.is_choice or item.type is ItemType.BOOLEAN:
        parts = [_options(item, filling)]
        if item.type is ItemType.OPEN_CHOICE and filling.is_empty:
            parts.append(_blank(item))
    elif filling.is_empty:
        parts = [_blank(item)]
    else:
        text = words(item, filling.of(item))
        if text:
            parts = [_lines(text, changed=filling.changed(item))]
        else:
            parts = []
    if not filling.is_empty and not filling.of(item):
        parts.append(_lines(NO_RECORD, changed=filling.changed(item)))
    if filling.changed(item) and filling.earlier(item):
        before = words(item, filling.earlier(item))
        parts.append({"kind": "before", "text": breakable(before)})
    return parts


def _bracket(item: Item, filling: Filling) -> list[Part]:
    text = words(item, filling.of(item))
    if not filling.is_empty and not (text and filling.asks(item)):
        return []
    return [
        {
            "kind": "bracket",
            "label": _title(item),
            "text": breakable(text),
            "height": LINE_HEIGHT,
            "changed": filling.changed(item),
        }
    ]


def _lines(text: str, *, changed: bool) -> Part:
    return {"kind": "lines", "text": breakable(text), "changed": changed}


def _option(label: str, *, on: bool, changed: bool = False) -> dict[str, Any]:
    return {"label": breakable(label), "on": on, "changed": changed}


def _options(item: Item, filling: Filling) -> Part:
    """Every answer the form offers that day, the chosen ones ticked, in the order of the paper."""
    chosen = [_key(value) for value in filling.of(item)]
    before = [_key(value) for value in filling.earlier(item)]
    offered: list[tuple[Any, str]] = [
        (each.value, each.label) for each in item.absence if each in _BEFORE_OPTIONS
    ]
    if item.type is ItemType.BOOLEAN:
        offered += [(True, YES), (False, NO)]
    else:
        offered += [(each.code, each.label) for each in item.options_on(filling.day)]
    offered += [(each.value, each.label) for each in item.absence if each not in _BEFORE_OPTIONS]
    known = {key for key, _ in offered}
    # A code that is no longer offered, or words of one's own.
    offered += [
        (_key(value), _word(item, value)) for value in filling.of(item) if _key(value) not in known
    ]
    return {
        "kind": "options",
        "options": [
            _option(
                label,
                on=key in chosen,
                changed=filling.before is not None and key in chosen and key not in before,
            )
            for key, label in offered
        ],
    }


def _key(value: Any) -> Any:
    return value.code if isinstance(value, Code) else value


def _blank(item: Item) -> Part:
    height = LINE_HEIGHT
    if item.type is ItemType.TEXT:
        limit = item.maximum_length or PROSE_LIMIT
        height = (
            SHORT_HEIGHT
            if limit <= SHORT_LIMIT
            else PROSE_HEIGHT
            if limit <= PROSE_LIMIT
            else LETTER_HEIGHT
        )
    table = _EMPTY_ERA if item.era == "wareki" and not _is_birth(item) else _BLANKS
    marks = () if item.is_choice else item.absence
    return {
        "kind": "blank",
        "height": height,
        "text": table.get(item.type, ""),
        "unit": item.unit,
        "options": [_option(each.label, on=False) for each in marks],
    }


def _is_birth(item: Item) -> bool:
    """A day of birth lies in an earlier era: the era is left open."""
    return item.prefill.endswith("birth_date") or "生年月日" in item.text


def words(item: Item, values: Sequence[Any]) -> str:
    """The values of an item in words, one line each."""
    return "、".join(filter(None, (_word(item, value) for value in values)))


def _word(item: Item, value: Any) -> str:
    """As on the screen, but days as letters write them."""
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        return f"{_day(item, local.date())} {local:%H:%M}"
    if isinstance(value, date):
        return _day(item, value)
    return shown_value(item, value)


def _day(item: Item, day: date) -> str:
    return eras.format_long(day) if item.era == "wareki" else eras.format_western(day)


def breakable(text: str) -> str:
    """Places to break inside long runs of letters, so that nothing leaves its box."""
    return _RUN.sub(lambda match: "\u200b".join(match.group()), text)
