"""Asking for a booklet."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms

from renkei.foundation.areas.models import Area, AreaLevel
from renkei.foundation.common.audience import Audience
from renkei.foundation.common.text import require_storable
from renkei.registry.facilities.catalogue import GROUPS
from renkei.registry.facilities.forms_base import ServiceForm
from renkei.registry.facilities.models import EDITIONS, BookletFormat

TITLE = "在宅医療・介護 資源の冊子"


class BookletForm(ServiceForm):
    """Which area, which kinds, for whom, in which format."""

    area = forms.ChoiceField()  # made per viewer
    title = forms.CharField(label="題名", max_length=60, initial=TITLE)
    groups = forms.MultipleChoiceField(
        label="載せる種類",
        required=False,
        choices=[(group.key, group.label) for group in GROUPS.values()],
        widget=forms.CheckboxSelectMultiple,
        help_text="1つも選ばないと、すべて載せます。",
    )
    edition = forms.ChoiceField(
        label="だれに配るか",
        choices=EDITIONS,
        initial=Audience.PUBLIC.value,
        widget=forms.RadioSelect,
        help_text="住民の版には、住民に見せてよい項目だけを載せます。",
    )
    confirmed_only = forms.BooleanField(
        label="確認済みの所だけを載せる",
        required=False,
        help_text="市町村が電話などで確かめた所だけにします。",
    )
    format = forms.ChoiceField(
        label="形式",
        choices=BookletFormat.choices,
        initial=BookletFormat.PDF.value,
        widget=forms.RadioSelect,
        help_text="どの形式にも、同じ所が載ります。地図はPDFだけにあります。",
    )

    def __init__(self, *args: Any, areas: Iterable[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._areas = {str(area.pk): area for area in areas}
        self.fields["area"] = forms.ChoiceField(
            label="地域",
            choices=area_choices(self._areas.values()),
            help_text="市区町村のほか、医療圏・日常生活圏域・広域連合なども選べます。",
            error_messages={"invalid_choice": "地域を一覧から選んでください。"},
        )

    def clean_area(self) -> Area:
        return self._areas[self.cleaned_data["area"]]

    def clean_title(self) -> str:
        return require_storable(self.cleaned_data["title"])

    def clean_edition(self) -> Audience:
        return Audience(self.cleaned_data["edition"])


Choice = tuple[str, str]


def area_choices(areas: Iterable[Area]) -> list[Choice | tuple[str, list[Choice]]]:
    """The choices in groups: 市区町村, 二次医療圏…"""
    return [
        ("", "選んでください"),
        *(
            (str(AreaLevel(level).label), [(str(area.pk), area.name) for area in group])
            for level, group in groupby(areas, key=lambda area: area.level)
        ),
    ]
