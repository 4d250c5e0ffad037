"""What a home fills in about its 協力医療機関."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from renkei.care.transitions.models import Channel, ContactKind, Cooperation, Known
from renkei.foundation.accounts.forms.fields import DayField, LineField, ServiceForm
from renkei.foundation.common.phones import require_phone

TEXT: Final = {"rows": 4}


class CooperationForm(ServiceForm):
    """With which institution a home agreed on what."""

    institution_name = LineField(label="協力医療機関の名称", max_length=200)
    institution_code = LineField(
        label="医療機関コード",
        max_length=10,
        required=False,
        help_text="入れると、資源の台帳から所在地と電話番号を写します。",
    )
    institution_address = LineField(label="協力医療機関の所在地", max_length=400, required=False)
    phone = LineField(
        label="電話番号", max_length=40, required=False, help_text="急変時につながる番号。"
    )
    person_name = LineField(label="協力医療機関の担当者", max_length=100, required=False)
    is_hospital = forms.BooleanField(label="病院", required=False)
    consults = forms.BooleanField(
        label="相談対応：急変時に医師か看護職員が相談に応じる体制（常時）", required=False
    )
    examines = forms.BooleanField(
        label="診療：施設の求めに応じて診療する体制（常時）", required=False
    )
    admits = forms.BooleanField(
        label="入院受入れ：入院が必要なとき原則として受け入れる体制（病院）", required=False
    )
    details = forms.CharField(
        label="取り決めの内容",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs=TEXT),
        help_text="連絡の順、夜間・休日の扱い、協定書の有無など。入居者の名前は書かないでください。",
    )
    infection_agreement = forms.ChoiceField(
        label="第二種協定指定医療機関", choices=Known.choices, initial=Known.UNKNOWN
    )
    since_on = DayField(label="協力の始まり")

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        return require_phone(phone) if phone else ""

    @classmethod
    def initial_of(cls, row: Cooperation) -> dict[str, Any]:
        """The values of a row."""
        return {name: getattr(row, name) for name in cls.base_fields}


class CooperationEndForm(ServiceForm):
    """The last day of an agreement."""

    last_day = DayField(label="協力の終わり（最後の日）")
    reason = LineField(label="終わりの理由", max_length=200, required=False)


class ContactForm(ServiceForm):
    """A confirmation or a conference that was held."""

    kind = forms.ChoiceField(
        label="確認・会議の種類", choices=ContactKind.choices, widget=forms.RadioSelect
    )
    held_on = DayField(label="行った日")
    counterpart = LineField(label="医療機関側の出席者", max_length=200, help_text="職名と氏名。")
    own_people = LineField(label="施設側の出席者", max_length=200)
    channel = forms.ChoiceField(
        label="連絡手段",
        choices=[each for each in Channel.choices if each[0] != Channel.SYSTEM],
        initial=Channel.MEETING,
    )
    minutes = forms.CharField(
        label="議事録",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="急変したときにだれがどこへ連絡し、どう動くかを確かめたこと。"
        "入居者の名前は書かないでください。",
    )


class NoticeForm(ServiceForm):
    """To whom the sheet goes, and what is planned where a condition is not met."""

    addressee = LineField(
        label="届け出る先",
        max_length=120,
        help_text="指定をした市町村か都道府県。たとえば 架空市長。",
    )
    plan = forms.CharField(
        label="満たしていない条件についての今後の計画",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs=TEXT),
    )


class SubmittedForm(ServiceForm):
    """On which day it went."""

    submitted_on = DayField(label="届け出た日")
