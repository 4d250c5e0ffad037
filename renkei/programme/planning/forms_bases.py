"""Forms of bases."""

from __future__ import annotations

from typing import Any

from django import forms

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.programme.planning.forms import ServiceForm, day_field, line_field, text_field
from renkei.programme.planning.models import Base, BaseBody
from renkei.programme.planning.queries.bases import areas_for_bases, bodies_for_bases


class BaseForm(ServiceForm):
    """Which organisation is the base of which area, how long, by which plan."""

    area = forms.ModelChoiceField(Area.objects.none(), label="圏域", empty_label=None)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="拠点となる組織", empty_label=None
    )
    body = forms.ChoiceField(label="拠点の主体", choices=BaseBody.choices, widget=forms.RadioSelect)
    first_day = day_field("始まりの日")
    last_day = day_field("終わりの日", required=False, help_text="この日まで有効です。")
    plan_reference = line_field(
        "医療計画での位置付け", 300, required=True, help_text="「第8次計画 在宅医療の項」など"
    )
    runs_programme = forms.BooleanField(
        label="在宅医療・介護連携推進事業の実施主体と同じ", required=False
    )
    is_active_institution = forms.BooleanField(
        label="積極的役割を担う医療機関を兼ねる", required=False
    )
    disability_note = line_field(
        "障害福祉の相談支援との整合性", 500, help_text="どのように確かめたか"
    )

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = dict(self.fields)
        fields["area"].queryset = areas_for_bases(viewer)
        fields["organisation"].queryset = bodies_for_bases(viewer)

    def base(self) -> dict[str, Any]:
        """As the service takes it."""
        values = dict(self.cleaned_data)
        days = {name: values.pop(name) for name in ("first_day", "last_day")}
        return {"fields": values, **days}


def base_initial(base: Base) -> dict[str, Any]:
    """The form as the base is."""
    return {name: getattr(base, name) for name in BaseForm.base_fields}


class ConsultationForm(ServiceForm):
    """What a municipality said."""

    area = forms.ModelChoiceField(Area.objects.none(), label="市町村", empty_label=None)
    held_on = day_field("協議した日")
    with_whom = line_field("協議した課・団体", 200, required=True)
    result = text_field("協議の結果", limit=2000, required=True)

    def __init__(self, *args: Any, areas: list[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area"]
        field.queryset = Area.objects.filter(pk__in=[one.pk for one in areas]).order_by("code")

    def consultation(self) -> dict[str, Any]:
        """As the service takes it."""
        values = dict(self.cleaned_data)
        return {"area": values.pop("area"), "fields": values}
