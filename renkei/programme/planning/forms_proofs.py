"""The form of one piece of evidence."""

from __future__ import annotations

from typing import Any

from django import forms

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.programme.planning.forms import ServiceForm, day_field, line_field
from renkei.programme.planning.forms_support import NOBODY, upload_of
from renkei.programme.planning.models import Meeting
from renkei.programme.planning.proofs import ProofFile
from renkei.programme.planning.queries.proofs import meetings_to_cite


class ProofForm(ServiceForm):
    """A file, a meeting or a count; at least one of them."""

    text = line_field("根拠の内容", 300, required=True, help_text=NOBODY)
    done_on = day_field("行った日")
    file = forms.FileField(label="ファイル", required=False)
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="会議", required=False, empty_label="選ばない"
    )
    count = forms.IntegerField(label="数", required=False, min_value=0, max_value=10_000_000)
    unit = line_field("単位", 20, help_text="「回」「か所」など")
    of_persons = forms.BooleanField(
        label="療養者・家族の人数",
        required=False,
        help_text="1～4人のときは、数を出さずに幅で示します。",
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = dict(self.fields)
        fields["meeting"].queryset = meetings_to_cite(viewer)
        fields["done_on"].initial = clock.today()

    def clean(self) -> dict[str, Any] | None:
        """A count says of what."""
        values = super().clean() or {}
        if values.get("count") is not None and not values.get("unit"):
            self.add_error("unit", "数の単位を入力してください。")
        return values

    def proof(self) -> dict[str, Any]:
        """As the services take it.

        Raises:
            ValidationError: the file is too large.
        """
        values = dict(self.cleaned_data)
        content, name = upload_of(values.pop("file"))
        return {"fields": values, "file": ProofFile(content, name)}


class ToolProofForm(ProofForm):
    """Of a handbook: whether it says how personal data are handled."""

    covers_personal_data = forms.BooleanField(
        label="個人情報の取扱いを定めている",
        required=False,
        help_text="手引きの段階は、これがないと済みにできません。",
    )
