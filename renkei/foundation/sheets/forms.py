"""What the editor asks: a new form, one item, publishing, adopting."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from renkei.foundation.accounts.forms.fields import DayField, ServiceForm
from renkei.foundation.areas.models import Agreement
from renkei.foundation.common import clock
from renkei.foundation.common.text import require_storable
from renkei.foundation.sheets.answers import storable
from renkei.foundation.sheets.models import FormKind, FormVersion

LARGEST_FILE = 2 * 1024 * 1024


class WrittenField(forms.CharField):
    """Text that can be kept: no private-use or control characters."""

    def __init__(self, *, multiline: bool = False, **options: Any) -> None:
        self.multiline = multiline
        if multiline:
            options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).replace("\r\n", "\n")
        return require_storable(text, multiline=self.multiline)


class QuestionnaireField(forms.FileField):
    """A Questionnaire as a JSON file."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if not upload:
            return None
        if upload.size > LARGEST_FILE:
            raise ValidationError("ファイルは2MBまでです。様式の定義のファイルを選んでください。")
        try:
            content = json.loads(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise ValidationError("UTF-8のファイルではありません。保存し直してください。") from None
        except RecursionError:
            raise ValidationError(
                "入れ子が深すぎます。様式の定義のファイルを選んでください。"
            ) from None
        except json.JSONDecodeError as error:
            raise ValidationError(
                f"{error.lineno}行目の{error.colno}文字目で、JSONとして読めません。直してください。"
            ) from None
        except ValueError:
            raise ValidationError("JSONとして読めません。直してください。") from None
        return _cleaned(content)


def _cleaned(value: Any) -> Any:
    """JSON without what no database keeps: NUL, halves of surrogates, numbers that are none."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {storable(key): _cleaned(one) for key, one in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


class NewFormForm(ServiceForm):
    """A form from nothing, from another one, or from a file."""

    name = WrittenField(label="様式の名称", max_length=120)
    code = forms.SlugField(
        label="様式の記号",
        max_length=60,
        help_text="半角の英数字と「-」「_」で、ほかの様式と重ならないもの。あとから変えられません。",
        error_messages={"invalid": "半角の英数字と「-」「_」で入力してください。"},
    )
    kind = forms.ChoiceField(label="様式の対象", choices=FormKind.choices)
    copy = forms.ModelChoiceField(
        label="もとにする様式",
        queryset=FormVersion.objects.none(),
        required=False,
        empty_label="はじめから作る",
        to_field_name="uid",
    )
    file = QuestionnaireField(
        label="様式の定義のファイル",
        required=False,
        help_text="FHIR R4のQuestionnaire（JSON）。選ぶと、これをもとに作ります。",
    )

    def __init__(self, *arguments: Any, versions: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = cast("forms.ModelChoiceField[FormVersion]", self.fields["copy"])
        field.queryset = versions

    @property
    def questionnaire(self) -> dict[str, Any] | None:
        if self.cleaned_data["file"] is not None:
            content: dict[str, Any] = self.cleaned_data["file"]
            return content
        copied: FormVersion | None = self.cleaned_data["copy"]
        return copied.questionnaire if copied else None


class UploadForm(ServiceForm):
    """A Questionnaire that takes the place of the draft's."""

    file = QuestionnaireField(label="様式の定義のファイル（JSON）")


class PublishForm(ServiceForm):
    """From when on an edition is used, and what stands behind it."""

    valid_from = DayField(
        label="使い始める日", help_text="きょう以降の日。令和8年4月1日のようにも書けます。"
    )
    issuer = WrittenField(label="発行者", required=False, max_length=120)
    source = WrittenField(label="版の出典", required=False, multiline=True, max_length=1000)
    unconfirmed = WrittenField(
        label="確かめていないこと", required=False, multiline=True, help_text="1行に1つ。"
    )

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if day < clock.today():
            raise ValidationError("使い始める日は、きょう以降の日付を入力してください。")
        return day

    def clean_unconfirmed(self) -> list[str]:
        lines = str(self.cleaned_data["unconfirmed"]).splitlines()
        return [line.strip() for line in lines if line.strip()]


class ShareForm(ServiceForm):
    """The agreement along which a form is offered."""

    agreement = forms.ModelChoiceField(
        label="協定", queryset=Agreement.objects.none(), to_field_name="uid"
    )

    def __init__(self, *arguments: Any, agreements: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        field = cast("forms.ModelChoiceField[Agreement]", self.fields["agreement"])
        field.queryset = agreements


class AdoptForm(ServiceForm):
    """Taking over another municipality's edition."""

    announcement = WrittenField(
        label="周知の記録",
        max_length=300,
        multiline=True,
        help_text="だれに、いつ、どのように知らせたか（知らせるか）。",
    )
