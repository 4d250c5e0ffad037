"""What the forms of the register share."""

from __future__ import annotations

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError


class ServiceForm(forms.Form):
    """A form whose service may refuse what the form let through."""

    def add_service_error(self, error: ValidationError) -> None:
        """Show a service's refusal at the field it names, otherwise on top of the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for field, errors in error.error_dict.items():
            known = field in self.fields and field != NON_FIELD_ERRORS
            self.add_error(field if known else None, errors)
