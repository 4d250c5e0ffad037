"""The search form: every parameter of a result's address, read with care."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from renkei.foundation.common.text import require_storable
from renkei.registry.facilities.catalogue import CAPABILITIES, GROUPS
from renkei.registry.facilities.models import ListingStatus
from renkei.registry.facilities.queries_local_lists import service_infos
from renkei.registry.facilities.search.boxes import Box
from renkei.registry.facilities.search.terms import (
    LAST_PAGE,
    SORT_LABELS,
    VIEW_LABELS,
    Near,
    SearchTerms,
    Sort,
    View,
)
from renkei.registry.facilities.values import DAYS

RADII_KM = (1, 2, 5, 10, 20)
HOURS = [(hour, f"{hour}時") for hour in range(24)]
DAY_CHOICES = [(key, "祝日" if key == "holiday" else f"{label}曜日") for key, label in DAYS.items()]
_CHOOSE = "一覧から選んでください。"


class _Choices(forms.MultipleChoiceField):
    default_error_messages = {
        "invalid_choice": "「%(value)s」は選べません。" + _CHOOSE,
        "invalid_list": _CHOOSE,
    }


class _AreaCodes(_Choices):
    """Codes of two or six digits, or "a" and a number; which of them exist the query knows."""

    def valid_value(self, value: str) -> bool:
        number = value.removeprefix("a")
        return number.isascii() and number.isdecimal() and len(number) <= 12  # noqa: PLR2004


class _Words(forms.CharField):
    def to_python(self, value: object) -> str:
        return require_storable(super().to_python(value) or "")


class SearchForm(forms.Form):
    """Reads a result's address. What is wrong is left out of the search, and said."""

    hide_need = True
    use_required_attribute = False

    def __init__(self, data: QueryDict | None = None) -> None:
        """One query, for the kinds of service the region added."""
        super().__init__(data)
        kinds = [(info.code, info.label) for info in service_infos().values()]
        service = self.fields["service"]
        assert isinstance(service, forms.MultipleChoiceField)  # noqa: S101 - declared below
        service.choices = kinds

    q = _Words(label="名前・住所・電話など", required=False, max_length=100)
    area = _AreaCodes(label="地域", required=False)
    group = _Choices(
        label="何をさがしますか",
        required=False,
        choices=[(group.key, group.plain) for group in GROUPS.values()],
        widget=forms.CheckboxSelectMultiple,
    )
    service = _Choices(
        label="サービスの種類",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    capability = _Choices(
        label="条件",
        required=False,
        choices=list(CAPABILITIES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    day = _Choices(
        label="開いている曜日",
        required=False,
        choices=DAY_CHOICES,
        widget=forms.CheckboxSelectMultiple,
    )
    hour = forms.TypedChoiceField(
        label="開いている時刻",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "指定しない"), *HOURS],
        error_messages={"invalid_choice": "時刻を" + _CHOOSE},
    )
    address = _Words(
        label="ここから近い順",
        required=False,
        max_length=100,
        help_text="市町村名から入力します。",
    )
    lat = forms.FloatField(required=False, min_value=20, max_value=46, widget=forms.HiddenInput)
    lng = forms.FloatField(required=False, min_value=122, max_value=154, widget=forms.HiddenInput)
    radius = forms.TypedChoiceField(
        label="距離",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "指定しない"), *((km, f"{km}km以内") for km in RADII_KM)],
        error_messages={"invalid_choice": "距離を" + _CHOOSE},
    )
    status = _Choices(
        label="掲載の状態",
        required=False,
        choices=ListingStatus.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    sort = forms.ChoiceField(
        label="並び順",
        required=False,
        choices=[("", ""), *((key.value, label) for key, label in SORT_LABELS.items())],
        error_messages={"invalid_choice": "並び順を" + _CHOOSE},
    )
    view = forms.ChoiceField(
        label="見せ方",
        required=False,
        choices=[("", ""), *((key.value, label) for key, label in VIEW_LABELS.items())],
        error_messages={"invalid_choice": "見せ方を" + _CHOOSE},
    )
    page = forms.IntegerField(
        label="ページ",
        required=False,
        min_value=1,
        max_value=LAST_PAGE,
        error_messages={
            "invalid": "ページは数字で指定してください。",
            "min_value": "ページは1以上で指定してください。",
            "max_value": f"{LAST_PAGE}ページより先は見られません。条件でしぼり込んでください。",
        },
    )

    def terms(self) -> SearchTerms:
        """The search that the valid part of the address asks for."""
        self.is_valid()
        data = self.cleaned_data
        lat, lng = data.get("lat"), data.get("lng")
        address = data.get("address") or ""
        near = None
        if not address and lat is not None and lng is not None:
            near = Near(lat, lng, "地図で選んだ所")
        return SearchTerms(
            q=" ".join((data.get("q") or "").split()),
            areas=_once(data.get("area")),
            groups=_once(data.get("group")),
            services=_once(data.get("service")),
            capabilities=_once(data.get("capability")),
            days=_once(data.get("day")),
            hour=data.get("hour"),
            near=near,
            address=address,
            radius_km=data.get("radius") if address or near else None,
            statuses=_once(data.get("status")),
            sort=Sort(data["sort"]) if data.get("sort") else None,
            view=View(data["view"]) if data.get("view") else View.LIST,
            page=data.get("page") or 1,
        )

    @property
    def problems(self) -> list[str]:
        """What was left out of the search, as sentences."""
        self.is_valid()
        return [str(text) for texts in self.errors.values() for text in texts]


class MapViewForm(forms.Form):
    """Which part of the map is looked at."""

    bbox = forms.CharField(max_length=100)
    z = forms.FloatField(min_value=0, max_value=24)

    def clean_bbox(self) -> Box:
        parts = self.cleaned_data["bbox"].split(",")
        try:
            box = Box(*(float(part) for part in parts))
        except (TypeError, ValueError):
            box = None
        if box is None or not box.is_on_earth:
            raise ValidationError("地図の範囲を「西,南,東,北」の度で指定してください。")
        return box

    @property
    def box(self) -> Box:
        box: Box = self.cleaned_data["bbox"]
        return box

    @property
    def zoom(self) -> int:
        return int(self.cleaned_data["z"])

    @property
    def problems(self) -> list[str]:
        return [f"{field}：{text}" for field, texts in self.errors.items() for text in texts]


def read_terms(parameters: QueryDict) -> tuple[SearchTerms, list[str]]:
    """The terms of an address and what is wrong with it."""
    form = SearchForm(parameters)
    return form.terms(), form.problems


def _once(values: list[str] | None) -> tuple[str, ...]:
    """Each value once, in the order of the alphabet: one search, one address."""
    return tuple(sorted(set(values or ())))
