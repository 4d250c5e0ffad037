"""Filters for all templates (a builtin: no {% load %} needed). They format, they do not decide."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from renkei.foundation.common import eras, text
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.kana import to_half_width_digits

register = template.Library()


def _day(value: object) -> date | None:
    """The day in Japan of a date or an instant; None for what is not a day."""
    if isinstance(value, datetime):
        return timezone.localtime(value, TOKYO).date() if timezone.is_aware(value) else value.date()
    return value if isinstance(value, date) else None


@register.filter
def with_unit(value: Decimal | int, unit: str) -> str:
    """42.6 kg."""
    return text.with_unit(value, unit)


@register.filter
def jdate(value: object) -> str:
    """2026年11月22日（日）, for screens; "" for nothing."""
    day = _day(value)
    return eras.format_screen(day) if day else ""


@register.filter
def wareki(value: object) -> str:
    """令和8年11月22日, for letters."""
    day = _day(value)
    return eras.format_long(day) if day else ""


@register.filter
def jdate_both(value: object) -> str:
    """令和8年11月22日（2026年）, where a person compares with a card."""
    day = _day(value)
    return eras.format_both(day) if day else ""


@register.filter
def phone_link(value: object) -> str:
    """The address of a telephone link: tel:0312345678; "" where no number can be dialled."""
    digits = re.sub(r"[^0-9]", "", to_half_width_digits(str(value or "").split("内線")[0]))
    return f"tel:{digits}" if digits else ""
