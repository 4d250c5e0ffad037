"""What changed between two answers or two editions, and joining what two people wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from renkei.foundation.sheets.answers import (
    Value,
    Values,
    content_from,
    values_of,
)
from renkei.foundation.sheets.conditions import row_prefix
from renkei.foundation.sheets.items import Definition, Item
from renkei.foundation.sheets.reading import typed_values
from renkei.foundation.sheets.words import facts_of, shown_values


@dataclass(frozen=True, slots=True)
class Change:
    """One item that reads differently; "" where it was not answered."""

    link_id: str
    label: str
    before: str
    after: str
    path: str = ""


def changes(
    old_content: Mapping[str, Any],
    new_content: Mapping[str, Any],
    definition: Definition,
    *,
    old_definition: Definition | None = None,
) -> list[Change]:
    """What the new answer says differently, in the order of the form.

    With ``old_definition`` answers on two editions are compared by linkId; items that only the old
    edition had come last.
    """
    before = _typed(old_content, old_definition or definition)
    after = _typed(new_content, definition)
    found = list(_changes(before, after, definition.items, "", ""))
    if old_definition:
        known = {item.link_id for item in definition.walk()}
        gone = [item for item in old_definition.questions if item.link_id not in known]
        found += _changes(before, {}, tuple(gone), "", "")
    return found


def _typed(content: Mapping[str, Any], definition: Definition) -> Values:
    return typed_values(values_of(content, definition), definition)


def _changes(
    before: Values, after: Values, items: tuple[Item, ...], prefix: str, place: str
) -> Iterator[Change]:
    for item in items:
        if item.is_group and item.repeats:
            yield from _row_changes(before, after, item, prefix, place)
        elif item.is_group:
            yield from _changes(before, after, item.items, prefix, place)
        elif item.is_question:
            old, new = before.get(item.link_id, []), after.get(item.link_id, [])
            if old != new:
                yield Change(
                    item.link_id,
                    place + item.label,
                    shown_values(item, old),
                    shown_values(item, new),
                    prefix + item.link_id,
                )


def _row_changes(
    before: Values, after: Values, item: Item, prefix: str, place: str
) -> Iterator[Change]:
    """Rows that stayed equal are matched first, so that one put in front changes nothing else."""
    old: list[Values] = before.get(item.link_id, [])
    new: list[Values] = after.get(item.link_id, [])
    marks = [[repr(sorted(row.items())) for row in rows] for rows in (old, new)]
    matcher = SequenceMatcher(None, marks[0], marks[1], autojunk=False)
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        for offset in range(max(old_end - old_start, new_end - new_start)):
            was = old[old_start + offset] if old_start + offset < old_end else {}
            now = new[new_start + offset] if new_start + offset < new_end else {}
            index = (new_start if now else old_start) + offset
            yield from _changes(
                was,
                now,
                item.items,
                row_prefix(prefix + item.link_id, index),
                f"{place}{item.label}（{index + 1}件目）の",
            )


# Joining ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two people changed differently; both values, as JSON and as words."""

    link_id: str
    path: str
    label: str
    mine: list[dict[str, Any]]
    theirs: list[dict[str, Any]]
    mine_shown: str
    theirs_shown: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Both people's work in one; where they disagree the content holds theirs."""

    content: dict[str, Any]
    conflicts: tuple[Conflict, ...]


def merge_drafts(
    base: Mapping[str, Any],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    definition: Definition,
) -> Merged:
    """Join two contents that both began as ``base``: nothing either of them wrote is lost.

    A field only one of them changed takes that change. A field both changed in the same way is
    that. A field both changed differently is a conflict that keeps both.
    """
    conflicts: list[Conflict] = []
    values = _merged(
        _typed(base, definition),
        _typed(mine, definition),
        _typed(theirs, definition),
        items=definition.items,
        prefix="",
        place="",
        conflicts=conflicts,
    )
    return Merged(content_from(values, definition), tuple(conflicts))


def _merged(
    base: Values,
    mine: Values,
    theirs: Values,
    *,
    items: tuple[Item, ...],
    prefix: str,
    place: str,
    conflicts: list[Conflict],
) -> Values:
    result: Values = {}
    for item in items:
        link_id = item.link_id
        was, my, their = (side.get(link_id, []) for side in (base, mine, theirs))
        if item.is_group and not item.repeats:
            result |= _merged(
                base,
                mine,
                theirs,
                items=item.items,
                prefix=prefix,
                place=place,
                conflicts=conflicts,
            )
            continue
        if my in (was, their):
            chosen = their
        elif their == was:
            chosen = my
        elif item.is_group and min(len(my), len(their)) >= len(was):
            chosen = _merged_rows(
                was, my, their, item=item, path=prefix + link_id, place=place, conflicts=conflicts
            )
        else:
            chosen = their
            conflicts.append(_conflict(item, my, their, path=prefix + link_id, place=place))
        if chosen:
            result[link_id] = chosen
    return result


def _merged_rows(
    base: list[Values],
    mine: list[Values],
    theirs: list[Values],
    *,
    item: Item,
    path: str,
    place: str,
    conflicts: list[Conflict],
) -> list[Values]:
    """Rows both began with field by field; then the rows each of them added."""
    rows = [
        _merged(
            row,
            mine[index],
            theirs[index],
            items=item.items,
            prefix=row_prefix(path, index),
            place=f"{place}{item.label}（{index + 1}件目）の",
            conflicts=conflicts,
        )
        for index, row in enumerate(base)
    ]
    added = theirs[len(base) :]
    return rows + added + [row for row in mine[len(base) :] if row not in added]


def _conflict(item: Item, mine: list[Any], theirs: list[Any], *, path: str, place: str) -> Conflict:
    return Conflict(
        item.link_id,
        path,
        place + item.label,
        values_json(item, mine),
        values_json(item, theirs),
        shown_values(item, mine),
        shown_values(item, theirs),
    )


def values_json(item: Item, values: list[Any]) -> list[dict[str, Any]]:
    """Values as nodes of a response: one node for a question, one per row of a group."""
    definition = Definition("", (item,))
    nodes: list[dict[str, Any]] = content_from({item.link_id: values}, definition)["item"]
    return nodes


def values_from_json(item: Item, nodes: list[dict[str, Any]]) -> list[Value]:
    """The values of such nodes."""
    definition = Definition("", (item,))
    return values_of({"item": nodes}, definition).get(item.link_id, [])


# Editions ---------------------------------------------------------------------------------


def definition_changes(old: Definition, new: Definition) -> list[Change]:
    """What an edition changed, item by item, in words."""
    before = {item.link_id: item for item in old.walk()}
    after = {item.link_id: item for item in new.walk()}
    found = []
    if old.title != new.title:
        found.append(Change("", "様式の名称", old.title, new.title))
    for link_id, item in after.items():
        was = before.get(link_id)
        if was is None:
            found.append(Change(link_id, item.label, "", "項目を加えました。"))
        else:
            found += _item_changes(item, facts_of(was, old), facts_of(item, new))
    found += [
        Change(link_id, item.label, "項目をなくしました。", "")
        for link_id, item in before.items()
        if link_id not in after
    ]
    return found + _moved(old, new)


def _item_changes(item: Item, before: dict[str, str], after: dict[str, str]) -> list[Change]:
    return [
        Change(item.link_id, f"{item.label}の{name}", before[name], after[name])
        for name in after
        if before[name] != after[name]
    ]


def _moved(old: Definition, new: Definition) -> list[Change]:
    """Items that stand somewhere else: the fewest that explain the new order."""
    places = [
        [(item.link_id, parent) for item, parent in _with_parents(definition.items, "")]
        for definition in (old, new)
    ]
    common = {link_id for link_id, _ in places[0]} & {link_id for link_id, _ in places[1]}
    before, after = ([entry for entry in side if entry[0] in common] for side in places)
    kept = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    stayed = {entry for block in kept for entry in after[block.b : block.b + block.size]}
    return [
        Change(link_id, new.item(link_id).label, "", "場所を移しました。")
        for link_id, parent in after
        if (link_id, parent) not in stayed
    ]


def _with_parents(items: tuple[Item, ...], parent: str) -> Iterator[tuple[Item, str]]:
    for item in items:
        yield item, parent
        yield from _with_parents(item.items, item.link_id)
