"""Forms of the pages for residents, and of the staff who keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from renkei.gateways.portal.models import Site
from renkei.registry.facilities.forms_base import ServiceForm

# Generic for the type checker only: Django's class cannot be subscripted at run time.
if TYPE_CHECKING:
    SiteModelForm = forms.ModelForm[Site]
else:
    SiteModelForm = forms.ModelForm


class SiteForm(SiteModelForm):
    """The region, its desk and its office."""

    class Meta:
        model = Site
        fields = (
            "region_name",
            "title",
            "desk_name",
            "desk_phone",
            "desk_fax",
            "desk_opens_at",
            "desk_closes_at",
            "desk_place",
            "office_name",
            "office_address",
            "office_phone",
            "security_contact",
            "basemap_url",
            "basemap_attribution",
        )
        widgets = {
            "desk_phone": forms.TextInput(attrs={"type": "tel"}),
            "desk_fax": forms.TextInput(attrs={"type": "tel"}),
            "office_phone": forms.TextInput(attrs={"type": "tel"}),
            "desk_opens_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "desk_closes_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("basemap_url") and not data.get("basemap_attribution"):
            self.add_error("basemap_attribution", "背景地図を使うときは、出典を入力してください。")
        return data


class CorrectionForm(ServiceForm):
    """What a reader says is wrong about a place."""

    text = forms.CharField(
        label="直してほしい所",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="どの項目が、いまはどうなっているかを書いてください。",
    )
    contact = forms.CharField(
        label="連絡先",
        required=False,
        max_length=200,
        help_text="返事がほしい方は、お名前と電話番号かメールアドレスを書いてください。",
    )
