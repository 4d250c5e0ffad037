"""The strip that says the next step of はじめの一式, on every page of the way."""

from __future__ import annotations

from typing import Any

from django import template

from renkei.programme.planning.queries.starter import kit_of, next_step

register = template.Library()


@register.inclusion_tag("planning/starter/_next.html", takes_context=True)
def starter_next(context: dict[str, Any]) -> dict[str, Any]:
    """Nothing for those who have no kit, or are through with it."""
    kit = kit_of(context["request"].viewer)
    return {"step": next_step(kit) if kit else None}
