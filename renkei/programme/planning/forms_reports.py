"""Forms of reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from renkei.foundation.areas.models import Area
from renkei.foundation.common.eras import FiscalYear
from renkei.programme.planning.forms import ServiceForm, text_field
from renkei.programme.planning.models import GrantReply, Meeting, ReportKind


class ReportForm(ServiceForm):
    """Which report, of which year and area; for a council paper, for which meeting."""

    kind = forms.ChoiceField(label="報告の種類", choices=ReportKind.choices)
    fiscal_year = forms.TypedChoiceField(label="年度", coerce=int)
    area = forms.TypedChoiceField(label="圏域", coerce=int)
    meeting = forms.ChoiceField(
        label="協議会資料にする会議",
        required=False,
        help_text="選ぶと、会議の日時・会場・公開の議題が資料の初めに載ります。",
    )

    def __init__(
        self,
        *args: Any,
        years: Sequence[int],
        areas: Sequence[Area],
        meetings: Sequence[Meeting],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["fiscal_year"].choices = [(one, FiscalYear(one).label) for one in years]
        fields["area"].choices = [(one.pk, one.name) for one in areas]
        fields["meeting"].choices = [
            ("", "会議を選ばない"),
            *((str(one.uid), str(one)) for one in meetings),
        ]
        if len(areas) == 1:
            fields["area"].widget = forms.HiddenInput()
            fields["area"].initial = areas[0].pk
        if not meetings:
            fields["meeting"].widget = forms.HiddenInput()


class GrantForm(ServiceForm):
    """The answer to one question."""

    answer = forms.ChoiceField(
        label="評価の回答", choices=GrantReply.choices, widget=forms.RadioSelect
    )
    note = text_field(
        "評価の回答の備考", limit=500, rows=3, help_text="条件に届かないときは、何が足りないか"
    )
