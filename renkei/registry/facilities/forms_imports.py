"""Bringing official files in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from renkei.foundation.common import clock
from renkei.foundation.common.eras import parse_day
from renkei.foundation.common.prefectures import PREFECTURES
from renkei.registry.facilities.forms_base import ServiceForm
from renkei.registry.facilities.queries_scope import municipality_codes_named

EVERYTHING, PREFECTURE, MUNICIPALITY = "all", "prefecture", "municipality"


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; an empty choice is an empty list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(file, initial) for file in given]


class ImportForm(ServiceForm):
    """Files or a folder, which part of them, and their day where the names do not say it."""

    tables = FilesField(
        label="ファイル",
        required=False,
        help_text="CSV・Excel（xlsx、xls）・zip。いくつでも一度に選べます。",
    )
    folder = FilesField(
        label="フォルダーごと選ぶ",
        required=False,
        widget=FilesInput(attrs={"webkitdirectory": ""}),
        help_text="ダウンロードしたフォルダーの中のファイルをまとめて取り込みます。",
    )
    scope = forms.ChoiceField(
        label="取り込む範囲",
        choices=[
            (EVERYTHING, "全国（ファイルにあるものすべて）"),
            (PREFECTURE, "都道府県"),
            (MUNICIPALITY, "市区町村"),
        ],
        widget=forms.RadioSelect,
    )
    prefecture = forms.ChoiceField(
        label="都道府県",
        required=False,
        choices=[("", "選んでください"), *PREFECTURES.items()],
        help_text="「取り込む範囲」で都道府県を選んだとき。",
    )
    municipalities = forms.CharField(
        label="市区町村",
        required=False,
        max_length=1000,
        help_text="「取り込む範囲」で市区町村を選んだとき。いくつもあるときは「、」で区切ります。",
    )
    as_of = forms.CharField(
        label="基準日",
        required=False,
        max_length=40,
        help_text=(
            "空のままなら、ファイル名とファイルの中の日付を使います。"
            "違うときだけ、2026年6月30日・令和8年6月30日のように入力してください。"
        ),
    )

    def clean_as_of(self) -> date | None:
        text: str = self.cleaned_data["as_of"].strip()
        if not text:
            return None
        day = parse_day(text)
        if day > clock.today():
            raise ValidationError("基準日は、きょう以前の日付を入力してください。")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        uploads = [*(data.get("tables") or []), *(data.get("folder") or [])]
        if not uploads and not self.errors:
            self.add_error("tables", "取り込むファイルを選んでください。")
        data["uploads"] = uploads
        data["codes"] = self._codes(data)
        return data

    def _codes(self, data: dict[str, Any]) -> Sequence[str]:
        scope = data.get("scope")
        if scope == PREFECTURE:
            if not data.get("prefecture"):
                self.add_error("prefecture", "都道府県を選んでください。")
            return [data.get("prefecture") or ""]
        if scope != MUNICIPALITY:
            return []
        names = data.get("municipalities") or ""
        if not names.strip():
            self.add_error("municipalities", "市区町村の名前を入力してください。")
            return []
        try:
            return municipality_codes_named(names)
        except ValidationError as error:
            self.add_error("municipalities", error)
            return []
