"""From the fields of the page to values: nothing typed is lost, right or not."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from renkei.foundation.sheets.answers import Attachment, Value, Values, storable
from renkei.foundation.sheets.conditions import row_prefix
from renkei.foundation.sheets.items import Absence, Definition, Item, ItemType
from renkei.foundation.sheets.presenters import (
    ABSENCE,
    DAY,
    ERA,
    MONTH,
    OTHER,
    ROWS,
    TIME,
    WESTERN,
    YEAR,
)
from renkei.foundation.sheets.reading import read_value, typed


def post_values(definition: Definition, post: QueryDict) -> Values:
    """The values of every field the page has."""
    return _values(definition.items, post, "")


def _values(items: tuple[Item, ...], post: QueryDict, prefix: str) -> Values:
    found: Values = {}
    for item in items:
        path = prefix + item.link_id
        if item.is_group and item.repeats:
            rows = [
                _values(item.items, post, row_prefix(path, index))
                for index in range(_row_count(item, post.get(path + ROWS, "")))
            ]
            if any(rows) or len(rows) > 1:
                found[item.link_id] = rows
        elif item.is_group:
            found |= _values(item.items, post, prefix)
        elif item.is_question:
            given = _given(item, post, path)
            if given:
                found[item.link_id] = given
    return found


def _row_count(item: Item, text: str) -> int:
    return min(int(text), item.maximum_count) if text.isdecimal() and len(text) < len("1000") else 0


def _given(item: Item, post: QueryDict, path: str) -> list[Any]:
    match item.type:
        case ItemType.CHOICE | ItemType.OPEN_CHOICE | ItemType.BOOLEAN:
            return _chosen(item, post, path)
        case ItemType.DATE | ItemType.DATE_TIME:
            text = _day_text(item, post, path)
        case ItemType.ATTACHMENT:
            return [_attachment(text) for text in post.getlist(path) if text]
        case _:
            text = storable(post.get(path, "")).replace("\r\n", "\n")
    if text.strip():
        return [typed(item, text if item.type is ItemType.TEXT else text.strip())]
    absences = [kind for kind in item.absence if kind.value in post.getlist(path + ABSENCE)]
    return list(absences[:1])


def _attachment(text: str) -> Attachment:
    uid, _, title = storable(text).partition("|")
    return Attachment(uid, title)


def _chosen(item: Item, post: QueryDict, path: str) -> list[Value]:
    found: list[Value] = []
    absence: Absence | None = None
    for text in post.getlist(path):
        if text.startswith("~"):
            absence = next((kind for kind in item.absence if f"~{kind.value}" == text), absence)
        elif text:
            found.append(_option(item, storable(text)))
    other = storable(post.get(path + OTHER, "")).strip()
    if item.type is ItemType.OPEN_CHOICE and other:
        # One answer: what was written by hand says more than the button beside it.
        found = [*found, other] if item.repeats else [other]
    if not found and absence:
        return [absence]
    return found


def _option(item: Item, text: str) -> Value:
    try:
        return read_value(item, text)
    except ValidationError:
        return text


def _day_text(item: Item, post: QueryDict, path: str) -> str:
    """What was typed into 年・月・日, as one text; a whole day typed into 年 is one already."""
    year, month, day, time = (
        storable(post.get(path + part, "")).strip() for part in (YEAR, MONTH, DAY, TIME)
    )
    if not (year or month or day):
        return time
    era = post.get(path + ERA, WESTERN)
    if not (month or day):
        text = year
    else:
        text = f"{era if era != WESTERN else ''}{year}年{month}月{day}日"
    return f"{text} {time}".strip() if item.type is ItemType.DATE_TIME else text
