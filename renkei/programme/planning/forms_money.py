"""Forms of the programme's money."""

from __future__ import annotations

from typing import Any

from django import forms

from renkei.programme.planning.forms import ServiceForm, line_field
from renkei.programme.planning.frames import Item
from renkei.programme.planning.funding import CostCategory, Funding
from renkei.programme.planning.models import Activity, MoneyLine
from renkei.programme.planning.money_files import MOST_YEN


def _yen(label: str, *, required: bool = False, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=0,
        max_value=MOST_YEN,
        help_text=help_text,
        localize=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class MoneyLineForm(ServiceForm):
    """One cost of one activity."""

    activity = forms.ModelChoiceField(Activity.objects.none(), label="活動", empty_label="選ぶ")
    item = forms.ChoiceField(
        label="項目", choices=Item.choices, help_text="活動に付いている項目から選びます。"
    )
    category = forms.ChoiceField(label="費目", choices=CostCategory.choices)
    what = line_field("内訳", 100, help_text="同じ費目を分けるとき。「講師の謝金」など")
    funding = forms.ChoiceField(
        label="財源",
        choices=Funding.choices,
        help_text="1つの行の財源は1つです。交付金と基金は、同じ経費に重ねられません。",
    )
    budget_yen = _yen("予算額（円）", required=True)
    forecast_yen = _yen("見込額（円）", help_text="年度の途中で見込んだ決算額")
    actual_yen = _yen("実績額（円）", help_text="決算の額。まだなら空けます。")

    def __init__(self, *args: Any, activities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["activity"]
        field.queryset = activities


def line_initial(line: MoneyLine) -> dict[str, Any]:
    """The form as the line is."""
    return {name: getattr(line, name) for name in MoneyLineForm.base_fields}


class MoneyFileForm(ServiceForm):
    """A workbook of lines."""

    table = forms.FileField(
        label="事業費の表",
        help_text="書き出したExcelの「明細」に書き足したもの。同じ行は額だけが変わります。",
    )
