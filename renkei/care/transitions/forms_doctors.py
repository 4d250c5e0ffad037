"""What is filled in about doctors and pairs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from renkei.care.transitions.duty_times import instant_of, parse_time, parse_times
from renkei.care.transitions.forms import MomentForm
from renkei.care.transitions.models import Channel, Doctor, DoctorPair
from renkei.care.transitions.queries.doctors import doctors_offered
from renkei.care.transitions.services.doctors import NewDoctor
from renkei.foundation.accounts.forms.fields import DayField, LineField, ServiceForm
from renkei.foundation.common.phones import require_phone

WEEKDAYS = "月火水木金土日"
OFFICE = "office"


class DoctorForm(ServiceForm):
    """One doctor of the register."""

    name = LineField(label="医師の氏名", max_length=100)
    phone = LineField(label="医師につながる電話番号", max_length=40)
    may_be_deputy = forms.BooleanField(label="副主治医にもなれる", required=False)
    takes_nights = forms.BooleanField(label="夜間・休日も受ける（24時間）", required=False)
    area_note = LineField(label="対応する地域", max_length=200, required=False)
    most_patients = forms.IntegerField(
        label="受け持てる人数", required=False, min_value=0, max_value=999
    )

    def __init__(self, data: Any, *, doctor: Doctor | None = None) -> None:
        super().__init__(data, initial=_initial(doctor) if doctor else None)
        for day, word in enumerate(WEEKDAYS):
            hours = (doctor.weekly_hours if doctor else {}).get(str(day), [])
            self.fields[f"hours_{day}"] = LineField(
                label=f"{word}曜の対応時間",
                required=False,
                max_length=80,
                initial="、".join(f"{begins}～{ends}" for begins, ends in hours),
                help_text="9:00～12:00、14:00～18:00 のように。" if day == 0 else "",
            )

    def clean_phone(self) -> str:
        return require_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        hours: dict[str, list[list[str]]] = {}
        for day in range(len(WEEKDAYS)):
            texts = (cleaned.get(f"hours_{day}") or "").replace(",", "、").split("、")
            try:
                found = [parse_times(text) for text in texts if text.strip()]
            except ValidationError as error:
                self.add_error(f"hours_{day}", error)
                continue
            if found:
                # Kept past midnight as 25:00, so that the same words are read again.
                hours[str(day)] = [[_plain(a), _plain(b)] for a, b in found]
        if not hours and not cleaned.get("takes_nights") and not self.errors:
            self.add_error(
                "hours_0", "対応時間を入力するか、「夜間・休日も受ける」を選んでください。"
            )
        cleaned["weekly_hours"] = hours
        return cleaned

    def new_doctor(self) -> NewDoctor:
        """The typed values."""
        names = NewDoctor.__dataclass_fields__
        return NewDoctor(**{name: self.cleaned_data[name] for name in names})


def _initial(doctor: Doctor) -> dict[str, Any]:
    names = ("name", "phone", "may_be_deputy", "takes_nights", "area_note", "most_patients")
    return {name: getattr(doctor, name) for name in names}


def _plain(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


class AbsenceForm(ServiceForm):
    """From when until when a doctor, or the whole office, cannot be called."""

    who = forms.ChoiceField(label="だれが")
    starts_on = DayField(label="不在の始まりの日")
    starts_time = LineField(label="不在の始まりの時刻", max_length=5, initial="0:00")
    ends_on = DayField(label="不在の終わりの日")
    ends_time = LineField(label="不在の終わりの時刻", max_length=5, initial="24:00")

    def __init__(self, data: Any, *, doctors: Iterable[Doctor]) -> None:
        super().__init__(data)
        self._doctors = {str(doctor.uid): doctor for doctor in doctors}
        self.fields["who"].choices = [  # type: ignore[attr-defined]  # a choice field
            *((uid, doctor.name) for uid, doctor in self._doctors.items()),
            (OFFICE, "事業所全体（休み）"),
        ]

    def doctor(self) -> Doctor | None:
        """Who is away; None: the whole office."""
        return self._doctors.get(self.cleaned_data["who"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for side in ("starts", "ends"):
            cleaned[f"{side}_at"] = self._instant(side, cleaned)
        return cleaned

    def _instant(self, side: str, cleaned: dict[str, Any]) -> datetime | None:
        day, text = cleaned.get(f"{side}_on"), cleaned.get(f"{side}_time")
        if not day or not text:
            return None
        try:
            return instant_of(day, parse_time(text))
        except ValidationError as error:
            self.add_error(f"{side}_time", error)
            return None


class PairForm(ServiceForm):
    """Whom to ask."""

    main = forms.ModelChoiceField(
        label="主治医", queryset=Doctor.objects.none(), to_field_name="uid"
    )
    deputy = forms.ModelChoiceField(
        label="副主治医", queryset=Doctor.objects.none(), to_field_name="uid"
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        doctors = doctors_offered()
        self.fields["main"].queryset = doctors  # type: ignore[attr-defined]  # a model choice field
        self.fields["deputy"].queryset = doctors.filter(may_be_deputy=True)  # type: ignore[attr-defined]  # the same
        for name in ("main", "deputy"):
            self.fields[name].label_from_instance = _doctor_words  # type: ignore[attr-defined]  # the same


def _doctor_words(doctor: Doctor) -> str:
    return f"{doctor.name}（{doctor.organisation.name}）"


class AnswerForm(ServiceForm):
    """Who said yes, and by what means."""

    channel = forms.ChoiceField(label="手段", choices=Channel.choices, initial=Channel.PHONE)
    person_name = LineField(label="答えた人", max_length=100, required=False)


class DeputyCallForm(MomentForm):
    """The deputy was called upon."""

    went = forms.ModelChoiceField(
        label="行った医師", queryset=Doctor.objects.none(), to_field_name="uid"
    )
    reason = LineField(label="呼んだ理由", max_length=200)
    outcome = LineField(label="結果", max_length=200)

    def __init__(self, data: Any, *, pair: DoctorPair) -> None:
        super().__init__(data, prefix="call", initial={"went": pair.deputy.uid})
        doctors = Doctor.objects.filter(pk__in=[pair.main_id, pair.deputy_id])
        self.fields["went"].queryset = doctors  # type: ignore[attr-defined]  # a model choice field
        self.order_fields(["day", "time", "went", "reason", "outcome"])
