"""Forms of contracts, reports, related programmes and the yearly calendar."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from renkei.foundation.papers.files import read_upload
from renkei.programme.planning.calendar import MONTHS
from renkei.programme.planning.forms import (
    PhoneField,
    ServiceForm,
    day_field,
    line_field,
    text_field,
)
from renkei.programme.planning.frames import Item
from renkei.programme.planning.models import (
    Arrangement,
    Execution,
    Publicity,
    ReportDue,
    SisterProgramme,
    ToldBy,
    ToldSide,
)
from renkei.programme.planning.queries.due import HORIZONS

# Source: F-FR-02 and the brief of 地域支援事業; a municipality may write others.
SISTERS: Final = (
    "認知症総合支援事業",
    "生活支援体制整備事業",
    "介護予防・日常生活支援総合事業",
    "地域ケア会議推進事業",
    "一般介護予防事業",
    "重層的支援体制整備事業",
    "国民健康保険・保健事業",
    "地域包括支援センターの運営",
    "任意事業",
    "障害福祉の相談支援",
    "災害対策",
    "感染症対策",
)


class _WithFile(ServiceForm):
    """A form with one file, which goes to the service by itself."""

    FILE = ""

    def fields_of(self) -> dict[str, Any]:
        """As the service takes it, without the file."""
        return {name: value for name, value in self.cleaned_data.items() if name != self.FILE}

    def upload(self) -> tuple[bytes, str] | None:
        """The file with its name.

        Raises:
            ValidationError: too large.
        """
        file = self.cleaned_data[self.FILE]
        if not file:
            return None
        try:
            return read_upload(file), file.name or ""
        except ValidationError as error:
            raise ValidationError({self.FILE: error.messages}) from error


class ArrangementForm(_WithFile):
    """Who performs which items."""

    FILE = "outline"

    items = forms.MultipleChoiceField(
        label="項目", choices=Item.choices, widget=forms.CheckboxSelectMultiple
    )
    execution = forms.ChoiceField(
        label="実施のしかた",
        choices=Execution.choices,
        widget=forms.RadioSelect,
        help_text="「みなし実施」は、ほかの団体の取り組みを市町村の実施とみなすときです。",
    )
    partner = line_field(
        "受託者・相手の団体",
        200,
        help_text="台帳にある事業所は、台帳と同じ名前で書くとつながります。",
    )
    joint_with = line_field("共同する市町村", 300)
    first_day = day_field("契約・実施の始まり")
    last_day = day_field(
        "契約・実施の終わり", required=False, help_text="終わりを決めていなければ空けます。"
    )
    section = line_field("担当の課", 100)
    outline_on = day_field("実施要綱の日付", required=False)
    outline = forms.FileField(label="実施要綱のファイル", required=False)
    is_supported = forms.BooleanField(label="都道府県・保健所の支援を受けている", required=False)
    note = text_field("契約のメモ", limit=1000, rows=2)


def arrangement_initial(one: Arrangement) -> dict[str, Any]:
    """The form as the arrangement is."""
    return {name: getattr(one, name) for name in ArrangementForm.base_fields if name != "outline"}


class ReportForm(_WithFile):
    """A report that is due."""

    FILE = "file"

    name = line_field("報告の名前", 100, required=True, help_text="「第1四半期の実績報告」など")
    due_on = day_field("報告の期限")
    received_on = day_field("報告を受け取った日", required=False)
    file = forms.FileField(label="受け取った報告のファイル", required=False)


def report_initial(one: ReportDue) -> dict[str, Any]:
    """The form as the report is."""
    return {name: getattr(one, name) for name in ReportForm.base_fields if name != "file"}


class SisterForm(ServiceForm):
    """A related programme with its section."""

    name = line_field("関係する事業", 100, required=True, help_text="例：" + "、".join(SISTERS[:6]))
    section = line_field("担当の課", 100, required=True)
    phone = PhoneField(label="電話番号", max_length=20, required=False)
    note = line_field("連携すること", 500)


def sister_initial(one: SisterProgramme) -> dict[str, Any]:
    """The form as the programme is."""
    return {name: getattr(one, name) for name in SisterForm.base_fields}


class YearlyTaskForm(ServiceForm):
    """One entry of the year."""

    text = line_field("すること", 200, required=True)
    month = forms.TypedChoiceField(
        label="月", coerce=int, choices=[(one, f"{one}月") for one in MONTHS]
    )
    section = line_field("担当の課", 100)
    is_dropped = forms.BooleanField(label="この市町村では行わない", required=False)


class DueForm(forms.Form):
    """Which of what is due."""

    days = forms.ChoiceField(
        label="いつまで",
        choices=list(zip(HORIZONS, ("1か月のうち", "3か月のうち", "1年のうち"), strict=True)),
        required=False,
    )
    section = forms.ChoiceField(label="担当の課", required=False)

    def __init__(self, *args: Any, sections: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["section"]
        field.choices = [("", "すべての課"), *((one, one) for one in sections)]


class PublicityForm(ServiceForm):
    """One time somebody was told of some items."""

    items = forms.MultipleChoiceField(
        label="項目", choices=Item.choices, widget=forms.CheckboxSelectMultiple
    )
    what = line_field("知らせたこと", 200, required=True, help_text="「相談窓口のちらし」など")
    told_on = day_field("知らせた日")
    side = forms.ChoiceField(
        label="知らせた相手", choices=ToldSide.choices, widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(label="知らせた経路", choices=ToldBy.choices)
    sent = forms.IntegerField(
        label="知らせた数", required=False, min_value=0, max_value=10_000_000,
        help_text="送った事業所・人・世帯の数。分からなければ空けます。",
    )  # fmt: skip
    reached = forms.IntegerField(
        label="届いたと分かった数", required=False, min_value=0, max_value=10_000_000,
        help_text="返事・出席・受け取りの署名など、届いたと分かった数です。",
    )  # fmt: skip


def publicity_initial(one: Publicity) -> dict[str, Any]:
    """The form as the line is."""
    return {name: getattr(one, name) for name in PublicityForm.base_fields}
