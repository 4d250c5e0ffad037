"""Which areas to look at, and what to bring in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict

from renkei.foundation.areas.models import Area


class AreasForm(forms.Form):
    """The areas of a chart, chosen by ticking, or one more by its name."""

    area = forms.TypedMultipleChoiceField(
        label="比べる地域",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="8つまで。はじめに選んだ地域が文の主語になります。",
    )
    name = forms.CharField(label="名前で加える", required=False, max_length=60)

    def __init__(self, data: Any, *, choices: Sequence[Area], chosen: Sequence[Area]) -> None:
        super().__init__(data)
        field = self.fields["area"]
        offered = {area.pk: area for area in (*chosen, *choices)}
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = [(pk, area.name) for pk, area in offered.items()]
        self.initial = {"area": [area.pk for area in chosen]}


# Longer than any key of ours.
_LONGEST_KEY: Final = 16


def asked_areas(values: Sequence[str]) -> list[int]:
    """Primary keys out of an address; what is no number is left out."""
    plain = [text for text in values if text.isascii() and text.isdigit()]
    return [int(text) for text in plain if len(text) < _LONGEST_KEY]


class MapForm(forms.Form):
    """What a map shows; what cannot be read is the usual."""

    level = forms.ChoiceField(label="圏域の種類", required=False)
    prefecture = forms.ChoiceField(label="範囲", required=False)
    period = forms.ChoiceField(label="期間", required=False)
    mode = forms.ChoiceField(
        label="区域",
        required=False,
        widget=forms.RadioSelect,
        help_text="市町村は合併や分割で変わります。",
    )
    group = forms.MultipleChoiceField(
        label="手前に置く事業所",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="今の登録の位置です。期間を変えても変わりません。",
    )

    def __init__(
        self,
        asked: QueryDict,
        *,
        choices: Mapping[str, Sequence[tuple[str, str]]],
        usual: Mapping[str, str],
    ) -> None:
        found: dict[str, Any] = {}
        for name, offered in choices.items():
            values = [one for one in asked.getlist(name) if one in dict(offered)]
            found[name] = values if name == "group" else (values or [usual[name]])[0]
        super().__init__(initial=found)
        self.chosen = found
        for name, offered in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = list(offered)
