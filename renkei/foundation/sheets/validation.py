"""What is wrong with an answer, as sentences with their places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.eras import format_western
from renkei.foundation.common.text import grapheme_length, text_problem
from renkei.foundation.sheets.answers import Attachment, Value, values_of
from renkei.foundation.sheets.conditions import Conditions, Placed, row_prefix
from renkei.foundation.sheets.items import Absence, Code, Definition, Item, ItemType
from renkei.foundation.sheets.reading import read_value, typed_values

# Nobody types more into one field; a file of an attacker might.
LONGEST_TEXT = 20_000
LARGEST_NUMBER = 10**12


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence about one field. ``path`` names the field on the page, rows included."""

    link_id: str
    path: str
    message: str


def problems(
    definition: Definition, content: object, *, on: date, draft: bool = False
) -> list[Problem]:
    """What keeps the content from being an answer of this form on a day, in the form's order.

    A draft may lack answers; what it has must still be right.
    """
    if not isinstance(content, Mapping) or content.get("resourceType") != "QuestionnaireResponse":
        return [Problem("", "", "FHIRのQuestionnaireResponseではありません。")]
    found = list(_misplaced(content, definition.items, ""))
    values = typed_values(values_of(content, definition), definition)
    for placed in Conditions(definition).placed(values):
        if placed.enabled:
            found += [
                Problem(placed.item.link_id, placed.path, message)
                for message in _messages(placed, on=on, draft=draft)
            ]
    return found


def unasked(definition: Definition, content: Mapping[str, Any]) -> list[Problem]:
    """Answers to items that their conditions do not ask: the answer will not keep them."""
    values = typed_values(values_of(content, definition), definition)
    return [
        Problem(
            placed.item.link_id,
            placed.path,
            f"{placed.place}{placed.item.label}は、ほかの答えにより聞かない項目です。"
            "条件になる項目の答えを確かめてください。",
        )
        for placed in Conditions(definition).placed(values)
        if not placed.enabled and placed.values and placed.item.is_question
    ]


# The shape of the file -------------------------------------------------------------------


def _misplaced(node: Mapping[str, Any], items: tuple[Item, ...], prefix: str) -> Iterator[Problem]:
    """Items the form does not have at this place, and items given twice."""
    known = {item.link_id: item for item in items}
    listed = node.get("item", [])
    seen: dict[str, int] = {}
    for entry in listed if isinstance(listed, list) else [None]:
        link_id = entry.get("linkId") if isinstance(entry, Mapping) else None
        if not isinstance(entry, Mapping) or not isinstance(link_id, str):
            yield Problem("", prefix, "linkId のない項目があります。消してください。")
            continue
        path, item = prefix + link_id, known.get(link_id)
        if item is None or item.type is ItemType.DISPLAY:
            yield Problem(link_id, path, f"「{link_id[:64]}」はこの様式のこの場所にない項目です。")
            continue
        count = seen.get(link_id, 0)
        seen[link_id] = count + 1
        if count and not (item.is_group and item.repeats):
            yield Problem(link_id, path, f"{item.label}が2回あります。1つにしてください。")
        yield from _wrong_node(entry, item, path)
        inside = row_prefix(path, count) if item.repeats else prefix
        yield from _misplaced(entry, item.items, inside)


def _wrong_node(entry: Mapping[str, Any], item: Item, path: str) -> Iterator[Problem]:
    answers = entry.get("answer", [])
    if item.is_group and answers:
        yield Problem(item.link_id, path, f"{item.label}はまとまりなので、答えを入れられません。")
    if not isinstance(answers, list) or not all(isinstance(one, Mapping) for one in answers):
        yield Problem(item.link_id, path, f"{item.label}の答えの形が違います。")
        return
    if any(one.get("item") for one in answers) or (item.is_question and entry.get("item")):
        yield Problem(item.link_id, path, f"{item.label}の中に項目を入れられません。")


# The values ------------------------------------------------------------------------------


def _messages(placed: Placed, *, on: date, draft: bool) -> Iterator[str]:
    item = placed.item
    name = placed.place + item.label
    if item.is_group:
        if item.repeats:
            yield from _row_messages(placed, name, draft=draft)
        return
    values = placed.values
    if not values:
        if item.is_question and item.is_required and not draft and not _in_empty_row(placed):
            yield _missing(item, name)
        return
    if len(values) > 1 and not item.repeats:
        yield f"{name}は1つだけ答えてください。"
    if any(isinstance(value, Absence) for value in values):
        yield from _absence_messages(item, values, name)
        return
    for value in values:
        yield from _value_messages(item, value, name, on)
    if item.is_choice:
        yield from _together_messages(item, values, name)


def _missing(item: Item, name: str) -> str:
    if item.is_choice or item.type is ItemType.BOOLEAN:
        return f"{name}を選んでください。"
    if item.type is ItemType.ATTACHMENT:
        return f"{name}のファイルを選んでください。"
    return f"{name}を入力してください。"


def _in_empty_row(placed: Placed) -> bool:
    """Nobody has to fill in a row that nobody began."""
    return placed.scope.outer is not None and not any(placed.scope.values.values())


def _row_messages(placed: Placed, name: str, *, draft: bool) -> Iterator[str]:
    item, rows = placed.item, placed.values
    if len(rows) > item.maximum_count:
        yield f"{name}は{item.maximum_count}件までにしてください。"
    if not draft and sum(any(row.values()) for row in rows) < item.minimum_count:
        yield f"{name}を{item.minimum_count}件以上入力してください。"


def _absence_messages(item: Item, values: list[Value], name: str) -> Iterator[str]:
    for value in values:
        if isinstance(value, Absence) and value not in item.absence:
            yield f"{name}には「{value.label}」と答えられません。答えを入力してください。"
    if len(values) > 1:
        yield f"{name}の答えと「なし・不明・答えない」は、どちらか一方にしてください。"


def _value_messages(item: Item, value: Value, name: str, on: date) -> Iterator[str]:
    if item.is_choice:
        yield from _choice_messages(item, value, name, on)
        return
    if isinstance(value, str):
        yield from _text_messages(item, value, name)
        return
    if not _fits(item, value):
        yield f"{name}の答えの種類が違います。入力し直してください。"
        return
    if isinstance(value, Attachment):
        yield from _attachment_messages(value, name)
        return
    yield from _bound_messages(item, value, name)


_PYTHON_TYPES: dict[ItemType, type] = {
    ItemType.BOOLEAN: bool,
    ItemType.INTEGER: int,
    ItemType.DECIMAL: Decimal,
    ItemType.DATE_TIME: datetime,
    ItemType.DATE: date,
    ItemType.ATTACHMENT: Attachment,
}


def _fits(item: Item, value: Value) -> bool:
    # Exactly that type: a bool is an int to Python, an instant a date, but not to a reader.
    return type(value) is _PYTHON_TYPES.get(item.type)


def _text_messages(item: Item, value: str, name: str) -> Iterator[str]:
    if item.type not in {ItemType.STRING, ItemType.TEXT}:
        try:
            read_value(item, value)
        except ValidationError as error:
            yield f"{name}：{error.messages[0]}"
        else:
            yield f"{name}の答えの種類が違います。入力し直してください。"
        return
    problem = text_problem(value, multiline=item.type is ItemType.TEXT)
    if problem:
        yield f"{name}の{problem}"
    if not value.strip():
        yield f"{name}は空白だけにしないでください。"
    yield from _length_messages(item, value, name)


def _length_messages(item: Item, value: str, name: str) -> Iterator[str]:
    most = item.maximum_length or LONGEST_TEXT
    length = grapheme_length(value)
    if length > most:
        yield f"{name}は{most}文字までで入力してください（いま{length}文字）。"


def _choice_messages(item: Item, value: Value, name: str, on: date) -> Iterator[str]:
    if isinstance(value, str) and item.type is ItemType.OPEN_CHOICE:
        problem = text_problem(value)
        if problem:
            yield f"{name}の{problem}"
        yield from _length_messages(item, value, name)
        return
    option = item.option(value.code) if isinstance(value, Code) else None
    if option is None:
        shown = value.label or value.code if isinstance(value, Code) else str(value)
        yield f"{name}：「{shown[:30]}」は選択肢にありません。選択肢から選んでください。"
    elif not option.holds_on(on):
        yield f"{name}：「{option.label}」は{_days(option.valid_from, option.valid_to, on)}"


def _days(valid_from: date | None, valid_to: date | None, on: date) -> str:
    if valid_from and on < valid_from:
        return f"{format_western(valid_from)}からの選択肢です。ほかの選択肢を選んでください。"
    assert valid_to is not None  # noqa: S101 - an option without an end holds on later days
    last = format_western(valid_to - timedelta(days=1))
    return f"{last}までの選択肢です。いまの選択肢から選んでください。"


def _together_messages(item: Item, values: list[Value], name: str) -> Iterator[str]:
    codes = [value.code for value in values if isinstance(value, Code)]
    if len(codes) != len(set(codes)):
        yield f"{name}で同じ選択肢が2回選ばれています。1回にしてください。"
    for option in item.options:
        if option.exclusive and option.code in codes and len(values) > 1:
            yield f"{name}の「{option.label}」は、ほかの選択肢と一緒に選べません。"


def _attachment_messages(value: Attachment, name: str) -> Iterator[str]:
    try:
        UUID(value.uid)
    except ValueError:
        yield f"{name}のファイルが見つかりません。選び直してください。"


def _bound_messages(item: Item, value: Value, name: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | date):
        return
    if isinstance(value, int | Decimal) and not -LARGEST_NUMBER < value < LARGEST_NUMBER:
        yield f"{name}の数が大きすぎます。数を確かめて入力してください。"
        return
    compared: Any = value.astimezone(TOKYO).date() if isinstance(value, datetime) else value
    low: Any = item.minimum
    high: Any = item.maximum
    if low is not None and compared < low:
        after = "以降の日付を" if isinstance(low, date) else "以上で"
        yield f"{name}は{_shown(low)}{after}入力してください。"
    if high is not None and compared > high:
        before = "までの日付を" if isinstance(high, date) else "以下で"
        yield f"{name}は{_shown(high)}{before}入力してください。"


def _shown(bound: object) -> str:
    return format_western(bound) if isinstance(bound, date) else str(bound)
