"""The sheet of assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from renkei.programme.indicators.projecting import ASSUMPTIONS, BASE_YEAR, LAST_YEAR
from renkei.programme.indicators.queries.scenarios import EMPTY, Given, Sheet


class ScenarioForm(forms.Form):
    """Every assumption with where it is from; a changed number needs a new source."""

    name = forms.CharField(
        label="前提の名前", max_length=60, help_text="「現状のまま」「在宅を増やす」など。"
    )
    note = forms.CharField(label="この版の説明", max_length=300, required=False)

    def __init__(self, data: Any, *, sheet: Sheet, years: Sequence[int], **options: Any) -> None:
        super().__init__(data, **options)
        self.sheet = sheet
        for one in ASSUMPTIONS:
            given = sheet[one.key]
            if one.key == BASE_YEAR:
                self.fields[one.key] = forms.TypedChoiceField(
                    label=one.label,
                    coerce=Decimal,
                    choices=[(str(year), f"{year}年") for year in years],
                )
            else:
                self.fields[one.key] = forms.DecimalField(
                    label=f"{one.label}（{one.unit}）",
                    required=False,
                    min_value=one.low,
                    max_value=one.high,
                    decimal_places=max(one.decimals, 2),
                    max_digits=8,
                    help_text=_default_words(given),
                    error_messages={
                        "min_value": f"{one.low}以上の数を入力してください。",
                        "max_value": f"{one.high}以下の数を入力してください。",
                        "invalid": "数を入力してください。",
                    },
                )
            self.initial.setdefault(one.key, "" if given.value is None else f"{given.value:f}")
            self.fields[f"source-{one.key}"] = forms.CharField(
                label=f"「{one.label}」の出典・理由",
                required=False,
                max_length=200,
            )
            self.initial.setdefault(f"source-{one.key}", given.source)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for one in ASSUMPTIONS:
            given, value = self.sheet[one.key], cleaned.get(one.key)
            source = cleaned.get(f"source-{one.key}", "")
            if one.key in cleaned and value != given.value and source in {"", given.source}:
                self.add_error(
                    f"source-{one.key}", "値を変えたときは、その出典か理由を入力してください。"
                )
        base, home = cleaned.get(BASE_YEAR), cleaned.get("A-HOME")
        growth = cleaned.get("A-HOMEG")
        if base and home is not None and growth is not None:
            for year in (Decimal(LAST_YEAR),):
                share = home + growth * (year - base)
                if not 0 <= share <= 100:  # noqa: PLR2004 - per cent
                    self.add_error(
                        "A-HOMEG",
                        f"{year}年に{share}%になります。0から100%に収まる幅にしてください。",
                    )
        old, rise = cleaned.get("A-S85"), cleaned.get("A-S85G")
        if base and old is not None and rise is not None:
            share = old + rise * (Decimal(LAST_YEAR) - base) / 5
            if not 0 <= share <= 100:  # noqa: PLR2004 - per cent
                self.add_error(
                    "A-S85G",
                    f"{LAST_YEAR}年に{share}%になります。0から100%に収まる幅にしてください。",
                )
        return cleaned

    def given(self) -> dict[str, Given]:
        """The sheet as filled in."""
        return {
            one.key: Given(
                self.cleaned_data[one.key], self.cleaned_data[f"source-{one.key}"] or EMPTY
            )
            for one in ASSUMPTIONS
        }

    def add_service_error(self, error: ValidationError) -> None:
        """What the service refused, at the field it is about."""
        words = error.message_dict if hasattr(error, "error_dict") else {}
        self.add_error("name" if words else None, error.messages)


def _default_words(given: Given) -> str:
    value = "なし" if given.value is None else f"{given.value:f}"
    return f"今の値：{value}。"
