"""Fields and what all forms of this room share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from renkei.foundation.common.eras import format_western, parse_day, require_reachable
from renkei.foundation.common.text import require_storable


class LineField(forms.CharField):
    """One line of text without private-use or control characters."""

    def validate(self, value: str) -> None:
        """Refuse what cannot be stored, with its place."""
        super().validate(value)
        require_storable(value)


class DayField(forms.CharField):
    """A day as people write it: 2026年4月1日, 令和8年4月1日, R8.4.1, any width."""

    def to_python(self, value: Any) -> Any:
        """The day, or None for an empty optional field."""
        text = super().to_python(value)
        return require_reachable(parse_day(text)) if text else None

    def prepare_value(self, value: Any) -> Any:
        """Shown as people write it."""
        return format_western(value) if isinstance(value, date) else value


class ServiceForm(forms.Form):
    """A form whose service may refuse what the form alone could not know."""

    def add_service_error(self, error: ValidationError) -> None:
        """Put each complaint at its field, or on top where the form has no such field."""
        by_field: Mapping[str, Iterable[ValidationError]] = (
            error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: [error]}
        )
        for name, errors in by_field.items():
            for one in errors:
                self.add_error(name if name in self.fields else None, one)
