"""Forms of what the town, the council and the officer decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.db.models import QuerySet

from renkei.care.patients.disposal import DocumentClass
from renkei.care.patients.models import ContentClass, EndOfCare
from renkei.care.patients.queries_disclosure import EVERYBODY, PROFESSIONS, TableRow
from renkei.care.patients.visibility import DISASTER_ROLES
from renkei.foundation.accounts.forms.fields import DayField, LineField, ServiceForm
from renkei.foundation.accounts.models import Role
from renkei.foundation.areas.models import Area


class FamilyLogForm(ServiceForm):
    """Whether family sees who looked."""

    shown = forms.ChoiceField(
        label="本人・家族に",
        choices=[("no", "見せない"), ("yes", "見せる")],
        widget=forms.RadioSelect,
    )


class EndForm(ServiceForm):
    """Why and when care ended."""

    because = forms.ChoiceField(
        label="終了の理由", choices=EndOfCare.choices, widget=forms.RadioSelect
    )
    on = DayField(label="終了日")


class HoldForm(ServiceForm):
    """Why something is kept although its time is over."""

    because = LineField(
        label="保留の理由",
        max_length=200,
        help_text="訴訟、開示の求めなど。人の名前は書きません。",
    )


class RetentionForm(ServiceForm):
    """The years of each class and the rule they follow."""

    def __init__(self, *args: Any, classes: Sequence[DocumentClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.classes = classes
        for one in classes:
            self.fields[f"{one.code}_years"] = forms.IntegerField(
                label=f"{one.label}の保存年数", min_value=1, max_value=100, initial=one.years
            )
            self.fields[f"{one.code}_basis"] = LineField(
                label=f"{one.label}の根拠", max_length=200, required=False, initial=one.basis
            )

    def years(self) -> dict[str, int]:
        return {one.code: self.cleaned_data[f"{one.code}_years"] for one in self.classes}

    def basis(self) -> dict[str, str]:
        return {one.code: self.cleaned_data[f"{one.code}_basis"] for one in self.classes}


# In a disaster nobody needs the talk of months: what a rescuer needs, who it is, what they wish.
DISASTER_CONTENT: Final = (ContentClass.EMERGENCY, ContentClass.WISHES, ContentClass.BASIC)


class DisasterForm(ServiceForm):
    """What the first of two persons asks for."""

    area: forms.ModelChoiceField[Area] = forms.ModelChoiceField(label="対象の地域", queryset=None)
    reason = LineField(label="理由", max_length=200, help_text="たとえば、停電、洪水、訓練。")
    hours = forms.IntegerField(label="何時間開くか", min_value=1, max_value=336, initial=24)
    roles = forms.MultipleChoiceField(
        label="見られる役割",
        choices=[(role.value, role.label) for role in Role if role in DISASTER_ROLES],
        widget=forms.CheckboxSelectMultiple,
    )
    content_classes = forms.MultipleChoiceField(
        label="見られる内容",
        choices=[(one.value, one.label) for one in DISASTER_CONTENT],
        widget=forms.CheckboxSelectMultiple,
        help_text="救急情報には、氏名・住所・電話番号・連絡先が入ります。",
    )
    is_drill = forms.BooleanField(label="訓練（記録は開きません）", required=False)

    def __init__(self, *args: Any, areas: QuerySet[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]


class DisasterReviewForm(ServiceForm):
    """What the officer found in the list of those who looked."""

    note = LineField(label="確認の内容", max_length=300)


class DisclosureForm(ServiceForm):
    """The whole table as a proposal, and perhaps one more type."""

    reason = LineField(label="変える理由", max_length=300)
    new_type = forms.RegexField(
        label="加える文書の種類",
        regex=r"^[a-z][a-z0-9_]{1,59}$",
        required=False,
        help_text="様式の記号（半角の小文字、数字、下線）。加えないときは空のままにします。",
        error_messages={"invalid": "半角の小文字で始まる記号を入力してください。"},
    )
    new_label = LineField(label="加える文書の名称", max_length=120, required=False)

    def __init__(self, *args: Any, rows: Sequence[TableRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        names = dict.fromkeys(
            [*PROFESSIONS, *(one for row in rows for one in row.professions if one != EVERYBODY)]
        )
        choices = [(EVERYBODY, "チームの全職種"), *((one, one) for one in names)]
        for number, row in enumerate(rows):
            self.fields[f"who_{number}"] = _who(row.label, choices, row.professions)
        self.fields["new_who"] = _who("加える文書を見られる職種", choices, ())
        self.order_fields(
            ["reason", *(f"who_{number}" for number in range(len(rows))), "new_type", "new_label"]
        )

    def clean(self) -> dict[str, Any]:
        """A new type needs its name."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(data.get("new_type")) != bool(data.get("new_label")) and not self.errors:
            self.add_error("new_label", "加える文書の種類と名称の両方を入力してください。")
        return data

    def proposed(self) -> list[TableRow]:
        """The table as it would be."""
        data = self.cleaned_data
        rows = [
            TableRow(row.document_type, row.label, tuple(data[f"who_{number}"]))
            for number, row in enumerate(self.rows)
        ]
        if data["new_type"]:
            rows.append(TableRow(data["new_type"], data["new_label"], tuple(data["new_who"])))
        return rows


def _who(
    label: str, choices: Sequence[tuple[str, str]], chosen: Sequence[str]
) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        initial=list(chosen),
        widget=forms.CheckboxSelectMultiple,
    )


class AtForm(forms.Form):
    """A day to look at the table as it was."""

    hide_need = True

    on = DayField(label="いつの表か", required=False, help_text="たとえば、令和8年4月1日。")
