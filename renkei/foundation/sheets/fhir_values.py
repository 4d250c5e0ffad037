"""JSON values of FHIR answers, read with care: they may come from anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from renkei.foundation.sheets.items import Code, ConditionAnswer, ItemType


def read_answer(value: object, kind: ItemType) -> ConditionAnswer | None:
    """A JSON value as the value of an item of this type; None where it is not one."""
    match kind:
        case ItemType.BOOLEAN:
            return value if isinstance(value, bool) else None
        case ItemType.INTEGER:
            return value if isinstance(value, int) and not isinstance(value, bool) else None
        case ItemType.DECIMAL:
            return _decimal(value)
        case ItemType.DATE | ItemType.DATE_TIME:
            return _instant(value, kind)
        case ItemType.CHOICE | ItemType.OPEN_CHOICE if isinstance(value, Mapping):
            return _coding(value)
    return value if isinstance(value, str) else None


def _decimal(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(str(value))
    return number if number.is_finite() else None


def _instant(value: object, kind: ItemType) -> date | datetime | None:
    if not isinstance(value, str):
        return None
    try:
        if kind is ItemType.DATE:
            return date.fromisoformat(value) if len(value) == len("2026-04-01") else None
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant if instant.tzinfo else None


def _coding(value: Mapping[str, Any]) -> Code | None:
    parts = [value.get("code"), value.get("display", ""), value.get("system", "")]
    if not all(isinstance(part, str) for part in parts) or not parts[0]:
        return None
    return Code(*parts)
