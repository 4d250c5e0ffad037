"""Changing a Questionnaire item by item: pure functions on its JSON.

What this room does not know in an item (codes of other systems, foreign extensions) stays in it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from renkei.foundation.sheets.answers import answer_json
from renkei.foundation.sheets.items import (
    CHOICES,
    EXTENSION,
    FHIR_EXTENSION,
    NO_QUESTION,
    OPTION_SYSTEM,
    Absence,
    Condition,
    ItemType,
    Option,
)

Node = dict[str, Any]
OWN_OPTIONS = OPTION_SYSTEM + "sheet-options"
_EDITED = (
    *(
        EXTENSION + name
        for name in (
            "width",
            "columns",
            "absence",
            "required-if-enabled",
            "code-list",
            "era",
            "prefill",
            "unconfirmed",
            "hint",
        )
    ),
    *(
        FHIR_EXTENSION + name
        for name in ("minValue", "maxValue", "questionnaire-unit", "questionnaire-maxOccurs")
    ),
)
_NUMBERED = re.compile(r"(.*?)-?([0-9]*)")


class UnknownItemError(LookupError):
    """The Questionnaire has no such item."""


@dataclass(frozen=True)
class ItemFacts:
    """What the editor lets somebody say about an item."""

    text: str
    type: ItemType
    hint: str = ""
    required: bool = False
    repeats: bool = False
    maximum_count: int | None = None
    options: Sequence[Option] = ()
    code_list: str = ""
    conditions: Sequence[Condition] = ()
    all_conditions: bool = True
    maximum_length: int | None = None
    minimum: int | Decimal | date | None = None
    maximum: int | Decimal | date | None = None
    unit: str = ""
    wareki: bool = False
    absence: Sequence[Absence] = ()
    prefill: str = ""
    width: str = "full"
    columns: int = 1
    unconfirmed: str = ""
    parent: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


# Finding ----------------------------------------------------------------------------------


def _children(node: Node) -> list[Node]:
    listed: list[Node] = node.setdefault("item", [])
    return listed


def _walk(node: Node) -> Iterator[Node]:
    for child in node.get("item", []):
        yield child
        yield from _walk(child)


def find_item(questionnaire: Node, link_id: str) -> Node:
    """The item with this linkId.

    Raises:
        UnknownItemError: there is none.
    """
    for node in _walk(questionnaire):
        if node.get("linkId") == link_id:
            return node
    raise UnknownItemError(link_id)


def parent_of(questionnaire: Node, link_id: str) -> Node:
    """What holds the item: a group, or the Questionnaire itself."""
    for node in (questionnaire, *_walk(questionnaire)):
        if any(child.get("linkId") == link_id for child in node.get("item", [])):
            return node
    raise UnknownItemError(link_id)


def _place(questionnaire: Node, link_id: str) -> tuple[list[Node], int]:
    siblings = _children(parent_of(questionnaire, link_id))
    return siblings, next(
        index for index, node in enumerate(siblings) if node.get("linkId") == link_id
    )


def free_link_id(questionnaire: Node, wish: str = "item") -> str:
    """A linkId nothing uses yet: the wish itself or with a number behind it."""
    used = {node.get("linkId") for node in _walk(questionnaire)}
    if wish not in used and wish != "item":
        return wish
    match = _NUMBERED.fullmatch(wish)
    stem = match[1] if match and match[1] else wish
    number = 1
    while f"{stem}-{number}" in used:
        number += 1
    return f"{stem}-{number}"


# Changing: each returns a new Questionnaire ------------------------------------------------


def with_item(questionnaire: Node, facts: ItemFacts, *, after: str = "") -> tuple[Node, str]:
    """The Questionnaire with a new item at the end of its group, or behind another one.

    Returns: it, and the linkId of the new item.
    """
    changed = copy.deepcopy(questionnaire)
    link_id = free_link_id(changed)
    node = {"linkId": link_id, "type": facts.type.value, "text": facts.text, **facts.extra}
    if after:
        siblings, index = _place(changed, after)
        siblings.insert(index + 1, node)
    else:
        holder = find_item(changed, facts.parent) if facts.parent else changed
        _children(holder).append(node)
    return changed, link_id


def with_changes(questionnaire: Node, link_id: str, facts: ItemFacts) -> Node:
    """The Questionnaire with an item as the editor wants it; a new parent moves it to its end."""
    changed = copy.deepcopy(questionnaire)
    node = find_item(changed, link_id)
    _apply(node, facts)
    holder = parent_of(changed, link_id)
    if str(holder.get("linkId", "")) != facts.parent:
        if facts.parent in {one.get("linkId") for one in (node, *_walk(node))}:
            raise UnknownItemError(facts.parent)
        _children(holder).remove(node)
        target = find_item(changed, facts.parent) if facts.parent else changed
        _children(target).append(node)
    return changed


def without_item(questionnaire: Node, link_id: str) -> Node:
    """The Questionnaire without an item and what it holds."""
    changed = copy.deepcopy(questionnaire)
    siblings, index = _place(changed, link_id)
    del siblings[index]
    return changed


def moved(questionnaire: Node, link_id: str, step: int) -> Node:
    """The Questionnaire with an item one place up (-1) or down (1) among its neighbours."""
    changed = copy.deepcopy(questionnaire)
    siblings, index = _place(changed, link_id)
    target = index + step
    if 0 <= target < len(siblings):
        siblings[index], siblings[target] = siblings[target], siblings[index]
    return changed


def duplicated(questionnaire: Node, link_id: str) -> tuple[Node, str]:
    """The Questionnaire with a copy of an item behind it; inner conditions follow the copy."""
    changed = copy.deepcopy(questionnaire)
    siblings, index = _place(changed, link_id)
    twin = copy.deepcopy(siblings[index])
    names: dict[str, str] = {}
    siblings.insert(index + 1, twin)
    for node in (twin, *_walk(twin)):
        old = str(node["linkId"])
        # Not counted while it still bears the old name.
        node["linkId"] = ""
        node["linkId"] = names[old] = free_link_id(changed, f"{old}-2")
    for node in (twin, *_walk(twin)):
        for condition in node.get("enableWhen", []):
            condition["question"] = names.get(condition["question"], condition["question"])
    return changed, names[link_id]


# One item ---------------------------------------------------------------------------------


def _apply(node: Node, facts: ItemFacts) -> None:
    kind = facts.type
    is_question = kind not in NO_QUESTION
    node["text"], node["type"] = facts.text, kind.value
    _set(node, "required", is_question and facts.required)
    _set(node, "repeats", facts.repeats)
    _set(node, "maxLength", facts.maximum_length)
    if kind is not ItemType.GROUP:
        node.pop("item", None)
    options = [option_json(option) for option in facts.options]
    _set(node, "answerOption", options if kind in CHOICES and not facts.code_list else None)
    _set(node, "enableWhen", [condition_json(one) for one in facts.conditions])
    behaviour = "all" if facts.all_conditions else "any"
    _set(node, "enableBehavior", behaviour if len(facts.conditions) > 1 else None)
    kept = [one for one in node.get("extension", []) if one.get("url") not in _EDITED]
    _set(node, "extension", kept + list(_extensions(facts)))


def _set(node: Node, key: str, value: object) -> None:
    if value:
        node[key] = value
    else:
        node.pop(key, None)


def _extensions(facts: ItemFacts) -> Iterator[Node]:
    codes = {
        "width": facts.width if facts.width != "full" else "",
        "code-list": facts.code_list if facts.type in CHOICES else "",
        "era": "wareki" if facts.wareki else "",
        "prefill": facts.prefill,
    }
    yield from (
        {"url": EXTENSION + name, "valueCode": value} for name, value in codes.items() if value
    )
    for kind in facts.absence:
        yield {"url": EXTENSION + "absence", "valueCode": kind.value}
    for name, text in (("hint", facts.hint), ("unconfirmed", facts.unconfirmed)):
        if text:
            yield {"url": EXTENSION + name, "valueString": text}
    if facts.columns > 1:
        yield {"url": EXTENSION + "columns", "valueInteger": facts.columns}
    for name, bound in (("minValue", facts.minimum), ("maxValue", facts.maximum)):
        if bound is not None:
            yield {"url": FHIR_EXTENSION + name, **answer_json(bound)}
    if facts.unit:
        coding = {"code": facts.unit, "display": facts.unit}
        yield {"url": FHIR_EXTENSION + "questionnaire-unit", "valueCoding": coding}
    if facts.repeats and facts.maximum_count:
        url = FHIR_EXTENSION + "questionnaire-maxOccurs"
        yield {"url": url, "valueInteger": facts.maximum_count}


def option_json(option: Option) -> Node:
    """An option as an answerOption, with its days."""
    coding = {"system": option.system or OWN_OPTIONS, "code": option.code, "display": option.label}
    node: Node = {"valueCoding": coding}
    extensions: list[Node] = [
        {"url": EXTENSION + name, "valueDate": day.isoformat()}
        for name, day in (("valid-from", option.valid_from), ("valid-to", option.valid_to))
        if day
    ]
    if option.exclusive:
        url = FHIR_EXTENSION + "questionnaire-optionExclusive"
        extensions.append({"url": url, "valueBoolean": True})
    return node | ({"extension": extensions} if extensions else {})


def condition_json(condition: Condition) -> Node:
    """A condition as enableWhen."""
    key, value = next(iter(answer_json(condition.answer).items()))
    return {
        "question": condition.question,
        "operator": condition.operator,
        "answer" + key.removeprefix("value"): value,
    }
