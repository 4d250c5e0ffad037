"""Measurements beside an entry, and a person's limits."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from renkei.care.timelines.models import RoomKind
from renkei.care.timelines.observations import MEASURES, Measure, Reading, read_values
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.values import NewObservation
from renkei.foundation.accounts.forms.fields import LineField, ServiceForm
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock

PREFIX = "m"


class MeasurementsForm(forms.Form):
    """「測定を入れる」: one field per measure, all optional; slips of the finger are asked back."""

    hide_need = True
    prefix = PREFIX

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for measure in MEASURES:
            self.fields[measure.code.value] = _field(measure)
        self.readings: list[Reading] = []

    def clean(self) -> dict[str, Any]:
        """All values together: pressures are compared with each other."""
        cleaned = super().clean() or self.cleaned_data
        try:
            self.readings = read_values((name, str(value)) for name, value in cleaned.items())
        except ValidationError as error:
            for name, sentences in error.message_dict.items():
                self.add_error(name, sentences)
        return cleaned

    @property
    def usual(self) -> list[forms.BoundField]:
        """What is measured at most visits."""
        return [self[measure.code.value] for measure in MEASURES if measure.usual]

    @property
    def others(self) -> list[forms.BoundField]:
        """The rest, behind 「ほかの測定」."""
        return [self[measure.code.value] for measure in MEASURES if not measure.usual]

    @property
    def has_values(self) -> bool:
        """Whether something was typed: the part stays open then."""
        return self.is_bound and any(self[name].value() for name in self.fields)


def _field(measure: Measure) -> forms.CharField:
    label = f"{measure.label}（{measure.unit}）" if measure.unit else measure.label
    widget = forms.TextInput(
        attrs={"autocomplete": "off", "inputmode": "decimal" if measure.is_number else "text"}
    )
    return forms.CharField(label=label, required=False, max_length=200, widget=widget)


def make_measurements(request: ViewerRequest, door: Door) -> MeasurementsForm | None:
    """The part of the composer; staff measure, in their own room."""
    if door.room.kind != RoomKind.STAFF:
        return None
    return MeasurementsForm(request.POST if request.method == "POST" else None)


def measured(form: forms.Form, _door: Door) -> Mapping[str, Any]:
    """The arguments of ``post_entry``."""
    assert isinstance(form, MeasurementsForm)  # noqa: S101 - made by make_measurements
    return {"observations": new_observations(form.readings, clock.now())}


def new_observations(readings: list[Reading], at: datetime) -> list[NewObservation]:
    """Readings as the posting service takes them."""
    return [
        NewObservation(
            code=one.code.value, measured_at=at, value=one.value, unit=one.unit, text=one.text
        )
        for one in readings
    ]


class LimitField(forms.DecimalField):
    """A number as people type it: full-width digits and a thousands comma as well."""

    def __init__(self, *, label: str) -> None:
        sentence = f"{label}を数字で入力してください。例：36.5"
        too_long = f"{label}は整数6桁、小数第2位までで入力してください。"
        super().__init__(
            label=label,
            required=False,
            max_digits=8,
            decimal_places=2,
            widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"}),
            error_messages={
                "invalid": sentence,
                "max_digits": too_long,
                "max_decimal_places": too_long,
                "max_whole_digits": too_long,
            },
        )

    def to_python(self, value: Any) -> Any:
        """The number, or None."""
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace(",", "").strip()
        return super().to_python(value)


class LimitForm(ServiceForm):
    """What is usual for this person."""

    low = LimitField(label="下限")
    high = LimitField(label="上限")
    asks = forms.ChoiceField(
        label="外れたときに相談する職種",
        required=False,
        help_text="範囲から外れると、この職種に相談を1回だけ出します。",
    )
    note = LineField(label="備考", required=False, max_length=200)

    def __init__(self, *args: Any, professions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asks = self.fields["asks"]
        assert isinstance(asks, forms.ChoiceField)  # noqa: S101 - declared above
        asks.choices = [("", "決めた人の職種"), *((each, each) for each in professions)]

    def clean(self) -> dict[str, Any]:
        """At least one end, in the right order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        low: Decimal | None = cleaned.get("low")
        high: Decimal | None = cleaned.get("high")
        if low is None and high is None and not self.errors:
            self.add_error("low", "下限か上限のどちらかを入力してください。")
        if low is not None and high is not None and low >= high:
            self.add_error("high", "上限は下限より大きい値を入力してください。")
        return cleaned
