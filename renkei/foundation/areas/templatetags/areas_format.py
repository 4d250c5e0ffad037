"""Numbers on the pages of areas."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def grouped(value: object) -> str:
    """12,345; nothing for nothing."""
    return f"{value:,}" if isinstance(value, int) else ""
