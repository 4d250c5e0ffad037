"""What is filled in about the hospital of a sudden turn, and during a call to one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from renkei.care.transitions.emergency_states import (
    CallStep,
    CancelReason,
    RefusalReason,
    Vehicle,
)
from renkei.care.transitions.forms import OTHER, MomentForm
from renkei.care.transitions.models import Channel
from renkei.care.transitions.services.emergencies import HospitalChoice, Terms
from renkei.care.transitions.services.emergency_calls import Why
from renkei.care.transitions.services.told import Answer
from renkei.care.transitions.values import Hospital
from renkei.foundation.accounts.forms.fields import DayField, LineField, ServiceForm
from renkei.foundation.common import clock
from renkei.foundation.common.phones import require_phone

# How somebody outside answered; what the hospital does here, it does under its own name.
OUTSIDE = [choice for choice in Channel.choices if choice[0] != Channel.SYSTEM]


class HospitalForm(ServiceForm):
    """Which hospital: one that this person has to do with, or any other by its name."""

    hospital = forms.ChoiceField(label="病院", widget=forms.RadioSelect)
    hospital_name = LineField(label="病院の名前（一覧にないとき）", max_length=200, required=False)
    hospital_phone = LineField(label="病院の電話番号", max_length=40, required=False)

    def __init__(self, data: Any, *, hospitals: Mapping[str, Hospital], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.hospitals = hospitals
        choices = [(key, place.name) for key, place in hospitals.items()]
        self.fields["hospital"].choices = [*choices, (OTHER, "ほかの病院（名前を入力）")]  # type: ignore[attr-defined]  # a choice field
        self.fields["hospital"].initial = next(iter(hospitals), OTHER)

    def clean_hospital_phone(self) -> str:
        phone: str = self.cleaned_data["hospital_phone"]
        return require_phone(phone) if phone else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("hospital") == OTHER and not cleaned.get("hospital_name"):
            self.add_error("hospital_name", "病院の名称を入力してください。")
        return cleaned

    def choice(self) -> HospitalChoice:
        """The hospital chosen, or typed; a number typed beside it is the one to call."""
        values = self.cleaned_data
        if values["hospital"] == OTHER:
            return HospitalChoice(name=values["hospital_name"], phone=values["hospital_phone"])
        place = self.hospitals[values["hospital"]]
        return HospitalChoice(
            organisation=place.organisation,
            name=place.name,
            phone=values["hospital_phone"] or place.phone,
        )


class CallForm(HospitalForm):
    """A call to a hospital."""

    reason = LineField(
        label="頼む理由",
        max_length=200,
        help_text="連携を使う病院には、この文が届きます。氏名は書かず、電話で伝えてください。",
    )


class AgreementForm(HospitalForm):
    """What a hospital agreed to."""

    beds = LineField(label="使える病床", max_length=120, required=False)
    hours = LineField(label="受けられる時間", max_length=120, required=False)
    not_accepted = LineField(label="受けられない場合", max_length=200, required=False)
    transport = LineField(label="搬送の方法", max_length=200, required=False)
    information = LineField(label="送る情報", max_length=200, required=False)
    confirmed_on = DayField(label="病院に確かめた日")
    channel = forms.ChoiceField(label="手段", choices=OUTSIDE, widget=forms.RadioSelect)
    person_name = LineField(label="病院で答えた人", max_length=100)

    def __init__(self, data: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"confirmed_on": clock.today(), "channel": Channel.PHONE}
        super().__init__(data, **kwargs)

    def terms(self) -> Terms:
        """The conditions."""
        return Terms(**{name: self.cleaned_data[name] for name in Terms.__dataclass_fields__})

    def answer(self) -> Answer:
        """Who agreed for the hospital."""
        return Answer(Channel(self.cleaned_data["channel"]), self.cleaned_data["person_name"])


class ConfirmForm(ServiceForm):
    """The hospital says that it still holds."""

    confirmed_on = DayField(label="確認日")
    channel = forms.ChoiceField(label="手段", choices=OUTSIDE, widget=forms.RadioSelect)
    person_name = LineField(label="病院で答えた人", max_length=100)

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"confirmed_on": clock.today(), "channel": Channel.PHONE})

    def answer(self) -> Answer:
        """Who confirmed it."""
        return Answer(Channel(self.cleaned_data["channel"]), self.cleaned_data["person_name"])


class ToldForm(ServiceForm):
    """Somebody who has to know was told: by what means, and who said that they know."""

    channel = forms.ChoiceField(label="手段", choices=Channel.choices)
    person_name = LineField(label="確かめた人", max_length=100, required=False)
    has_nobody = forms.BooleanField(label="この人にはいない", required=False)

    def __init__(self, data: Any, *, audience: str, may_lack: bool, is_own: bool = False) -> None:
        super().__init__(data, prefix=audience, initial={"channel": Channel.PHONE})
        if not is_own:
            self.fields["channel"].choices = OUTSIDE  # type: ignore[attr-defined]  # a choice field
        if not may_lack:
            del self.fields["has_nobody"]

    def values(self) -> dict[str, Any]:
        """As the services take it."""
        values = self.cleaned_data
        answer = Answer(Channel(values["channel"]), values["person_name"])
        return {"answer": answer, "has_nobody": values.get("has_nobody", False)}


class CallStepForm(MomentForm):
    """One step of a call: who answered, by what means, when; and the reason where one is due."""

    channel = forms.ChoiceField(label="手段", choices=OUTSIDE, widget=forms.RadioSelect)
    person_name = LineField(label="答えた人", max_length=100, required=False)

    def __init__(self, data: Any, *, step: CallStep) -> None:
        super().__init__(data, prefix=step.value, initial={"channel": Channel.PHONE})
        first = []
        if step == CallStep.REFUSE:
            self.fields["refusal"] = _radio("受けられない理由", RefusalReason.choices)
            self.fields["note"] = LineField(
                label="受けられない事情", max_length=200, required=False
            )
            first = ["refusal", "note"]
        elif step == CallStep.CANCEL:
            self.fields["cancel_reason"] = _radio("取りやめた理由", CancelReason.choices)
            first = ["cancel_reason"]
        elif step == CallStep.TRANSPORT:
            self.fields["vehicle"] = _radio("搬送の手段", Vehicle.choices)
            first = ["vehicle"]
        if step in {CallStep.ACCEPT, CallStep.REFUSE}:
            self.fields["person_name"].required = True
        self.order_fields([*first, "person_name", "channel", "day", "time"])

    def answer(self) -> Answer:
        """Who said it, by what means, when."""
        values = self.cleaned_data
        return Answer(Channel(values["channel"]), values["person_name"], self.moment())

    def why(self) -> Why:
        """The reasons of this step."""
        return why_of(self.cleaned_data)


class OwnAnswerForm(ServiceForm):
    """The hospital's own refusal; its acceptance is one button."""

    refusal = forms.ChoiceField(
        label="受けられない理由", choices=RefusalReason.choices, widget=forms.RadioSelect
    )
    note = LineField(label="受けられない事情", max_length=200, required=False)

    def why(self) -> Why:
        """The reason."""
        return why_of(self.cleaned_data)


def why_of(values: Mapping[str, Any]) -> Why:
    """The reasons among what was filled in."""
    refusal, cancel = values.get("refusal"), values.get("cancel_reason")
    vehicle = values.get("vehicle")
    return Why(
        refusal=RefusalReason(refusal) if refusal else None,
        note=values.get("note", ""),
        cancel_reason=CancelReason(cancel) if cancel else None,
        vehicle=Vehicle(vehicle) if vehicle else None,
    )


def _radio(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
