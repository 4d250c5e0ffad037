"""Answers and items in words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.eras import format_both, format_screen
from renkei.foundation.common.text import with_unit
from renkei.foundation.sheets.answers import Attachment, Value, Values
from renkei.foundation.sheets.code_lists import CODE_LISTS
from renkei.foundation.sheets.items import TYPE_LABELS, Absence, Code, Condition, Definition, Item

NOT_ANSWERED = "未記入"


def shown_value(item: Item, value: Value) -> str:  # noqa: PLR0911 - one line per type
    """One value as people read it, with its unit."""
    match value:
        case Absence():
            return value.label
        case bool():
            return "はい" if value else "いいえ"
        case int() | Decimal():
            return with_unit(value, item.unit)
        case datetime():
            local = value.astimezone(TOKYO)
            return f"{_day(item, local.date())} {local:%H:%M}"
        case date():
            return _day(item, value)
        case Code():
            return value.label or value.code
        case Attachment():
            return value.title or "ファイル"
    return str(value)


def _day(item: Item, day: date) -> str:
    return format_both(day) if item.era == "wareki" else format_screen(day)


def shown_values(item: Item, values: list[Any]) -> str:
    """All values of an item in one line; a row of a group as its answered items."""
    if item.is_group:
        return " ／ ".join(shown_row(item, row) for row in values)
    return "、".join(shown_value(item, value) for value in values)


def shown_row(group: Item, row: Values) -> str:
    """One row of a repeating group: 氏名：架空 一郎、続柄：長男."""
    parts = [
        f"{item.label}：{shown_values(item, row[item.link_id])}"
        for item in group.walk()
        if item is not group and row.get(item.link_id)
    ]
    return "、".join(parts) or NOT_ANSWERED


SIGNS = {
    "=": "が「{}」のとき",
    "!=": "が「{}」以外のとき",
    ">": "が{}より大きいとき",
    "<": "が{}より小さいとき",
    ">=": "が{}以上のとき",
    "<=": "が{}以下のとき",
}


def shown_condition(condition: Condition, asked: Item | None = None) -> str:
    """「転倒」が「あり」のとき"""
    name = f"「{asked.label if asked else condition.question}」"
    if condition.operator == "exists":
        return name + ("に答えたとき" if condition.answer else "に答えていないとき")
    answer: Value = condition.answer
    if isinstance(answer, Code):
        option = asked.option(answer.code) if asked else None
        shown = option.label if option else answer.label or answer.code
    else:
        shown = shown_value(asked, answer) if asked else str(answer)
    return name + SIGNS[condition.operator].format(shown)


WIDTH_LABELS = {"full": "全幅", "half": "2分の1", "third": "3分の1", "quarter": "4分の1"}


def facts_of(item: Item, definition: Definition) -> dict[str, str]:
    """Everything an editor may have changed about an item, each as words."""
    joined = "すべて" if item.enable_all else "どれか"
    conditions = "、".join(
        shown_condition(one, definition.find(one.question)) for one in item.enable_when
    )
    return {
        "文言": item.text,
        "番号": item.prefix,
        "説明": item.hint,
        "種類": TYPE_LABELS[item.type],
        "必須": "必須" if item.is_required else "任意",
        "くり返し": f"{item.maximum_count}件まで" if item.repeats else "しない",
        "選択肢": options_in_words(item),
        "条件": f"{conditions}（{joined}）" if len(item.enable_when) > 1 else conditions,
        "文字数": f"{item.maximum_length}文字まで" if item.maximum_length else "決めていない",
        "下限": str(item.minimum) if item.minimum is not None else "なし",
        "上限": str(item.maximum) if item.maximum is not None else "なし",
        "単位": item.unit,
        "暦": "和暦" if item.era == "wareki" else "西暦",
        "答えない場合": "、".join(kind.label for kind in item.absence),
        "はじめの値": item.prefill,
        "幅": WIDTH_LABELS[item.layout.width],
        "列の数": str(item.layout.columns),
        "未確認の注記": item.unconfirmed,
    }


def options_in_words(item: Item) -> str:
    """The options in one line; a shared list by its name."""
    if item.code_list in CODE_LISTS:
        return f"コード表「{CODE_LISTS[item.code_list].label}」"
    return "、".join(option.label for option in item.options)
