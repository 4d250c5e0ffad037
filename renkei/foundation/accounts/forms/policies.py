"""Writing policies and signing them."""

from __future__ import annotations

from typing import Any

from django import forms

from renkei.foundation.accounts.forms.fields import DayField, LineField, ServiceForm
from renkei.foundation.accounts.queries_policies import areas_with_organisations
from renkei.foundation.areas.models import Area
from renkei.foundation.common.text import require_storable


class TextField(forms.CharField):
    """Several lines without private-use or control characters."""

    widget = forms.Textarea

    def validate(self, value: str) -> None:
        """Refuse what cannot be stored, with its place; line ends are no control characters."""
        super().validate(value)
        for line in value.splitlines():
            require_storable(line)


class PolicyForm(ServiceForm):
    """A new policy: its name and whom it binds."""

    title = LineField(
        label="ポリシーの名前",
        max_length=100,
        help_text="たとえば「架空広域 情報共有 運用ポリシー」。",
    )
    area: forms.ModelChoiceField[Area] = forms.ModelChoiceField(
        label="圏域",
        queryset=None,
        required=False,
        empty_label="すべての組織",
        help_text="選ぶと、その圏域にある組織の人だけが誓約します。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Asked anew for each form, not once for the process.
        self.fields["area"].queryset = areas_with_organisations()  # type: ignore[attr-defined]


class PolicyVersionForm(ServiceForm):
    """The words of the next version and the day from which they are asked."""

    text = TextField(
        label="本文",
        max_length=20000,
        help_text="改行はそのまま残ります。公開した後は変えられません。",
        widget=forms.Textarea(attrs={"rows": 16}),
    )
    valid_from = DayField(label="効力の始まる日", help_text="たとえば 2026年4月1日。")


class AcceptanceForm(ServiceForm):
    """The signature: one's own name, typed."""

    signed_name = LineField(
        label="氏名",
        max_length=100,
        help_text="登録されている氏名を入力すると、署名になります。",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
