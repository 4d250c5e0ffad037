"""Values of an answer ↔ the FHIR QuestionnaireResponse that keeps them.

``Values`` maps a linkId to its values; an item without an entry was not answered. Items of
ordinary groups lie flat beside each other; a repeating group's entry is a list of ``Values``, one
per row. What somebody typed that is no date, number or option stays as the text it is, so that a
draft loses nothing; ``validation.problems`` names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from renkei.foundation.sheets.fhir_values import read_answer
from renkei.foundation.sheets.items import EXTENSION, Absence, Code, Definition, Item, ItemType

ABSENCE_URL = EXTENSION + "absence"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored file, known by its uid."""

    uid: str
    title: str = ""


Value = str | bool | int | Decimal | date | datetime | Code | Attachment | Absence
Values = dict[str, list[Any]]

_KEYS = {
    "valueString": ItemType.STRING,
    "valueInteger": ItemType.INTEGER,
    "valueDecimal": ItemType.DECIMAL,
    "valueDate": ItemType.DATE,
    "valueDateTime": ItemType.DATE_TIME,
    "valueBoolean": ItemType.BOOLEAN,
    "valueCoding": ItemType.CHOICE,
}
_URN = "urn:uuid:"


def values_of(content: Mapping[str, Any], definition: Definition) -> Values:
    """The values of a QuestionnaireResponse; what the definition does not know is left out."""
    return _values(_nodes(content), definition.items)


def content_from(
    values: Values, definition: Definition, *, status: str = "in-progress"
) -> dict[str, Any]:
    """A QuestionnaireResponse with these values in the order of the form."""
    content: dict[str, Any] = {"resourceType": "QuestionnaireResponse", "status": status}
    if definition.url:
        version = f"|{definition.version}" if definition.version else ""
        content["questionnaire"] = definition.url + version
    content["item"] = _items(values, definition.items)
    return content


def empty_content(definition: Definition) -> dict[str, Any]:
    """A QuestionnaireResponse in which nothing is answered."""
    return content_from({}, definition)


# Reading ----------------------------------------------------------------------------------


def _nodes(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = node.get("item", [])
    if not isinstance(listed, list):
        return []
    return [entry for entry in listed if isinstance(entry, Mapping)]


def _values(nodes: Iterable[Mapping[str, Any]], items: Iterable[Item]) -> Values:
    by_id: dict[str, list[Mapping[str, Any]]] = {}
    for node in nodes:
        by_id.setdefault(str(node.get("linkId")), []).append(node)
    values: Values = {}
    for item in items:
        found = by_id.get(item.link_id, [])
        if item.is_group:
            _add_group(values, item, found)
            continue
        read = [value for node in found for value in answers_of_node(node)]
        if read:
            values[item.link_id] = read
    return values


def _add_group(values: Values, item: Item, found: list[Mapping[str, Any]]) -> None:
    if item.repeats:
        rows = [_values(_nodes(node), item.items) for node in found]
        if rows:
            values[item.link_id] = rows
        return
    for node in found:
        for link_id, inside in _values(_nodes(node), item.items).items():
            values.setdefault(link_id, []).extend(inside)


def answers_of_node(node: Mapping[str, Any]) -> list[Value]:
    """The values one response item holds, or the kind of its absence."""
    absence = _absence_of(node)
    if absence:
        return [absence]
    answers = node.get("answer", [])
    if not isinstance(answers, list):
        return []
    read = [_value_of(answer) for answer in answers if isinstance(answer, Mapping)]
    return [value for value in read if value is not None]


def _absence_of(node: Mapping[str, Any]) -> Absence | None:
    extensions = node.get("extension", [])
    if not isinstance(extensions, list):
        return None
    for entry in extensions:
        if isinstance(entry, Mapping) and entry.get("url") == ABSENCE_URL:
            code = entry.get("valueCode")
            return next((kind for kind in Absence if kind == code), None)
    return None


def _value_of(answer: Mapping[str, Any]) -> Value | None:
    if "valueAttachment" in answer:
        return _attachment_of(answer["valueAttachment"])
    for key, kind in _KEYS.items():
        if key in answer:
            value = read_answer(answer[key], kind)
            # What cannot be read stays visible as text instead of vanishing.
            return value if value is not None else str(answer[key])
    return None


def _attachment_of(value: object) -> Value | None:
    if not isinstance(value, Mapping) or not isinstance(value.get("url"), str):
        return str(value)
    title = value.get("title", "")
    return Attachment(value["url"].removeprefix(_URN), title if isinstance(title, str) else "")


# Writing ----------------------------------------------------------------------------------


def _items(values: Values, items: Iterable[Item]) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    for item in items:
        if item.type is ItemType.DISPLAY:
            continue
        if item.is_group:
            rows = values.get(item.link_id, []) if item.repeats else [values]
            for row in rows:
                inside = _items(row, item.items)
                # An empty row keeps its place in a draft: somebody opened it to write in it.
                if inside or item.repeats:
                    nodes.append({"linkId": item.link_id, "item": inside})
            continue
        node = _node(item, values.get(item.link_id, []))
        if node:
            nodes.append(node)
    return nodes


def _node(item: Item, values: list[Any]) -> dict[str, Any] | None:
    absence = next((value for value in values if isinstance(value, Absence)), None)
    if absence:
        return {
            "linkId": item.link_id,
            "extension": [{"url": ABSENCE_URL, "valueCode": absence.value}],
        }
    answers = [answer_json(value) for value in values if value != ""]
    return {"linkId": item.link_id, "answer": answers} if answers else None


def answer_json(value: Value) -> dict[str, Any]:  # noqa: PLR0911 - one line per type
    """One value as a FHIR answer."""
    match value:
        case bool():
            return {"valueBoolean": value}
        case int():
            return {"valueInteger": value}
        case Decimal():
            return {"valueDecimal": float(value) if value.as_tuple().exponent else int(value)}
        case datetime():
            return {"valueDateTime": value.isoformat()}
        case date():
            return {"valueDate": value.isoformat()}
        case Code():
            return {"valueCoding": _coding_json(value)}
        case Attachment():
            attachment = {"url": _URN + value.uid, "title": value.title}
            return {
                "valueAttachment": {key: storable(part) for key, part in attachment.items() if part}
            }
    return {"valueString": storable(str(value))}


# PostgreSQL keeps neither of them; nobody types them.
_NEVER = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text without what no database keeps: NUL and halves of surrogate pairs."""
    return _NEVER.sub("", text)


def _coding_json(value: Code) -> dict[str, str]:
    coding = {"system": value.system, "code": value.code, "display": value.label}
    return {key: storable(part) for key, part in coding.items() if part}
