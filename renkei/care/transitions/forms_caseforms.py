"""How a form is handed over."""

from __future__ import annotations

from typing import Any

from django import forms

from renkei.care.transitions.forms import FactForm, storable
from renkei.care.transitions.models import Channel
from renkei.care.transitions.values import FormLetter
from renkei.foundation.accounts.forms.fields import LineField
from renkei.foundation.common.phones import require_phone

WAYS = (
    (Channel.FAX, "FAX（送付状とQRコードの付いたPDF）"),
    (Channel.PAPER, "紙・Excelで渡す、郵送する"),
    (Channel.MEETING, "会って渡す"),
    (Channel.PHONE, "電話で読み上げた"),
)
SYSTEM_WAY = (Channel.SYSTEM, "連携で読んでもらう")


class HandingForm(FactForm):
    """One form on its way to the other side. The cover never names the person."""

    organisation = LineField(label="送り先の名称", max_length=200)
    recipient = LineField(label="送り先の人・部署", max_length=100, required=False)
    fax = LineField(label="送り先のFAX番号（FAXのとき）", max_length=40, required=False)
    own_fax = LineField(label="返事をもらうFAX番号", max_length=40, required=False)
    notes = forms.CharField(
        label="送付状に書くこと",
        required=False,
        max_length=300,
        validators=[storable],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="療養者の氏名は書かないでください。氏名は2枚目から出ます。",
    )

    def __init__(self, *args: Any, has_account: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("counterpart", "d_outcome", "d_pages"):
            self.fields.pop(name, None)
        self.fields["channel"] = forms.ChoiceField(
            label="渡し方",
            choices=[SYSTEM_WAY, *WAYS] if has_account else WAYS,
            initial=Channel.SYSTEM if has_account else Channel.FAX,
            widget=forms.RadioSelect,
        )
        # The style sheet shows them where they are needed.
        for name, when in (("fax", "fax"), ("notes", "fax"), ("own_fax", "paper")):
            self.fields[name].widget.attrs["data-when"] = when
        self.fields["day"].label = "渡した日"
        details = [name for name in self.fields if name.startswith("d_") and name != "d_note"]
        letter = ["organisation", "recipient", "fax", "own_fax", "notes"]
        self.order_fields([*details, "channel", *letter, "day", "time", "d_note"])

    def clean_fax(self) -> str:
        """A number that can be dialled, where there is one."""
        number: str = self.cleaned_data["fax"]
        return require_phone(number) if number else ""

    def clean(self) -> dict[str, Any] | None:
        """The counterpart of the fact comes from the letter."""
        values = super().clean()
        if values is not None:
            values["counterpart"] = ""
        return values

    def letter(self) -> FormLetter:
        """Where it goes."""
        values = self.cleaned_data
        names = ("organisation", "recipient", "fax", "own_fax", "notes")
        return FormLetter(**{name: values[name] for name in names})
