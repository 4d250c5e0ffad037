"""Choosing what to publish."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from renkei.foundation.areas.models import Area
from renkei.registry.facilities.forms_base import ServiceForm
from renkei.registry.facilities.forms_booklets import area_choices
from renkei.registry.facilities.open_data.layouts import TITLES


class AreaForm(ServiceForm):
    """Which table of which area."""

    dataset = forms.ChoiceField(
        label="データの種類",
        choices=[(str(key), title) for key, title in TITLES.items()],
        widget=forms.RadioSelect,
        initial="care",
    )

    def __init__(self, *args: Any, areas: Iterable[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._areas = {str(area.pk): area for area in areas}
        self.fields["area"] = forms.ChoiceField(
            label="地域",
            choices=area_choices(self._areas.values()),
            error_messages={"invalid_choice": "地域を一覧から選んでください。"},
        )

    def clean_area(self) -> Area:
        return self._areas[self.cleaned_data["area"]]
