"""What the person, or a relative, decided about sharing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django import forms

from renkei.care.patients.forms.fields import EraDayField, choice, line
from renkei.care.patients.forms.people import SectionedForm, Sections
from renkei.care.patients.models import (
    ConsentDecision,
    ConsentMethod,
    ConsentPurpose,
    ContentClass,
    Patient,
    Relative,
)
from renkei.care.patients.queries import relatives_of
from renkei.care.patients.queries_consent import possible_recipients
from renkei.care.patients.services.people import closed_period
from renkei.foundation.accounts.forms.fields import ServiceForm
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.common import clock

ONE_YEAR = timedelta(days=365)
WHOLE, NAMED = "whole", "named"


class DecisionForm(SectionedForm):
    """A relative's decision about their own name and number."""

    sections: ClassVar[Sections] = (
        ("意思", ("decision", "decided", "method")),
        ("期間", ("valid_from", "valid_until")),
        ("説明", ("explained_by", "witness")),
    )
    decision = choice("意思", ConsentDecision.choices, widget=forms.RadioSelect)
    decided = EraDayField(label="意思を示した日", past=True)
    method = choice("方法", ConsentMethod.choices, widget=forms.RadioSelect)
    valid_from = EraDayField(label="いつから")
    valid_until = EraDayField(
        label="期限（この日まで）", help_text="60日前から、取り直しの一覧に出ます。"
    )
    explained_by = line("説明した人", 120)
    witness = line("立ち会った人", 120, required=False)

    def clean(self) -> dict[str, Any]:
        """The period must not run backwards."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last.day < first.day:
            self.add_error("valid_until", "期限は、始まり以降の日付を入力してください。")
        return data

    def values(self) -> dict[str, Any]:
        """The fields of the decision."""
        data = self.cleaned_data
        return {
            "decision": data["decision"],
            "decided_on": data["decided"].day,
            "method": data["method"],
            "period": closed_period(data["valid_from"].day, data["valid_until"].day),
            "explained_by": data["explained_by"],
            "witness": data["witness"],
            "purposes": [ConsentPurpose.CARE.value, ConsentPurpose.TEAM_SHARING.value],
            "content_classes": [ContentClass.BASIC.value],
        }

    @staticmethod
    def at_first(explained_by: str) -> dict[str, Any]:
        """From today, for a year."""
        today = clock.today()
        return {
            "decided": today,
            "valid_from": today,
            "valid_until": today + ONE_YEAR,
            "explained_by": explained_by,
        }


class ConsentForm(DecisionForm):
    """The person's decision, themself or by proxy."""

    sections: ClassVar[Sections] = (
        ("意思", ("decision", "decided", "method", "binds_emergency")),
        ("本人が決められないとき", ("proxy", "proxy_reason")),
        ("使う目的", ("purposes",)),
        ("共有する内容", ("content_classes",)),
        ("共有する相手", ("reach", "organisations", "includes_family", "excluded")),
        ("期間", ("valid_from", "valid_until")),
        ("説明", ("explained_by", "witness")),
    )
    binds_emergency = forms.BooleanField(
        label="拒否は緊急のときにも従う",
        required=False,
        help_text="本人がはっきり望んだときだけ印を付けます。緊急閲覧もできなくなります。",
    )
    proxy = forms.ModelChoiceField(
        label="代わりに決めた人",
        queryset=Relative.objects.none(),
        required=False,
        empty_label="本人が決めた",
    )
    proxy_reason = line("代理の理由", 200, required=False, help_text="たとえば、認知症のため。")
    purposes = forms.MultipleChoiceField(
        label="使う目的", choices=ConsentPurpose.choices, widget=forms.CheckboxSelectMultiple
    )
    content_classes = forms.MultipleChoiceField(
        label="共有する内容", choices=ContentClass.choices, widget=forms.CheckboxSelectMultiple
    )
    reach = choice(
        "共有する相手",
        [(WHOLE, "ケアチームの全員（後から入る人も）"), (NAMED, "下で選んだ組織だけ")],
        widget=forms.RadioSelect,
    )
    organisations = forms.ModelMultipleChoiceField(
        label="選んだ組織",
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    includes_family = forms.BooleanField(label="家族の部屋でも共有する", required=False)
    excluded = forms.ModelMultipleChoiceField(
        label="知らせたくない家族",
        queryset=Relative.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        relatives = relatives_of(patient)
        for name, rows in (
            ("proxy", relatives),
            ("excluded", relatives),
            ("organisations", possible_recipients(patient)),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows
                field.label_from_instance = _name_of  # type: ignore[method-assign,assignment]
        if not relatives:
            # A question without an answer to choose.
            del self.fields["excluded"]

    def values(self) -> dict[str, Any]:
        """The fields of the decision."""
        data = self.cleaned_data
        return {
            **super().values(),
            "purposes": data["purposes"],
            "content_classes": data["content_classes"],
            "whole_team": data["reach"] == WHOLE,
            "includes_family": data["includes_family"],
            "binds_emergency": data["binds_emergency"]
            and data["decision"] == ConsentDecision.REFUSED,
            "proxy": data["proxy"],
            "proxy_reason": data["proxy_reason"] if data["proxy"] else "",
        }

    @staticmethod
    def at_first(explained_by: str) -> dict[str, Any]:
        """Everything ticked that a team usually asks for; nothing decided."""
        every = [each.value for each in ConsentPurpose if each != ConsentPurpose.STATISTICS]
        return {
            **DecisionForm.at_first(explained_by),
            "purposes": every,
            "content_classes": [each.value for each in ContentClass],
            "reach": WHOLE,
        }


def _name_of(row: Any) -> str:
    relation = getattr(row, "relation", "")
    return f"{row.name}（{relation}）" if relation else str(row.name)


class WithdrawalForm(ServiceForm):
    """The person takes a consent back; no reason is demanded."""

    reason = line("撤回の理由", 200, required=False, help_text="理由がなくても撤回できます。")
