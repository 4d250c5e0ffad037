"""The search of the audit trail."""

from __future__ import annotations

from typing import Any

from django import forms

from renkei.foundation.accounts.forms.fields import DayField, LineField
from renkei.foundation.audit.labels import label_of
from renkei.foundation.audit.queries import TrailSearch, known_actions


class TrailSearchForm(forms.Form):
    """By period, act, person's number and target; all optional."""

    hide_need = True

    since = DayField(label="いつから", required=False)
    until = DayField(label="いつまで", required=False)
    action = forms.ChoiceField(label="行為", required=False)
    user_id = forms.IntegerField(
        label="利用者番号", required=False, min_value=1, max_value=2**63 - 1
    )
    target = LineField(label="対象の番号", required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "すべて"), *((act, label_of(act)) for act in known_actions())]
        self.fields["action"] = forms.ChoiceField(label="行為", required=False, choices=choices)

    def clean(self) -> dict[str, Any]:
        """The period must not run backwards."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "いつまでには、いつから以降の日付を入力してください。")
        return data

    def search(self) -> TrailSearch:
        """What to look for, after the form was found right."""
        data = self.cleaned_data
        return TrailSearch(
            since=data["since"],
            until=data["until"],
            action=data["action"],
            user_id=data["user_id"],
            target=data["target"],
        )
