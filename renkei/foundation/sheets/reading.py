"""From what somebody typed or a cell holds to a value of the item's type."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.eras import parse_day
from renkei.foundation.sheets.answers import Value, Values, content_from, values_of
from renkei.foundation.sheets.items import Code, Definition, Item, ItemType

_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?")
_TIME = re.compile(r"(.+?)[ 　T]*([0-9]{1,2})(?::|時)([0-9]{1,2})?(?::[0-9]{2})?分?")
_YES = {"はい", "有", "あり", "true", "yes", "1", "○", "〇", "✓", "✔", "レ", "☑", "■"}
_NO = {"いいえ", "無", "なし", "false", "no", "0", "×", "☐", "□"}


def read_value(item: Item, text: str) -> Value:  # noqa: PLR0911 - one line per type
    """The value of ``text`` for this item, in any width, any spelling of a day, label or code.

    Raises:
        ValidationError: it is none; the sentence says what to enter.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    match item.type:
        case ItemType.INTEGER:
            return _integer(plain)
        case ItemType.DECIMAL:
            return _decimal(plain)
        case ItemType.DATE:
            return parse_day(text)
        case ItemType.DATE_TIME:
            return _instant(plain)
        case ItemType.BOOLEAN:
            return _boolean(plain)
        case ItemType.CHOICE | ItemType.OPEN_CHOICE:
            return _option(item, text.strip(), plain)
    return text


def _integer(plain: str) -> int:
    plain = plain.replace(",", "")
    if not _INTEGER.fullmatch(plain):
        raise ValidationError("整数で入力してください。")
    return int(plain)


def _decimal(plain: str) -> Decimal:
    plain = plain.replace(",", "")
    if not _DECIMAL.fullmatch(plain):
        raise ValidationError("数（小数は6桁まで）で入力してください。")
    try:
        return Decimal(plain)
    except InvalidOperation as error:  # pragma: no cover - the expression above lets none through
        raise ValidationError("数で入力してください。") from error


def _instant(plain: str) -> datetime:
    match = _TIME.fullmatch(plain)
    if not match:
        raise ValidationError("日付と時刻を「2026年4月1日 9:30」のように入力してください。")
    day, hour, minute = match[1], int(match[2]), int(match[3] or 0)
    try:
        moment = time(hour, minute)
    except ValueError:
        raise ValidationError("時刻は0:00から23:59までで入力してください。") from None
    return datetime.combine(parse_day(day), moment, tzinfo=TOKYO)


def _boolean(plain: str) -> bool:
    word = plain.lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValidationError("「はい」か「いいえ」で答えてください。")


def _option(item: Item, text: str, plain: str) -> Value:
    """By code, by label as written, by label in any width; else free text where that may be."""
    for option in item.options:
        if text in {option.code, option.label}:
            return option.value
    for option in item.options:
        if plain == unicodedata.normalize("NFKC", option.label):
            return option.value
    if item.type is ItemType.OPEN_CHOICE:
        return text
    raise ValidationError(f"「{text[:30]}」は選択肢にありません。選択肢から選んでください。")


_TYPES: dict[ItemType, tuple[type, ...]] = {
    ItemType.INTEGER: (int,),
    ItemType.DECIMAL: (Decimal,),
    ItemType.DATE: (date,),
    ItemType.DATE_TIME: (datetime,),
    ItemType.BOOLEAN: (bool,),
    ItemType.CHOICE: (Code,),
    ItemType.OPEN_CHOICE: (Code,),
}


def typed(item: Item, value: Value) -> Value:
    """The value as the item's type where it can be read as one; otherwise itself."""
    if item.type is ItemType.DECIMAL and isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if item.is_choice and isinstance(value, Code):
        option = item.option(value.code)
        return option.value if option else value
    if isinstance(value, str) and item.type in _TYPES:
        try:
            return read_value(item, value)
        except ValidationError:
            return value
    return value


def typed_values(values: Values, definition: Definition) -> Values:
    """Every value as its item's type, as far as it can be read."""
    items = {item.link_id: item for item in definition.walk()}

    def read(row: Values) -> Values:
        found: Values = {}
        for link_id, given in row.items():
            item = items[link_id]
            found[link_id] = (
                [read(one) for one in given]
                if item.is_group
                else [typed(item, value) for value in given]
            )
        return found

    return read(values)


def normalised(content: Mapping[str, Any], definition: Definition) -> dict[str, Any]:
    """The content with every readable text turned into its item's type; drafts keep the rest."""
    values = typed_values(values_of(content, definition), definition)
    return content_from(values, definition, status=str(content.get("status") or "in-progress"))
