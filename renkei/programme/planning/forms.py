"""Fields that all forms of this room share."""

from __future__ import annotations

from typing import Any

from django import forms

from renkei.foundation.accounts.forms.fields import LineField, ServiceForm
from renkei.foundation.common.phones import require_phone
from renkei.foundation.common.text import require_storable


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """One day."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def time_field(label: str) -> forms.TimeField:
    """One time of day."""
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


def storable(text: str) -> None:
    """Free text of several lines without characters that get lost."""
    require_storable(text, multiline=True)


def text_field(
    label: str, *, limit: int, rows: int = 4, required: bool = False, help_text: str = ""
) -> forms.CharField:
    """Several lines."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=limit,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[storable],
    )


def line_field(label: str, limit: int, *, required: bool = False, help_text: str = "") -> LineField:
    """One line."""
    return LineField(label=label, max_length=limit, required=required, help_text=help_text)


class PhoneField(LineField):
    """A number that can be dialled, where one is given."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return require_phone(text) if text else ""


__all__ = [
    "PhoneField",
    "ServiceForm",
    "day_field",
    "line_field",
    "text_field",
    "time_field",
]
