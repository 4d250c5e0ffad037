"""Proposing an agreement (協定), and naming its last day."""

from __future__ import annotations

from typing import Any

from django import forms

from renkei.foundation.accounts.forms.fields import DayField, LineField, ServiceForm
from renkei.foundation.accounts.forms.policies import TextField
from renkei.foundation.accounts.queries_agreements import areas_to_agree_with, areas_to_invite
from renkei.foundation.areas.models import Agreement, Area


class AgreementForm(ServiceForm):
    """What the agreement is for, from when, and with whom."""

    name = LineField(
        label="協定の名称",
        max_length=120,
        help_text="たとえば「架空市・海辺町 在宅医療・介護連携に関する協定」。",
    )
    purpose = TextField(
        label="協定の目的",
        max_length=2000,
        help_text="何をそろえ、何を互いに使えるようにするかを書いてください。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    first_day = DayField(label="始まりの日", help_text="たとえば 2026年4月1日。")
    others: forms.ModelMultipleChoiceField[Area] = forms.ModelMultipleChoiceField(
        label="相手の市町村",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text="選んだ市町村の担当者に確認を頼みます。確認した市町村から加わります。",
        error_messages={
            "required": "協定を結ぶ相手の市町村を選んでください。",
            "invalid_choice": "一覧にある市町村を選んでください。",
            "invalid_pk_value": "一覧にある市町村を選んでください。",
        },
    )

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["others"].queryset = areas_to_agree_with(area)  # type: ignore[attr-defined]


class InviteForm(ServiceForm):
    """Further municipalities for an agreement there is."""

    invited: forms.ModelMultipleChoiceField[Area] = forms.ModelMultipleChoiceField(
        label="招く市町村",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        help_text="選んだ市町村の担当者に確認を頼みます。確認した日から加わります。",
        error_messages={
            "required": "招く市町村を選んでください。",
            "invalid_choice": "一覧にある市町村を選んでください。",
            "invalid_pk_value": "一覧にある市町村を選んでください。",
        },
    )

    def __init__(self, *args: Any, agreement: Agreement, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = areas_to_invite(agreement, area)
        self.fields["invited"].queryset = choices  # type: ignore[attr-defined]


class LastDayForm(ServiceForm):
    """The last day of a membership or of an agreement."""

    last_day = DayField(
        label="最後の日", help_text="この日の終わりに共有が止まります。たとえば 2027年3月31日。"
    )
