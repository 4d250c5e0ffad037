"""Answers for tests: everything a form can hold, as long and as strange as it may be."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from renkei.foundation.sheets.answers import Attachment, content_from
from renkei.foundation.sheets.items import Absence, ItemType

# Names with rare kanji, wide and half-width letters, a formula, a run without a place to break.
STRANGE = "髙﨑𠮷野ｱｲｳ①㈱～=1+1@SUM(A1)鷗 WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW 長い文の続き。"
DAY = dt.date(2026, 11, 22)
INSTANT = dt.datetime(2026, 11, 22, 18, 40, tzinfo=dt.timezone(dt.timedelta(hours=9)))


def long_text(limit):
    return (STRANGE * (limit // len(STRANGE) + 1))[:limit]


def maximal_values(items, *, day=DAY):
    """Every item answered, conditions or not: every option chosen, every text at its limit."""
    values = {}
    for item in items:
        if item.is_group:
            inside = maximal_values(item.items, day=day)
            if item.repeats:
                values[item.link_id] = [inside] * min(item.maximum_count, 4)
            else:
                values |= inside
        elif item.is_question:
            values[item.link_id] = maximal_value(item, day)
    return values


def maximal_value(item, day):  # noqa: PLR0911 - one line per type
    match item.type:
        case ItemType.STRING | ItemType.OPEN_CHOICE:
            return [long_text(item.maximum_length or 200).replace("\n", " ")]
        case ItemType.TEXT:
            return [long_text(item.maximum_length or 2000)]
        case ItemType.INTEGER:
            return [99]
        case ItemType.DECIMAL:
            return [Decimal("36.5")]
        case ItemType.DATE:
            return [day]
        case ItemType.DATE_TIME:
            return [INSTANT]
        case ItemType.BOOLEAN:
            return [True]
        case ItemType.ATTACHMENT:
            return [Attachment("0b0e7a53-6c7e-4f0a-9b0c-1f5f1a2b3c4d", "写真.jpg")]
    options = [each.value for each in item.options_on(day) if not each.exclusive]
    return options if item.repeats else options[-1:]


def maximal_content(definition):
    return content_from(maximal_values(definition.items), definition, status="completed")


def absent_content(definition):
    """Every item that may be absent is, in each of its ways; the rest is not answered."""
    values = {
        item.link_id: [Absence(item.absence[index % len(item.absence)])]
        for index, item in enumerate(definition.questions)
        if item.absence
    }
    return content_from(values, definition)
