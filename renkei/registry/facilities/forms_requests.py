"""Answering what readers report."""

from __future__ import annotations

from django import forms

from renkei.registry.facilities.forms_base import ServiceForm


class AnswerForm(ServiceForm):
    """What was done about a request."""

    answer = forms.CharField(
        label="対応の内容",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例：事業所に電話で確かめ、営業日を直した。",
    )
