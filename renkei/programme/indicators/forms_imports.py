"""The wizard for files of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from renkei.foundation.areas.models import Area
from renkei.foundation.common.eras import format_western, parse_day
from renkei.programme.indicators.importers.plan import DASHES, Column, Mapping, Role
from renkei.programme.indicators.models import Indicator, Scene, Sharing
from renkei.registry.facilities.forms_base import ServiceForm

_OF_INDICATOR = Role.VALUE_OF_INDICATOR.value


class ValueFileForm(ServiceForm):
    """One file of numbers."""

    table = forms.FileField(
        label="数値のファイル",
        help_text="Excel（xlsx、xls）かCSV。題名の行があっても、年が列に並んでいてもかまいません。",
    )


class HeaderForm(ServiceForm):
    """Which sheet, and which row is the header."""

    sheet = forms.ChoiceField(label="シート", required=False)
    row = forms.IntegerField(label="見出しの行", min_value=1, max_value=1000)

    def __init__(self, data: Any = None, *, sheets: Sequence[str], mapping: Mapping) -> None:
        super().__init__(data, initial={"sheet": mapping.sheet, "row": mapping.header_row})
        _choose(self.fields["sheet"], [(name, name or "（1枚だけ）") for name in sheets])


@dataclass(frozen=True)
class ColumnFields:
    """The controls of one column, with what stands in it."""

    heading: str
    samples: list[str]
    role: BoundField
    target: BoundField


class ColumnsForm(ServiceForm):
    """What every column means, and what holds for the whole file."""

    as_of = forms.CharField(
        label="いつの時点の数か", max_length=40, help_text="例：2026年4月1日、令和8年4月1日"
    )
    source = forms.CharField(label="出典", max_length=200)
    indicator = forms.ChoiceField(
        label="全部の行の指標",
        required=False,
        help_text="ファイルが1つの指標だけのときに選びます。",
    )
    period = forms.CharField(
        label="全部の行の期間",
        required=False,
        max_length=40,
        help_text="年の列がないときに入力します。例：令和5年度、2015年8月1日",
    )
    area_id = forms.TypedChoiceField(
        label="全部の行の地域",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="地域の列がないときに選びます。",
    )
    new_unit = forms.CharField(
        label="新しい指標の単位",
        required=False,
        max_length=40,
        help_text="「新しい指標の値」にした列があるときに入力します。例：件、人、%",
    )
    dash = forms.ChoiceField(
        label="「-」の意味", choices=list(DASHES.items()), widget=forms.RadioSelect
    )
    sharing = forms.ChoiceField(
        label="見せる範囲", choices=Sharing.choices, widget=forms.RadioSelect
    )

    def __init__(
        self,
        data: Any = None,
        *,
        mapping: Mapping,
        indicators: Sequence[Indicator],
        own: Area | None,
        today: date,
    ) -> None:
        as_of = mapping.as_of_day or today
        super().__init__(
            data,
            initial={
                "as_of": format_western(as_of),
                "source": mapping.source,
                "indicator": mapping.indicator,
                "period": mapping.period,
                "area_id": mapping.area_id,
                "new_unit": mapping.new_unit,
                "dash": mapping.dash,
                "sharing": mapping.sharing,
            },
        )
        self.mapping = mapping
        choices = [("", "選んでください"), *_grouped(indicators)]
        _choose(self.fields["indicator"], choices)
        _choose(
            self.fields["area_id"],
            [("", "選んでください"), *([(own.pk, own.name)] if own else [])],
        )
        for place, column in enumerate(mapping.columns):
            name = column.heading or f"{place + 1}列目"
            self.fields[f"role_{place}"] = forms.ChoiceField(
                label=f"「{name}」の行き先", choices=Role.choices, initial=column.role
            )
            self.fields[f"target_{place}"] = forms.ChoiceField(
                label=f"「{name}」の指標",
                choices=choices,
                required=False,
                initial=column.target if column.role == _OF_INDICATOR else "",
            )

    def columns(self, samples: Sequence[Sequence[str]]) -> list[ColumnFields]:
        """The controls column by column; ``samples`` are the first rows."""
        return [
            ColumnFields(
                column.heading or f"{place + 1}列目",
                [row[place] for row in samples if place < len(row) and row[place]][:3],
                self[f"role_{place}"],
                self[f"target_{place}"],
            )
            for place, column in enumerate(self.mapping.columns)
        ]

    def clean_as_of(self) -> str:
        return parse_day(self.cleaned_data["as_of"]).isoformat()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for place, column in enumerate(self.mapping.columns):
            if data.get(f"role_{place}") == _OF_INDICATOR and not data.get(f"target_{place}"):
                name = column.heading or f"{place + 1}列目"
                self.add_error(
                    f"target_{place}", ValidationError(f"「{name}」の指標を選んでください。")
                )
        return data

    def decided(self) -> Mapping:
        """The mapping as this form says it."""
        data = self.cleaned_data
        columns = tuple(
            Column(
                column.heading,
                data[f"role_{place}"],
                data[f"target_{place}"] if data[f"role_{place}"] == _OF_INDICATOR else "",
            )
            for place, column in enumerate(self.mapping.columns)
        )
        named = ("as_of", "source", "indicator", "period", "area_id", "new_unit", "dash", "sharing")
        return replace(self.mapping, columns=columns, **{name: data[name] for name in named})


def _choose(field: forms.Field, choices: Sequence[Any]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


def _grouped(indicators: Sequence[Indicator]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for indicator in indicators:
        version = indicator.latest
        title = str(Scene(version.scenes[0]).label)
        groups.setdefault(title, []).append((indicator.code, f"{version.name}（{indicator.code}）"))
    return list(groups.items())
