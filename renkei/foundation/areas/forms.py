"""The day the pages of areas are shown for."""

from __future__ import annotations

from datetime import date

from django import forms


class DayForm(forms.Form):
    """Without a day, or with one that cannot be read, the pages show today."""

    day = forms.DateField(
        label="いつの圏域を見るか",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "日付を入力してください。"},
    )

    def chosen(self, *, today: date) -> date:
        return (self.cleaned_data["day"] if self.is_valid() else None) or today

    @property
    def query(self) -> str:
        """What links add to stay on the chosen day."""
        chosen = self.cleaned_data.get("day") if self.is_valid() else None
        return f"?day={chosen:%Y-%m-%d}" if chosen else ""
