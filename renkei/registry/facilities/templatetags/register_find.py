"""Drawings of the pages for finding places."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from renkei.foundation.common.templatetags.components import PIN_SHAPES
from renkei.registry.facilities.map_picture import Pin

register = template.Library()


@register.simple_tag
def map_pin(pin: Pin) -> SafeString:
    """One mark inside the still map: the drawing of ``{% pin %}`` at its place."""
    return format_html(
        '<g class="pin map__pin" data-shape="{}" transform="translate({} {}) scale(0.7)">'
        '<g class="pin__shape">{}</g><text y="5.5">{}</text></g>',
        pin.shape,
        pin.x,
        pin.y,
        mark_safe(PIN_SHAPES[pin.shape]),  # noqa: S308 - our own constant markup
        pin.text,
    )
