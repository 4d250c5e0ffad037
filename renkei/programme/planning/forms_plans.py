"""Forms of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from renkei.foundation.common.eras import FiscalYear
from renkei.programme.planning.forms import ServiceForm, line_field, text_field
from renkei.programme.planning.frames import Item, OrdinancePart, Scene, Target
from renkei.programme.planning.funding import Funding
from renkei.programme.planning.groupings import BOTH, THREE, group_of, scene_choices
from renkei.programme.planning.models import (
    Activity,
    Alignment,
    Arrangement,
    Goal,
    GoalState,
    Grouping,
    Performer,
    SisterProgramme,
    Verdict,
)

# The programme's own article (domain/source-features.md F-FR-05).
LEGAL_BASIS: Final = "介護保険法第115条の45第2項第4号"
FIRST_YEAR, LAST_YEAR = 2015, 2060
MONTHS: Final = [(str(one), f"{one}月") for one in (*range(4, 13), *range(1, 4))]


def _many(label: str, choices: Any, *, required: bool = True) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=required, widget=forms.CheckboxSelectMultiple
    )


class VisionForm(ServiceForm):
    """めざす姿 of the town, and of each scene."""

    vision = text_field("めざす姿", limit=1000, rows=2, required=True)

    def __init__(self, *args: Any, grouping: str = Grouping.FOUR, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is written for a group holds for each of its scenes.
        self._parts = (
            [(one.title, one.scenes) for one in THREE]
            if grouping == Grouping.THREE
            else [(str(one.label), (one,)) for one in Scene]
        )
        for label, scenes in self._parts:
            self.fields[f"vision_{scenes[0].value}"] = text_field(
                f"{label}のめざす姿",
                limit=1000,
                rows=2,
                help_text="書いた場面に、目標を立てられます。",
            )

    def visions(self) -> dict[str, Any]:
        """As the services take it."""
        values = self.cleaned_data
        found = {
            one.value: values[f"vision_{scenes[0].value}"]
            for _, scenes in self._parts
            for one in scenes
        }
        return {"vision": values["vision"], "visions": found}


class PlanForm(VisionForm):
    """A new plan."""

    fiscal_year = forms.TypedChoiceField(label="年度", coerce=int)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["fiscal_year"]
        field.choices = [(one, FiscalYear(one).label) for one in years]
        self.order_fields(["fiscal_year"])


class GoalForm(ServiceForm):
    """A goal with its indicator."""

    scene = forms.ChoiceField(label="場面", choices=Scene.choices, widget=forms.RadioSelect)
    items = _many("項目", Item.choices)
    text = line_field("目標", 300, required=True)
    indicator_code = forms.ChoiceField(
        label="指標",
        required=False,
        help_text="基準値は、指標のいまの値をそのまま残します。",
    )
    target = forms.DecimalField(label="目標値", required=False, max_digits=20, decimal_places=6)
    due_year = forms.IntegerField(
        label="目標の年度（西暦）", required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR
    )
    owner = line_field("担当", 100)
    medical_plan = forms.ChoiceField(
        label="医療計画との整合", choices=Alignment.choices, required=False
    )
    medical_plan_note = line_field(
        "医療計画の記載・違い", 300, help_text="「第8次計画 在宅医療の項」など"
    )

    def __init__(
        self,
        *args: Any,
        indicators: Sequence[tuple[str, str]],
        grouping: str = Grouping.FOUR,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = dict(self.fields)
        fields["indicator_code"].choices = [("", "まだ選ばない"), *indicators]
        if grouping == Grouping.THREE:
            fields["scene"].choices = scene_choices()
            fields["items"].required = False

    def clean(self) -> dict[str, Any] | None:
        """A whole group is its first scene and the others."""
        values = super().clean() or {}
        first, *others = values.get("scene", "").split(BOTH)
        values |= {"scene": first, "more_scenes": others}
        aligned = values.get("medical_plan", "") in ("", Alignment.ABSENT)
        if not aligned and not values.get("medical_plan_note"):
            self.add_error(
                "medical_plan_note", "医療計画のどこに書いてあるか、または違いを入力してください。"
            )
        return values


def goal_initial(goal: Goal) -> dict[str, Any]:
    """The form as the goal is."""
    values = {name: getattr(goal, name) for name in GoalForm.base_fields}
    return values | {"scene": BOTH.join(goal.scenes)}


class ActivityForm(ServiceForm):
    """An activity with everything that any cut needs."""

    name = line_field("活動", 200, required=True)
    measure = line_field("施策", 200)
    text = text_field("活動の内容", limit=2000)
    goal = forms.ModelChoiceField(
        Goal.objects.none(), label="目標", required=False, empty_label="決めていない"
    )
    items = _many("項目", Item.choices)
    parts = _many("省令の号", OrdinancePart.choices, required=False)
    scenes = _many("場面", Scene.choices)
    targets = _many("対象", Target.choices)
    performer = forms.ChoiceField(
        label="だれが行うか",
        choices=Performer.choices,
        initial=Performer.SELF,
        widget=forms.RadioSelect,
    )
    arrangement = forms.ModelChoiceField(
        Arrangement.objects.none(),
        label="契約・実施のかたち",
        required=False,
        empty_label="選ばない（直営）",
        help_text="実施要綱と報告の期限は、選んだ契約から出ます。",
    )
    partners = line_field("共同して行った人・団体", 300)
    programmes = forms.ModelMultipleChoiceField(
        SisterProgramme.objects.none(),
        label="一緒に行う事業",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    legal_basis = line_field("法の根拠", 200)
    funding = forms.ChoiceField(
        label="財源", required=False, choices=[("", "決めていない"), *Funding.choices]
    )
    owner = line_field("担当", 100)
    since_year = forms.IntegerField(
        label="始めた年度（西暦）", required=False, min_value=2000, max_value=LAST_YEAR
    )
    months = _many("行う月", MONTHS, required=False)
    result_text = line_field("活動の結果", 500)

    def __init__(
        self,
        *args: Any,
        goals: Any,
        arrangements: Any,
        programmes: Any,
        grouping: str = Grouping.FOUR,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["goal"].queryset = goals
        fields["arrangement"].queryset = arrangements
        fields["programmes"].queryset = programmes
        if grouping == Grouping.THREE:
            fields["items"].required = False
            fields["scenes"].choices = [
                (one.value, f"{group_of(one).mark}{one.label}") for one in Scene
            ]

    def clean_months(self) -> list[int]:
        return [int(one) for one in self.cleaned_data["months"]]


def activity_initial(activity: Activity) -> dict[str, Any]:
    """The form as the activity is."""
    plain = [name for name in ActivityForm.base_fields if name != "programmes"]
    values = {name: getattr(activity, name) for name in plain}
    return values | {"programmes": activity.programmes.all()}


class LeaveOutForm(ServiceForm):
    reason = line_field("行わない理由", 200, help_text="空けると、また「目標なし」になります。")


class ActivityReviewForm(ServiceForm):
    """Whether it goes on, and why."""

    verdict = forms.ChoiceField(label="振り返り", choices=Verdict.choices, widget=forms.RadioSelect)
    reason = line_field("振り返りの理由", 500, required=True)


class GoalReviewForm(ActivityReviewForm):
    """What came of a goal."""

    state = forms.ChoiceField(
        label="目標の状態", choices=GoalState.choices, widget=forms.RadioSelect
    )
    reached_reason = line_field(
        "達成とした理由", 500, help_text="指標が目標値に届いていないのに達成とするとき"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["state", "reached_reason"])
