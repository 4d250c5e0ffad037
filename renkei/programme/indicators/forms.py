"""Which areas to look at, and what to bring in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from renkei.foundation.areas.models import Area


class AreasForm(forms.Form):
    """The areas of a chart, chosen by ticking, or one more by its name."""

    area = forms.TypedMultipleChoiceField(
        label="比べる地域",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="8つまで。はじめに選んだ地域が文の主語になります。",
    )
    name = forms.CharField(label="名前で加える", required=False, max_length=60)

    def __init__(self, data: Any, *, choices: Sequence[Area], chosen: Sequence[Area]) -> None:
        super().__init__(data)
        field = self.fields["area"]
        offered = {area.pk: area for area in (*chosen, *choices)}
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = [(pk, area.name) for pk, area in offered.items()]
        self.initial = {"area": [area.pk for area in chosen]}


# Longer than any key of ours.
_LONGEST_KEY: Final = 16


def asked_areas(values: Sequence[str]) -> list[int]:
    """Primary keys out of an address; what is no number is left out."""
    plain = [text for text in values if text.isascii() and text.isdigit()]
    return [int(text) for text in plain if len(text) < _LONGEST_KEY]
