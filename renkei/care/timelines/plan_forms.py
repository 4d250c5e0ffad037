"""What people fill in to plan a visit: a day and a person are chosen, never typed."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from typing import Any

from django import forms

from renkei.care.patients.models import Patient
from renkei.care.timelines.plan_queries import (
    colleagues,
    patients_to_visit,
    visitors_of,
)
from renkei.care.timelines.plan_services import DAYS_AHEAD
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock, eras
from renkei.registry.facilities.forms_base import ServiceForm

_NEAR = {0: "きょう　", 1: "あす　", 2: "あさって　"}


def day_choices() -> list[tuple[str, str]]:
    """The days a visit can be planned for."""
    today = clock.today()
    days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1)]
    return [(f"{day:%Y-%m-%d}", f"{_near(day, today)}{eras.format_screen(day)}") for day in days]


def _near(day: date, today: date) -> str:
    return _NEAR.get((day - today).days, "")


class ClockField(forms.TimeField):
    """A time as people type it: full-width digits and 9：30 as well."""

    def to_python(self, value: Any) -> Any:
        """The time, or None."""
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip()
        return super().to_python(value)


class PlanForm(ServiceForm):
    """Who of the office, on which day, at what time."""

    visitor = forms.TypedChoiceField(
        label="訪問する人",
        coerce=int,
        error_messages={"required": "訪問する人を選んでください。"},
    )
    on = forms.ChoiceField(label="訪問する日")
    at = ClockField(
        label="時刻",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "f__short"}, format="%H:%M"),
        help_text="決まっていなければ空のままにします。1日に2回訪問するときは、それぞれに時刻を入れます。",
        error_messages={"invalid": "時刻を「9:30」のように入力してください。"},
    )

    def __init__(
        self, *args: Any, viewer: Viewer, patient: Patient | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people = (
            [(one.membership_id, one.name, one.profession) for one in visitors_of(viewer, patient)]
            if patient is not None
            else [(one.pk, one.user.name, one.profession) for one in colleagues(viewer)]
        )
        self.fields["visitor"].choices = [  # type: ignore[attr-defined]  # a choice field
            (number, f"{name}（{profession}）" if profession else name)
            for number, name, profession in people
        ]
        self.initial.setdefault("visitor", viewer.membership_id)
        self.fields["on"].choices = day_choices()  # type: ignore[attr-defined]  # a choice field
        present = self.initial.get("on")
        if isinstance(present, date):
            self.initial["on"] = f"{present:%Y-%m-%d}"

    def clean_on(self) -> date:
        """The day itself."""
        return date.fromisoformat(self.cleaned_data["on"])

    def values(self) -> dict[str, Any]:
        """What the services take."""
        data = self.cleaned_data
        return {"membership_id": data["visitor"], "on": data["on"], "at": data["at"]}


class DayPlanForm(PlanForm):
    """The same, from the day's page: whom as well."""

    patient = forms.ModelChoiceField(
        label="訪問する療養者",
        queryset=Patient.objects.none(),
        to_field_name="uid",
        empty_label="選んでください",
        error_messages={
            "required": "療養者を選んでください。",
            "invalid_choice": "一覧から療養者を選んでください。",
        },
    )
    field_order = ("patient", "visitor", "on", "at")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, viewer=viewer, **kwargs)
        field: Any = self.fields["patient"]
        field.queryset = patients_to_visit(viewer)
        field.label_from_instance = _called


def _called(patient: Patient) -> str:
    return f"{patient.name}（{patient.kana}）" if patient.kana else patient.name
