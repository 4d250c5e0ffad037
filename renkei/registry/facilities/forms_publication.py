"""Deciding for whom a field is."""

from __future__ import annotations

from django import forms

from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.forms_base import ServiceForm


class AudienceForm(ServiceForm):
    """The audience of one field, with the check a wider audience needs (T-A11)."""

    audience = forms.ChoiceField(
        label="見せる相手", choices=Audience.choices, widget=forms.RadioSelect
    )
    checked = forms.BooleanField(
        label="連携を妨げないことを確かめた",
        required=False,
        help_text="見せる相手を広げるときは、必ず確かめてください。",
    )
    note = forms.CharField(
        label="だれに、何を確かめたか",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例：11月18日の作業部会で医師会と話し、公開してよいとされた。",
    )
