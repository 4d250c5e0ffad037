"""Forms of what the town, the council and the officer decide."""

from __future__ import annotations

from django import forms

from renkei.foundation.accounts.forms.fields import ServiceForm


class FamilyLogForm(ServiceForm):
    """Whether family sees who looked."""

    shown = forms.ChoiceField(
        label="本人・家族に",
        choices=[("no", "見せない"), ("yes", "見せる")],
        widget=forms.RadioSelect,
    )
