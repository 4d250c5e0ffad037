"""A trial filling: every item's own words in its cell, to look at before the first real one."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from renkei.foundation.common.clock import TOKYO
from renkei.foundation.sheets.items import Definition, Item, ItemType
from renkei.foundation.sheets.office.filling import place_answers
from renkei.foundation.sheets.office.mapping import Mapped, targets_of
from renkei.foundation.sheets.office.package import Package


def trial(package: Package, definition: Definition, mapped: Mapped, *, today: date) -> bytes:
    """The workbook with an invented answer in every mapped cell."""
    given: dict[str, list[Any]] = {}
    for target in targets_of(definition):
        if target.option is None:
            given[target.key] = _invented(target.item, today)
    return place_answers(package, definition, given, mapped)


def _invented(item: Item, today: date) -> list[Any]:  # noqa: PLR0911 - one line per type
    match item.type:
        case ItemType.INTEGER:
            return [123]
        case ItemType.DECIMAL:
            return [Decimal("12.3")]
        case ItemType.DATE:
            return [today]
        case ItemType.DATE_TIME:
            return [datetime.combine(today, time(9, 30), tzinfo=TOKYO)]
        case ItemType.BOOLEAN:
            return [True]
        case ItemType.CHOICE:
            options = [option.value for option in item.options_on(today)]
            return options if item.repeats else options[:1]
    return [item.label]
