"""Bringing a workbook of moves."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from renkei.foundation.accounts.forms.fields import DayField, ServiceForm
from renkei.foundation.accounts.services.transfers import PAST
from renkei.foundation.common import clock

MOST_BYTES = 5 * 1024 * 1024


class TransferForm(ServiceForm):
    """The day and the file."""

    effective_on = DayField(
        label="異動日",
        help_text="この日の0時に切り替わります。たとえば 2027年4月1日。",
    )
    file = forms.FileField(label="異動の表（Excel）", help_text="受け取った表に書き入れたもの。")

    def clean_effective_on(self) -> date:
        """A day that has begun cannot be planned."""
        day: date = self.cleaned_data["effective_on"]
        if day <= clock.today():
            raise ValidationError(PAST)
        return day

    def clean_file(self) -> Any:
        """A table of people is small."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError("5MBより大きいので読めません。表だけのファイルにしてください。")
        return file
