"""What the working group writes: one form for each part of a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django import forms

from renkei.care.transitions.forms import day_field, time_field
from renkei.care.transitions.models import FactKind, PatientClass, Rule, Side
from renkei.care.transitions.rule_content import (
    BUSINESS_DAYS,
    CALENDAR_DAYS,
    HOURS,
    MOST,
    NEXT_BUSINESS_DAY,
    PLANNED_DISCHARGE,
    SAME_DAY,
    START_WORDS,
    STAYS,
)
from renkei.foundation.accounts.forms.fields import DayField, LineField, ServiceForm
from renkei.foundation.accounts.forms.policies import TextField
from renkei.foundation.areas.models import Agreement, Area
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO

SPARE_LINES: Final = 2
# What a deadline can begin with and what can meet it.
STARTS: Final = [
    (PLANNED_DISCHARGE, "退院予定日から前へ"),
    *((kind, f"{word}から") for kind, word in START_WORDS.items()),
]
DONE_BY: Final = [
    (kind.value, kind.label)
    for kind in (
        FactKind.CM_IDENTIFIED,
        FactKind.ADMISSION_INFO_SENT,
        FactKind.ADMISSION_INFO_RECEIVED,
        FactKind.CONTACT,
        FactKind.SCREENING_DONE,
        FactKind.TALK_HELD,
        FactKind.CERTIFICATION_APPLIED,
        FactKind.CM_CONTRACTED,
        FactKind.DISCHARGE_NOTIFIED,
        FactKind.CONFERENCE_SCHEDULED,
        FactKind.CONFERENCE_HELD,
        FactKind.PLAN_AGREED,
        FactKind.SUMMARY_HANDED_OVER,
        FactKind.FOLLOW_UP_REPORTED,
    )
]
UNIT_WORDS: Final = (
    (CALENDAR_DAYS, "日（土日・祝日も数える）"),
    (BUSINESS_DAYS, "営業日（休みの日は数えない）"),
    (HOURS, "時間"),
)
METRIC_CODES: Final = (
    ("coordination_rate", "退院調整率"),
    ("leak_rate", "退院調整もれ率"),
    ("admission_info_rate", "入院時情報提供率"),
    ("admission_info_same_day_rate", "入院時情報提供率（同日）"),
    ("lead_days", "連絡リード日数"),
    ("conference_rate", "カンファレンス実施率"),
    ("follow_up_rate", "退院後情報提供率"),
    ("readmission_rate", "30日再入院率"),
    ("unknown_manager_rate", "未把握入院"),
)


class PartForm(ServiceForm):
    """One part, or one row of it. ``seen`` tells whether somebody wrote it meanwhile."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def value(self) -> Any:
        """What goes into the rule."""
        return {name: each for name, each in self.cleaned_data.items() if name != "seen"}


class BasicsForm(PartForm):
    """Title, summary, how days are counted."""

    title = LineField(label="題名", max_length=120)
    summary = TextField(label="あらまし", max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
    counting = TextField(
        label="日の数え方",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="期限の表の上に出る文です。",
    )
    closes_after_days = forms.IntegerField(
        label="退院後の報告を待つ日数", min_value=1, max_value=MOST
    )
    contact_stale_after_months = forms.IntegerField(
        label="窓口を確かめる間隔（か月）", min_value=1, max_value=60
    )
    notes = TextField(
        label="備考",
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="1行に1つ。",
    )

    @staticmethod
    def initial_of(value: Mapping[str, Any]) -> dict[str, Any]:
        """Notes as lines."""
        return {**value, "notes": "\n".join(value["notes"])}

    def value(self) -> dict[str, Any]:
        lines = [line.strip() for line in self.cleaned_data["notes"].splitlines()]
        return {**super().value(), "notes": [line for line in lines if line]}


class LinesForm(PartForm):
    """Rows of a few words: all on one page. An emptied row goes."""

    columns: Sequence[tuple[str, str, int]] = ()

    def __init__(self, data: Any, *, rows: Sequence[Mapping[str, Any]], seen: str) -> None:
        super().__init__(data, initial={"seen": seen})
        self.count = len(rows) + SPARE_LINES
        for place in range(self.count):
            row = rows[place] if place < len(rows) else {}
            for name, label, length in self.columns:
                self.fields[f"{name}_{place}"] = LineField(
                    label=f"{label}（{place + 1}）",
                    max_length=length,
                    required=False,
                    initial=row.get(name, ""),
                )

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields by row."""
        return [
            [self[f"{name}_{place}"] for name, _, _ in self.columns] for place in range(self.count)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for place in range(self.count):
            row = self._row(place, cleaned)
            if row.get("text") and not row.get("code"):
                self.add_error(f"code_{place}", "番号（符号）を入力してください。")
            elif row.get("code") and not row.get("text") and place >= self.count - SPARE_LINES:
                self.add_error(f"text_{place}", "文を入力してください。")
        return cleaned

    def _row(self, place: int, cleaned: Mapping[str, Any]) -> dict[str, Any]:
        return {name: cleaned.get(f"{name}_{place}") or "" for name, _, _ in self.columns}

    def value(self) -> list[dict[str, Any]]:
        rows = [self._row(place, self.cleaned_data) for place in range(self.count)]
        return [row for row in rows if row["text"].strip()]


class CriteriaForm(LinesForm):
    """Classes or criteria."""

    columns = (("code", "番号", 8), ("text", "文", 300), ("source", "出典・決めた場", 120))


class ReasonsForm(LinesForm):
    """Leak reasons."""

    columns = (("code", "番号", 8), ("text", "理由", 120))


class StepForm(PartForm):
    """One step."""

    number = LineField(label="番号", max_length=8)
    title = LineField(label="すること", max_length=200)
    side = forms.ChoiceField(label="だれが", choices=Side.choices)
    when = LineField(label="いつ", max_length=120)
    form = forms.ChoiceField(label="使う様式", required=False)
    source = LineField(label="出典・決めた場", max_length=200, required=False)

    def __init__(self, *args: Any, form_choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["form"] = forms.ChoiceField(
            label="使う様式", required=False, choices=[("", "なし"), *form_choices]
        )
        self.order_fields(["number", "title", "side", "when", "form", "source"])


class DeadlineForm(PartForm):
    """One deadline."""

    code = LineField(label="符号", max_length=8, help_text="T1 のように。期限の一覧に出ます。")
    label = LineField(label="期限の名前", max_length=40)
    side = forms.ChoiceField(label="動く側", choices=Side.choices)
    starts = forms.ChoiceField(label="数え始め", choices=STARTS)
    amount = forms.IntegerField(
        label="期限の数", min_value=0, max_value=MOST, help_text="0は当日です。"
    )
    unit = forms.ChoiceField(label="数え方", choices=UNIT_WORDS, initial=CALENDAR_DAYS)
    after_hours = forms.ChoiceField(
        label="受付時間の後に起きたとき",
        choices=((SAME_DAY, "その日から数える"), (NEXT_BUSINESS_DAY, "次の営業日から数える")),
    )
    closed_day = forms.ChoiceField(
        label="最後の日が休みのとき",
        choices=((STAYS, "動かさない"), (NEXT_BUSINESS_DAY, "次の営業日まで延ばす")),
    )
    done_by = forms.MultipleChoiceField(
        label="実施とする出来事",
        choices=DONE_BY,
        widget=forms.CheckboxSelectMultiple,
        help_text="どれか1つが記録されると、実施になります。",
    )
    classes = forms.MultipleChoiceField(
        label="対象の区分", choices=PatientClass.choices, widget=forms.CheckboxSelectMultiple
    )
    soon_days = forms.IntegerField(label="間近と示す日数", min_value=0, max_value=60)
    source = LineField(label="出典・決めた場", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("starts") == PLANNED_DISCHARGE and cleaned.get("unit") == HOURS:
            self.add_error("unit", "退院予定日からは日か営業日で数えてください。")
        return cleaned


class FormUseForm(PartForm):
    """Which form for which fact."""

    code = forms.ChoiceField(label="様式")
    fact = forms.ChoiceField(label="使う場面", choices=DONE_BY)

    def __init__(self, *args: Any, form_choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.ChoiceField(label="様式", choices=form_choices)
        self.order_fields(["code", "fact"])


class MetricForm(PartForm):
    """One number and its definition in words."""

    code = forms.ChoiceField(label="指標", choices=METRIC_CODES)
    label = LineField(label="表に出す名前", max_length=60)
    text = TextField(label="決め方", max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
    numerator = LineField(label="分子", max_length=200)
    denominator = LineField(label="分母", max_length=200)
    counts_facilities = forms.BooleanField(label="施設への退院を分母に入れる", required=False)
    counts_transfers = forms.BooleanField(label="転院を分母に入れる", required=False)
    counts_deaths = forms.BooleanField(label="死亡を分母に入れる", required=False)
    counts_support_levels = forms.BooleanField(label="要支援を分母に入れる", required=False)
    leaves_out_stays_up_to_days = forms.IntegerField(
        label="除く短い入院の日数", min_value=0, max_value=60, help_text="0は除きません。"
    )
    source = LineField(label="出典・決めた場", max_length=200, required=False)


class StartForm(ServiceForm):
    """A new rule: its name, whose it is, and what it begins as."""

    name = LineField(
        label="ルールの名称", max_length=120, help_text="たとえば 架空広域 入退院調整ルール。"
    )
    area: forms.ModelChoiceField[Area] = forms.ModelChoiceField(
        label="定める圏域", queryset=None, empty_label=None
    )
    source = forms.ChoiceField(label="もとにするルール")

    def __init__(
        self, *args: Any, areas: Any, sources: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
        self.fields["source"] = forms.ChoiceField(label="もとにするルール", choices=sources)


class PublishForm(ServiceForm):
    """From when it holds, and why."""

    first_day = DayField(label="適用の始まり", help_text="たとえば 2027年4月1日。")
    reason = LineField(
        label="改訂の理由", max_length=300, help_text="お知らせとルールの冊子に出ます。"
    )
    decision = LineField(
        label="決めた会議・文書",
        max_length=200,
        required=False,
        help_text="たとえば 令和8年度 第2回 入退院調整ルール運用会議。",
    )


class ReasonForm(ServiceForm):
    """Why an edition is taken back."""

    reason = LineField(label="取り下げる理由", max_length=300)


class AdoptForm(ServiceForm):
    """Who goes by which rule, from when."""

    rule: forms.ModelChoiceField[Rule] = forms.ModelChoiceField(label="ルール", queryset=None)
    target = forms.ChoiceField(label="使う圏域・協定")
    first_day = DayField(label="使い始める日", help_text="たとえば 2027年4月1日。")

    def __init__(
        self, *args: Any, rules: Any, areas: Sequence[Area], agreements: Sequence[Agreement]
    ) -> None:
        super().__init__(*args)
        self.fields["rule"].queryset = rules  # type: ignore[attr-defined]
        self._targets: dict[str, Area | Agreement] = {
            **{f"area-{one.pk}": one for one in areas},
            **{f"agreement-{one.pk}": one for one in agreements},
        }
        words = [
            (key, f"協定：{one}" if isinstance(one, Agreement) else str(one))
            for key, one in self._targets.items()
        ]
        self.fields["target"] = forms.ChoiceField(label="使う圏域・協定", choices=words)
        self.order_fields(["rule", "target", "first_day"])

    def chosen(self) -> dict[str, Any]:
        """Area or agreement, as the service takes it."""
        one = self._targets[self.cleaned_data["target"]]
        return {"agreement": one} if isinstance(one, Agreement) else {"area": one}


class EndForm(ServiceForm):
    """The last day."""

    last_day = DayField(label="使う最後の日", help_text="たとえば 2027年3月31日。")


class ExampleForm(forms.Form):
    """An example stay, to see what the clock would do."""

    patient_class = forms.ChoiceField(label="区分", choices=PatientClass.choices)
    day = day_field("入院した日")
    time = time_field("入院の時刻")
    screened = day_field("退院困難の確認をした日", required=False)
    planned = day_field("退院予定日", required=False)
    discharged = day_field("退院した日", required=False)

    @staticmethod
    def usual(today: date) -> dict[str, Any]:
        """Friday, shortly before the offices close; three weeks in hospital."""
        friday = today + timedelta(days=(4 - today.weekday()) % 7)
        return {
            "patient_class": PatientClass.A.value,
            "day": friday.isoformat(),
            "time": "16:40",
            "screened": (friday + timedelta(days=3)).isoformat(),
            "planned": (friday + timedelta(days=21)).isoformat(),
            "discharged": "",
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first = cleaned.get("day")
        for name in ("screened", "planned", "discharged"):
            if first and cleaned.get(name) and cleaned[name] < first:
                self.add_error(name, "入院した日以降の日付を入力してください。")
        if first and abs((first - clock.today()).days) > MOST * 5:
            self.add_error("day", "きょうに近い日付を入力してください。")
        return cleaned

    def admitted_at(self) -> datetime:
        """Day and time as one instant."""
        data = self.cleaned_data
        return datetime.combine(data["day"], data["time"], tzinfo=TOKYO)
