"""Forms of sharing tools."""

from __future__ import annotations

from typing import Any

from django import forms

from renkei.foundation.accounts.viewers import Viewer
from renkei.programme.planning.forms import ServiceForm, day_field, line_field, text_field
from renkei.programme.planning.forms_plans import MONTHS
from renkei.programme.planning.models import Council, SharingTool, ToolKind
from renkei.programme.planning.queries.tools import groups_for_tools


class ToolForm(ServiceForm):
    """A tool in the inventory."""

    name = line_field("共有ツール", 120, required=True)
    kind = forms.ChoiceField(
        label="ツールの種類", choices=ToolKind.choices, widget=forms.RadioSelect
    )
    is_renkei = forms.BooleanField(label="このシステム（連携）", required=False)
    text = text_field("ツールの説明", limit=2000)
    group = forms.ModelChoiceField(
        Council.objects.none(), label="検討する部会", required=False, empty_label="決めていない"
    )
    announce_month = forms.TypedChoiceField(
        label="毎年周知する月",
        choices=MONTHS,
        coerce=int,
        initial=4,
        help_text="担当者が替わる月。この月が来ると、周知をお知らせします。",
    )
    ended_on = day_field("使うのをやめた日", required=False)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["group"]
        field.queryset = groups_for_tools(viewer)


def tool_initial(tool: SharingTool) -> dict[str, Any]:
    """The form as the tool is."""
    return {name: getattr(tool, name) for name in ToolForm.base_fields}
