"""Sending a link, opening one, and saying who one is."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from renkei.foundation.accounts.forms.fields import LineField, ServiceForm

HOURS: Final = (24, 72, 168)


class SendLinkForm(ServiceForm):
    """Whom the document goes to, and for how long."""

    organisation = LineField(label="送り先の名称", max_length=100)
    person = LineField(
        label="送り先の部署・担当者",
        max_length=100,
        required=False,
        help_text="療養者の氏名は書かないでください。「だれが見たか」に出ます。",
    )
    hours = forms.TypedChoiceField(label="開ける期間", coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standard = settings.OUTSIDE_LINK_HOURS
        field = self.fields["hours"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - declared above
        field.choices = [(each, _span(each)) for each in sorted({*HOURS, standard})]
        field.initial = standard


def _span(hours: int) -> str:
    return f"{hours}時間（{hours // 24}日）" if hours % 24 == 0 else f"{hours}時間"


class CodeForm(ServiceForm):
    """The number that was told by telephone."""

    code = forms.CharField(
        label="電話で聞いた6桁の番号",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_code(self) -> str:
        text = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        digits = re.sub(r"[\s\-‐ー]", "", text)
        if not re.fullmatch(r"[0-9]{6}", digits):
            raise ValidationError("番号は6桁の数字で入力してください。")
        return digits


class GiverForm(ServiceForm):
    """Who answers: there is no account that says it."""

    giver_name = LineField(label="記入した人の氏名", max_length=100)
    giver_profession = LineField(label="職種", max_length=60, required=False)
    giver_organisation = LineField(label="病院・事業所の名称", max_length=120)

    @property
    def words(self) -> str:
        """As the answer keeps it."""
        data = self.cleaned_data
        profession = f"・{data['giver_profession']}" if data["giver_profession"] else ""
        return f"{data['giver_name']}{profession}（{data['giver_organisation']}）"
