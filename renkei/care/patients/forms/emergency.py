"""Forms of the emergency profile, wishes, cards and 緊急閲覧."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from renkei.care.patients.models import (
    BreakGlassReason,
    BreakGlassVerdict,
    DoctorConfirmation,
    EmergencyCategory,
    EmergencyProfile,
    Presence,
)
from renkei.care.patients.queries_emergency import PRESENCE_FIELD, Section
from renkei.care.patients.services.emergency import Written
from renkei.foundation.accounts.forms.fields import DayField, LineField, ServiceForm
from renkei.foundation.common.text import require_storable

MOST_LINES: Final = 30
SEPARATOR: Final = "／"
LINES_HINT: Final = "1行に1つ、大事な順に。補足は「／」のあとに書きます。"
FLAGS: Final = ("on_ventilator", "on_oxygen", "on_dialysis")
FACTS: Final = (
    *PRESENCE_FIELD.values(),
    *FLAGS,
    "blood_type",
    "key_place",
    "usual_state",
)


class ItemsField(forms.CharField):
    """Items of one category, one a line, with an optional detail after 「／」."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> Any:
        """The lines as they were meant; empty lines are no items."""
        text = super().to_python(value) or ""
        lines = [line.strip() for line in str(text).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(f"{MOST_LINES}行までにしてください。")
        written = []
        for number, line in enumerate(lines, start=1):
            require_storable(line)
            name, _, detail = line.partition(SEPARATOR)
            name, detail = name.strip(), detail.strip()
            if not name:
                raise ValidationError(f"{number}行目の「／」の前に内容を入力してください。")
            if len(name) > 120 or len(detail) > 200:  # noqa: PLR2004 - the widths of the columns
                raise ValidationError(
                    f"{number}行目が長すぎます。内容は120文字、補足は200文字までにしてください。"
                )
            written.append(Written(name, detail))
        return written

    def prepare_value(self, value: Any) -> Any:
        """Shown one a line."""
        if not isinstance(value, (list, tuple)):
            return value
        return "\n".join(
            f"{one.text}{SEPARATOR}{one.detail}" if one.detail else one.text for one in value
        )


class TextField(forms.CharField):
    """Several lines without private-use or control characters."""

    widget = forms.Textarea(attrs={"rows": 4})

    def validate(self, value: str) -> None:
        """Refuse what cannot be stored, with its place."""
        super().validate(value)
        require_storable(value, multiline=True)


class EmergencyProfileForm(ServiceForm):
    """The whole profile: for each category whether there is any, and which."""

    key_place = LineField(label="鍵・入り方", max_length=200, required=False)
    usual_state = LineField(
        label="普段の状態",
        max_length=300,
        required=False,
        help_text="歩けるか、話せるか、ふだんの血圧や酸素の値など。",
    )
    blood_type = LineField(label="血液型", max_length=10, required=False)
    on_ventilator = forms.BooleanField(label="人工呼吸器を使っている", required=False)
    on_oxygen = forms.BooleanField(label="在宅酸素を使っている", required=False)
    on_dialysis = forms.BooleanField(label="透析を受けている", required=False)
    confirmed = forms.BooleanField(
        label="全体をきょう確かめた",
        required=False,
        help_text="本人・家族・薬や機器と照らし合わせたときに印を付けます。救急の画面に確認日が出ます。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for category, field in PRESENCE_FIELD.items():
            self.fields[field] = forms.ChoiceField(
                label=f"{category.label}の有無",
                choices=Presence.choices,
                widget=forms.RadioSelect,
            )
            self.fields[category.value] = ItemsField(
                label=f"{category.label}の内容", required=False, help_text=LINES_HINT
            )
        first = [name for pair in PRESENCE_FIELD.items() for name in (pair[1], pair[0].value)]
        self.order_fields([*first, *FLAGS, "usual_state", "key_place", "blood_type", "confirmed"])

    @staticmethod
    def initial_of(
        profile: EmergencyProfile, sections: dict[EmergencyCategory, Section]
    ) -> dict[str, Any]:
        """The profile as the form shows it; 「確かめた」 starts empty each time."""
        values: dict[str, Any] = {name: getattr(profile, name) for name in FACTS}
        for category, section in sections.items():
            values[category.value] = [Written(one.text, one.detail) for one in section.items]
        return values

    def facts(self) -> dict[str, object]:
        """The profile's own fields."""
        return {name: self.cleaned_data[name] for name in FACTS}

    def items(self) -> dict[EmergencyCategory, list[Written]]:
        """The lines of each category."""
        return {category: self.cleaned_data[category.value] or [] for category in PRESENCE_FIELD}


class WishForm(ServiceForm):
    """One talk. Nothing is chosen beforehand (T-G1c)."""

    talked_on = DayField(label="話した日")
    participants = LineField(label="話した人", max_length=200)
    spoken_by = LineField(
        label="意思を示した人",
        max_length=60,
        required=False,
        help_text="「本人」、または「家族による推定」など。",
    )
    text = TextField(
        label="話したこと",
        max_length=4000,
        help_text="本人のことばのまま書きます。「いまは考えたくない」も大切な答えです。",
    )
    emergency_summary = LineField(
        label="救急の画面に出す文",
        max_length=120,
        required=False,
        help_text="救急隊に伝えたいことを1文で。空のときは出ません。指示ではなく、意思の記録として出ます。",
    )
    doctor_confirmation = forms.ChoiceField(
        label="医師の確認", choices=DoctorConfirmation.choices, widget=forms.RadioSelect
    )
    doctor_name = LineField(label="確認した医師", max_length=100, required=False)
    doctor_confirmed_on = DayField(label="医師の確認日", required=False)
    review_on = DayField(label="見直す日", required=False)
    paper_name = LineField(
        label="紙の名称", max_length=60, required=False, help_text="わたしの人生ファイルなど。"
    )
    paper_edition = LineField(label="紙の版", max_length=40, required=False)
    paper_place = LineField(label="紙の保管場所", max_length=120, required=False)
    is_shared = forms.BooleanField(
        label="この記録をチームに共有する",
        required=False,
        help_text="印を付けるまで、書いた人と本人だけが読めます。あとから共有することもできます。",
    )


class WishConfirmForm(ServiceForm):
    """A doctor's confirmation, added later."""

    doctor_name = LineField(label="確認した医師", max_length=100)
    doctor_confirmed_on = DayField(label="医師の確認日")


class CardForm(forms.Form):
    """Code and PIN of a card."""

    code = forms.CharField(
        label="カードのコード",
        max_length=40,
        help_text="QRコードの下の16文字です。大文字と小文字、ハイフンの有無は区別しません。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    pin = forms.CharField(
        label="PIN（6桁）",
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class PinForm(forms.Form):
    """The PIN alone: the code came with the QR code."""

    pin = forms.CharField(
        label="PIN（6桁）",
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class BreakGlassForm(ServiceForm):
    """One person by exact name and birth date, and why. There is no search here (T-P3)."""

    name = LineField(
        label="氏名（全部）",
        max_length=100,
        help_text="漢字かフリガナで、姓と名の全部を入力します。",
    )
    birth_on = DayField(label="生年月日", help_text="たとえば、昭和11年5月3日。")
    reason_code = forms.ChoiceField(
        label="理由の種類", choices=BreakGlassReason.choices, widget=forms.RadioSelect
    )
    reason = LineField(
        label="理由", max_length=300, help_text="いまの状況を短く書きます。人の名前は書きません。"
    )


class ReviewForm(ServiceForm):
    """The officer's word on one use."""

    verdict = forms.ChoiceField(
        label="確認の結果", choices=BreakGlassVerdict.choices, widget=forms.RadioSelect
    )
    note = LineField(label="確認の内容", max_length=300, required=False)
    patient_told_on = DayField(label="本人に知らせた日", required=False)


class PeriodForm(forms.Form):
    """From when until when."""

    hide_need = True

    since = DayField(label="いつから", required=False, help_text="たとえば、令和8年11月1日。")
    until = DayField(label="いつまで", required=False)

    def clean(self) -> dict[str, Any]:
        """The period must not run backwards."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "いつまでには、いつから以降の日付を入力してください。")
        return data
