"""The wizard for lists of the town or the 医師会 (T-A10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from renkei.foundation.common.audience import Audience
from renkei.foundation.common.eras import format_western, parse_day
from renkei.registry.facilities.catalogue import GROUPS, ServiceInfo
from renkei.registry.facilities.forms_base import ServiceForm
from renkei.registry.facilities.importers.list_columns import KIND, OWN, target_labels
from renkei.registry.facilities.importers.list_guess import guess_kind
from renkei.registry.facilities.importers.local import Column, LocalMapping, fold_kind
from renkei.registry.facilities.queries_scope import municipality_codes_named
from renkei.registry.facilities.services.local_lists import Release


class ListFileForm(ServiceForm):
    """One list."""

    table = forms.FileField(
        label="一覧のファイル",
        help_text="Excel（xlsx、xls）かCSV。題名の行や2段の見出し、結合したセルがあってもかまいません。",
    )


class HeaderForm(ServiceForm):
    """Which sheet, and which row or two rows are the header."""

    sheet = forms.ChoiceField(label="シート", required=False)
    first = forms.IntegerField(label="見出しの行", min_value=1, max_value=1000)
    rows = forms.ChoiceField(
        label="見出しの段数", choices=[("1", "1段"), ("2", "2段")], widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, sheets: Sequence[str], mapping: LocalMapping) -> None:
        rows = mapping.header_last - mapping.header_first + 1
        initial = {"sheet": mapping.sheet, "first": mapping.header_first, "rows": str(rows)}
        super().__init__(data, initial=initial)
        if len(sheets) > 1:
            field = self.fields["sheet"]
            if isinstance(field, forms.ChoiceField):
                field.choices = [(name, name) for name in sheets]
        else:
            del self.fields["sheet"]


class KindForm(ServiceForm):
    """A kind of service no ministry file has."""

    label = forms.CharField(label="種類の名前", max_length=60)
    group = forms.ChoiceField(
        label="分類",
        choices=[(key, group.label) for key, group in GROUPS.items()],
        initial="support",
        help_text="住民の画面で、この分類の中に並びます。",
    )


@dataclass(frozen=True)
class ColumnFields:
    """The controls of one column, with what stands in it."""

    heading: str
    samples: list[str]
    is_new: bool
    target: BoundField
    label: BoundField
    audience: BoundField


class ColumnsForm(ServiceForm):
    """What each column of the list means, and which kind of service the list is."""

    name = forms.CharField(
        label="一覧の名前",
        max_length=100,
        help_text="例：架空市 障害福祉サービス事業所一覧。次回もこの名前で取り込みます。",
    )
    service_code = forms.ChoiceField(
        label="サービスの種類",
        required=False,
        help_text="一覧ぜんぶが同じ種類のとき。行ごとに違うときは、種類の列を下で選びます。",
    )
    municipality = forms.CharField(
        label="市区町村",
        required=False,
        max_length=100,
        help_text="住所に市区町村名がない行は、ここにあるものとして扱います。",
    )
    as_of = forms.CharField(
        label="いつの一覧か", max_length=40, help_text="例：2026年4月1日、令和8年4月1日"
    )
    checked = forms.BooleanField(
        label="連携を妨げないことを確かめた",
        required=False,
        help_text="「そのほかの項目」を関係者や住民に見せるときは、必ず確かめてください。",
    )
    note = forms.CharField(label="だれに、何を確かめたか", required=False, max_length=500)

    def __init__(
        self,
        data: Any = None,
        *,
        mapping: LocalMapping,
        services: Mapping[str, ServiceInfo],
        kinds: Sequence[str],
        held: Mapping[str, Audience],
        proposed: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial={"service_code": mapping.service_code, **proposed})
        self.mapping = mapping
        self.kind_words = list(kinds)
        labels = {code: info.label for code, info in services.items()}
        choices = [("", "選んでください"), *grouped_kinds(services)]
        field = self.fields["service_code"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
        for index, column in enumerate(mapping.columns):
            self._add_column(index, column, held)
        for index, words in enumerate(kinds):
            self.fields[f"kind_{index}"] = forms.ChoiceField(
                label=f"「{words}」の種類",
                choices=choices,
                required=False,
                initial=mapping.kinds.get(fold_kind(words)) or guess_kind(words, labels),
            )

    def _add_column(self, index: int, column: Column, held: Mapping[str, Audience]) -> None:
        label = column.label or column.heading
        self.fields[f"target_{index}"] = forms.ChoiceField(
            label=f"「{column.heading}」の行き先",
            choices=list(target_labels().items()),
            initial=column.target,
            required=False,
        )
        self.fields[f"label_{index}"] = forms.CharField(
            label=f"「{column.heading}」を見せるときの名前",
            required=False,
            max_length=60,
            initial=label,
        )
        self.fields[f"audience_{index}"] = forms.ChoiceField(
            label=f"「{column.heading}」を見せる相手",
            choices=Audience.choices,
            required=False,
            initial=held[f"attributes.{label}"],
        )

    def columns(self, samples: Sequence[Sequence[str]], new: Sequence[str]) -> list[ColumnFields]:
        """The controls column by column; ``samples`` are cells of the first rows."""
        return [
            ColumnFields(
                column.heading,
                [row[index] for row in samples if index < len(row) and row[index]][:3],
                column.heading in new,
                self[f"target_{index}"],
                self[f"label_{index}"],
                self[f"audience_{index}"],
            )
            for index, column in enumerate(self.mapping.columns)
        ]

    def kind_fields(self) -> list[BoundField]:
        return [self[f"kind_{index}"] for index in range(len(self.kind_words))]

    def clean_as_of(self) -> date:
        return parse_day(self.cleaned_data["as_of"])

    def clean_municipality(self) -> str:
        text: str = self.cleaned_data["municipality"].strip()
        return municipality_codes_named(text)[0] if text else ""

    def decided(self, municipalities: Mapping[str, str]) -> LocalMapping:
        """The mapping as this form says it."""
        data = self.cleaned_data
        columns = tuple(
            Column(
                column.heading,
                data[f"target_{index}"],
                (data[f"label_{index}"].strip() or column.heading)
                if data[f"target_{index}"] == OWN
                else "",
            )
            for index, column in enumerate(self.mapping.columns)
        )
        kinds = dict(self.mapping.kinds)
        kinds |= {
            fold_kind(words): data[f"kind_{index}"]
            for index, words in enumerate(self.kind_words)
            if data[f"kind_{index}"]
        }
        by_row = any(column.target == KIND for column in columns)
        return replace(
            self.mapping,
            columns=columns,
            service_code=data["service_code"],
            kinds=kinds if by_row else {},
            municipality_code=data["municipality"],
            municipalities=dict(municipalities),
        )

    def releases(self) -> list[Release]:
        """For whom each own column shall be."""
        data = self.cleaned_data
        return [
            Release(
                data[f"label_{index}"].strip() or column.heading,
                Audience(data[f"audience_{index}"] or Audience.GOVERNMENT),
                data["checked"],
                data["note"],
            )
            for index, column in enumerate(self.mapping.columns)
            if data[f"target_{index}"] == OWN
        ]


def grouped_kinds(services: Mapping[str, ServiceInfo]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices of kinds under their groups; those of no ministry file come first."""
    ordered = sorted(services.values(), key=lambda info: info.source != "local")
    groups: dict[str, list[tuple[str, str]]] = {}
    for info in ordered:
        title = "町の一覧だけにある種類" if info.source == "local" else GROUPS[info.group].label
        groups.setdefault(title, []).append((info.code, info.label))
    return list(groups.items())


def day_text(day: date | None) -> str:
    return format_western(day) if day else ""


__all__ = [
    "ColumnsForm",
    "HeaderForm",
    "KindForm",
    "ListFileForm",
    "day_text",
    "grouped_kinds",
]
