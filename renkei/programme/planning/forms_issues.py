"""Forms of issues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.papers.files import read_upload
from renkei.programme.planning.forms import ServiceForm, day_field, line_field, text_field
from renkei.programme.planning.frames import Item, Scene
from renkei.programme.planning.models import (
    Comparison,
    Council,
    Issue,
    IssueState,
    RaisedFrom,
)
from renkei.programme.planning.queries.issues import councils_for_issues
from renkei.programme.planning.services.issues import WAYS, EvidenceFile

Groups = Sequence[tuple[str, Sequence[tuple[str, str]]]]


class EvidenceForm(ServiceForm):
    """What an issue rests on: what is offered, and a file of another section."""

    cited = forms.MultipleChoiceField(
        label="根拠",
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 10}),
        help_text="いまの値をそのまま残します。後で値が変わると、変わったことを知らせます。"
        "Ctrlキーを押しながら選ぶと、いくつも選べます。",
    )
    file = forms.FileField(label="ほかの課のファイル", required=False)
    file_title = line_field("ファイルの内容", 200, help_text="「高齢者調査の結果」など")
    file_section = line_field("ファイルの出どころ（課・団体）", 100)

    def __init__(self, *args: Any, offered: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cited"]
        field.choices = offered

    def clean(self) -> dict[str, Any] | None:
        """A file says what it is."""
        values = super().clean() or {}
        if values.get("file") and not (values.get("file_title") and values.get("file_section")):
            self.add_error("file_title", "ファイルの内容と出どころを入力してください。")
        return values

    def evidence(self) -> dict[str, Any]:
        """As the services take it.

        Raises:
            ValidationError: the file is too large.
        """
        values = self.cleaned_data
        upload = values["file"]
        file = None
        if upload:
            try:
                content = read_upload(upload)
            except ValidationError as error:
                raise ValidationError({"file": error.messages}) from error
            file = EvidenceFile(
                content, upload.name or "", values["file_title"], values["file_section"]
            )
        return {"cited": values["cited"], "file": file}


class IssueContentForm(ServiceForm):
    """What is wrong, and what is done for now."""

    title = line_field(
        "課題", 200, required=True, help_text="人の名前や、人がわかることは書かないでください。"
    )
    text = text_field("課題の内容", limit=4000)
    raised_from = forms.ChoiceField(
        label="課題の出どころ", choices=RaisedFrom.choices, widget=forms.RadioSelect
    )
    scenes = forms.MultipleChoiceField(
        label="場面", choices=Scene.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    items = forms.MultipleChoiceField(
        label="項目", choices=Item.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    council = forms.ModelChoiceField(
        Council.objects.none(),
        label="話し合う会議体",
        required=False,
        empty_label="決めていない",
    )
    response = text_field("対応策", limit=4000)
    is_provisional = forms.BooleanField(
        label="当面の対応（暫定対応）",
        required=False,
        help_text="見直しの日か条件が要ります。",
    )
    look_again_on = day_field("見直しの日", required=False)
    watched_code = forms.ChoiceField(label="見張る指標", required=False)
    watched_value = forms.DecimalField(
        label="見直しの値", required=False, max_digits=20, decimal_places=6
    )
    watched_comparison = forms.ChoiceField(
        label="見直しの条件",
        required=False,
        choices=[("", "決めていない"), *Comparison.choices],
    )

    def __init__(
        self, *args: Any, viewer: Viewer, indicators: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = dict(self.fields)
        fields["council"].queryset = councils_for_issues(viewer)
        fields["watched_code"].choices = [("", "見張らない"), *indicators]

    def content(self) -> dict[str, Any]:
        """As the services take it."""
        return {name: self.cleaned_data[name] for name in IssueContentForm.base_fields}


class IssueForm(IssueContentForm, EvidenceForm):
    """A new issue with its evidence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = ["title", "text", "raised_from", "cited", "file", "file_title", "file_section"]
        self.order_fields(first)


ISSUE_FIELDS: Final = tuple(IssueContentForm.base_fields)


def issue_initial(issue: Issue) -> dict[str, Any]:
    """The form as the issue is."""
    return {name: getattr(issue, name) for name in ISSUE_FIELDS}


class StepForm(ServiceForm):
    """The next state; which fields it needs depends on the state."""

    to = forms.ChoiceField(label="次の状態", widget=forms.RadioSelect)
    owner = line_field("担当", 100, help_text="決定のとき。課・団体の名前")
    due_on = day_field("期限", required=False, help_text="決定のとき")
    look_again_on = day_field("見直しの日", required=False, help_text="保留・暫定対応のとき")
    note = text_field("理由・経過", limit=2000)

    def __init__(self, *args: Any, issue: Issue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.choices = [(one.value, one.label) for one in WAYS[issue.state]]

    def step(self) -> dict[str, Any]:
        """As the service takes it."""
        values = self.cleaned_data
        names = ("owner", "due_on", "look_again_on")
        return {
            "to": IssueState(values["to"]),
            "note": values["note"],
            "fields": {name: values[name] for name in names},
        }
