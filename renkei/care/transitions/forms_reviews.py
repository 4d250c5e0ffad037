"""What is filled in when offices look back on an event."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from renkei.care.transitions.models import FindingKind, PartnerKind, ReviewPartner
from renkei.care.transitions.review_questions import QUESTIONS
from renkei.foundation.accounts.forms.fields import DayField, LineField, ServiceForm
from renkei.foundation.common import clock

MONTHS = 24
NO_NAMES = "名前・日付・住所・電話番号は書けません。「本人」「家族」のように書いてください。"


def months_back(today: date) -> list[tuple[str, str]]:
    """The months one can look back on, the newest first."""
    months = []
    for back in range(MONTHS):
        year, month = divmod(today.year * 12 + today.month - 1 - back, 12)
        months.append((f"{year:04}-{month + 1:02}-01", f"{year}年{month + 1}月"))
    return months


class AnswersForm(ServiceForm):
    """The questions asked of every event."""

    def __init__(self, data: Any, *, answers: dict[str, str] | None = None) -> None:
        super().__init__(data)
        for one in QUESTIONS:
            self.fields[one.code] = forms.ChoiceField(
                label=one.label, choices=one.choices, initial=(answers or {}).get(one.code)
            )

    def answers(self) -> dict[str, str]:
        """By question."""
        return {one.code: self.cleaned_data[one.code] for one in QUESTIONS}


class ReviewOpenForm(AnswersForm):
    """A new review."""

    event_month = forms.ChoiceField(
        label="出来事の月", help_text="日は書きません。だれのことか分からないようにするためです。"
    )
    own_kind = forms.ChoiceField(label="自分の機関の種類", choices=PartnerKind.choices)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["event_month"].choices = months_back(clock.today())  # type: ignore[attr-defined]

    def clean_event_month(self) -> date:
        return date.fromisoformat(self.cleaned_data["event_month"])


class ReviewAnswersForm(AnswersForm):
    """The questions, and when the partners met."""

    held_on = DayField(label="検証会の日", required=False)
    field_order = [*(one.code for one in QUESTIONS), "held_on"]


class PartnerForm(ServiceForm):
    """An office that takes part."""

    kind = forms.ChoiceField(label="機関の種類", choices=PartnerKind.choices)
    name = LineField(
        label="機関の名称",
        max_length=200,
        help_text="連携に参加している機関は、その名称のとおりに入れると検証を開けるようになります。"
        "参加していない機関は、紙や電話で加わった機関として残ります。",
    )


class FindingForm(ServiceForm):
    """What one partner says."""

    kind = forms.ChoiceField(label="意見の種類", choices=FindingKind.choices)
    text = forms.CharField(
        label="意見", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}), help_text=NO_NAMES
    )


class ActionForm(ServiceForm):
    """What changes."""

    text = LineField(label="決めたこと", max_length=300, help_text=NO_NAMES)
    owner = forms.ChoiceField(label="だれがするか")
    due_on = DayField(label="期限")

    def __init__(self, data: Any, *, partners: list[ReviewPartner]) -> None:
        super().__init__(data)
        self._partners = {str(one.pk): one for one in partners}
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            (key, f"{one.name}（{one.get_kind_display()}）") for key, one in self._partners.items()
        ]

    def clean_owner(self) -> ReviewPartner:
        return self._partners[self.cleaned_data["owner"]]


class ActionDoneForm(ServiceForm):
    """What came of it."""

    done_on = DayField(label="終えた日")
    result = LineField(label="結果", max_length=300, help_text=NO_NAMES)
