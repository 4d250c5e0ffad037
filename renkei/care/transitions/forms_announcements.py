"""What the secretariat adds to an announcement, and how it knows that an office read it."""

from __future__ import annotations

from typing import Final

from django import forms

from renkei.care.transitions.models import ReadWay
from renkei.foundation.accounts.forms.fields import LineField, ServiceForm
from renkei.foundation.accounts.forms.policies import TextField
from renkei.foundation.common.phones import require_phone

WAYS: Final = tuple((way.value, str(way.label)) for way in ReadWay if way != ReadWay.SCREEN)


class AnnouncementForm(ServiceForm):
    """The words of one's own, and where the slip goes."""

    message = TextField(
        label="お知らせの文",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="変わる所・理由・始まりの日は自動で入ります。人の名前は書かないでください。",
    )
    reply_fax = LineField(
        label="返信先のFAX番号",
        max_length=40,
        required=False,
        help_text="入れると、FAXに返信欄が付きます。",
    )

    def clean_reply_fax(self) -> str:
        number: str = self.cleaned_data["reply_fax"]
        return require_phone(number) if number else ""


class NoteForm(forms.Form):
    """How one knows."""

    way = forms.ChoiceField(
        label="確かめ方",
        choices=WAYS,
    )
