"""Correcting what the official files say, and confirming it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from renkei.foundation.common.phones import require_phone
from renkei.foundation.common.postcodes import format_postcode, require_postcode
from renkei.registry.facilities.catalogue import CAPABILITIES
from renkei.registry.facilities.fields import (
    ATTRIBUTE_PREFIX,
    FIELDS,
    FieldInfo,
    FieldKind,
    is_attribute,
)
from renkei.registry.facilities.forms_base import ServiceForm
from renkei.registry.facilities.models import ListingStatus, Service
from renkei.registry.facilities.values import (
    DAYS,
    read_spans,
    read_words,
    spans_text,
    value_text,
)

METHODS = ("電話", "訪問", "FAX・郵便", "メール", "本人からの申し出", "そのほか")
HOURS_PREFIX = "hours_"


@dataclass(frozen=True)
class FieldGroup:
    """Some fields of the form under one heading."""

    title: str
    fields: list[BoundField]


_GROUPS = (
    ("名称と連絡先", ("name", "kana", "phone", "fax", "email", "url", "corporate_name")),
    ("場所", ("postcode", "address", "building", "latitude", "longitude")),
    ("曜日と時間", ("days", "days_note", *(f"{HOURS_PREFIX}{day}" for day in DAYS))),
    ("内容", ("departments", "capabilities", "capacity", "beds", "visiting_area")),
    ("備考と掲載の状態", ("remarks", "status")),
)


class CorrectionForm(ServiceForm):
    """Every field of one service, with the official value beside it, and one reason."""

    reason = forms.CharField(
        label="直した理由",
        max_length=300,
        help_text="例：8月3日に事業所へ電話で確かめた。",
    )

    def __init__(self, data: Any = None, *, service: Service) -> None:
        super().__init__(data)
        self.service = service
        overrides = {row.field: row.official_value for row in service.overrides.all()}
        reason = self.fields.pop("reason")
        for info in FIELDS.values():
            if not info.editable:
                continue
            value = getattr(service, info.key)
            official = overrides.get(info.key, value)
            note = f"公表の値：{value_text(info.key, official)}"
            if info.key in overrides:
                note += "（市町村が訂正しています。公表の値に戻すには、同じ値を入力してください）"
            self._add(info, value, note)
        for key, value in service.attributes.items():
            field = ATTRIBUTE_PREFIX + key
            official = overrides.get(field, value)
            self.fields[field] = forms.CharField(
                label=key,
                required=False,
                initial=value,
                help_text=f"一覧の値：{value_text(field, official)}",
            )
        self.fields["reason"] = reason

    def _add(self, info: FieldInfo, value: Any, note: str) -> None:
        if info.kind is FieldKind.HOURS:
            for day, label in DAYS.items():
                self.fields[HOURS_PREFIX + day] = forms.CharField(
                    label=f"時間（{label}）",
                    required=False,
                    initial=spans_text(value[day]) if day in value else "",
                    help_text=note if day == "mon" else "",
                )
            return
        self.fields[info.key] = _form_field(info, value, note)

    def clean_phone(self) -> str:
        return self._phone("phone")

    def clean_fax(self) -> str:
        return self._phone("fax")

    def clean_postcode(self) -> str:
        text: str = self.cleaned_data["postcode"]
        # What an official file says is kept, even where no form would take it.
        if not text or "postcode" not in self.changed_data:
            return text
        return format_postcode(require_postcode(text))

    def _phone(self, key: str) -> str:
        text: str = self.cleaned_data[key]
        return require_phone(text) if text and key in self.changed_data else text

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        hours: dict[str, list[list[str]]] = {}
        for day in DAYS:
            try:
                spans = read_spans(data.get(HOURS_PREFIX + day) or "")
            except ValidationError as error:
                self.add_error(HOURS_PREFIX + day, error)
                continue
            if spans is not None:
                hours[day] = spans
        data["hours"] = hours
        if "departments" in data:
            data["departments"] = read_words(data["departments"])
        if (data.get("latitude") is None) != (data.get("longitude") is None):
            self.add_error("latitude", "緯度と経度は、両方を入力するか、両方を空にしてください。")
        return data

    def changes(self) -> dict[str, object]:
        """The fields that now say something else."""
        held: dict[str, Any] = {
            info.key: getattr(self.service, info.key) for info in FIELDS.values() if info.editable
        }
        held |= {ATTRIBUTE_PREFIX + key: value for key, value in self.service.attributes.items()}
        return {
            field: self.cleaned_data[field]
            for field, value in held.items()
            if self.cleaned_data[field] != value
        }

    def groups(self) -> list[FieldGroup]:
        """The fields under headings, so that a long page can be scanned."""
        groups = [
            FieldGroup(title, [self[name] for name in names if name in self.fields])
            for title, names in _GROUPS
        ]
        own = [self[name] for name in self.fields if is_attribute(name)]
        return [*groups, *([FieldGroup("そのほかの項目", own)] if own else [])]


_DEGREES = {"latitude": (20, 46), "longitude": (122, 154)}


def _form_field(info: FieldInfo, value: Any, note: str) -> forms.Field:
    kind, options = _FORM_FIELDS.get(info.kind, (forms.CharField, {}))
    options = {
        "label": info.label,
        "required": info.key == "name",
        "initial": "、".join(value) if info.kind is FieldKind.WORDS else value,
        "help_text": note,
        **options,
    }
    if info.key in _DEGREES:
        options["min_value"], options["max_value"] = _DEGREES[info.key]
    limit = getattr(Service._meta.get_field(info.key), "max_length", None)  # noqa: SLF001 - Django's public Meta API
    if limit and issubclass(kind, forms.CharField):
        options["max_length"] = limit
    return kind(**options)


_FORM_FIELDS: Mapping[FieldKind, tuple[type[forms.Field], dict[str, Any]]] = {
    FieldKind.TEXT: (forms.CharField, {"widget": forms.Textarea(attrs={"rows": 3})}),
    FieldKind.NUMBER: (forms.IntegerField, {"min_value": 0, "max_value": 100_000}),
    FieldKind.DEGREES: (forms.FloatField, {}),
    FieldKind.CAPABILITIES: (
        forms.MultipleChoiceField,
        {"choices": list(CAPABILITIES.items()), "widget": forms.CheckboxSelectMultiple},
    ),
    FieldKind.STATUS: (forms.ChoiceField, {"choices": ListingStatus.choices}),
    FieldKind.WORDS: (forms.CharField, {"max_length": 1000}),
    FieldKind.EMAIL: (forms.EmailField, {}),
    FieldKind.PHONE: (forms.CharField, {"widget": forms.TextInput(attrs={"type": "tel"})}),
}


class ConfirmForm(ServiceForm):
    """How the town made sure that everything shown is right."""

    method = forms.ChoiceField(label="確かめ方", choices=[(method, method) for method in METHODS])
