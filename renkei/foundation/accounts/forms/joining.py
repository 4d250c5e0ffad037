"""Applying to join, deciding about it, devices, and the board of who has not joined."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from renkei.foundation.accounts.forms.fields import DayField, LineField, ServiceForm
from renkei.foundation.accounts.forms.policies import TextField
from renkei.foundation.accounts.models import NonUseReason
from renkei.foundation.accounts.queries_policies import areas_with_organisations
from renkei.foundation.areas.models import Area
from renkei.foundation.common.codes import check_care_office_number, check_institution_code
from renkei.foundation.common.phones import require_phone

# Those who meet a person at home; the rest goes to remarks.
PROFESSIONS = (
    "医師",
    "歯科医師",
    "薬剤師",
    "看護師",
    "介護支援専門員",
    "訪問介護員",
    "リハビリ職",
    "医療ソーシャルワーカー",
    "事務職",
    "そのほか",
)
MOST_PEOPLE = 999


class OfficeCodeField(LineField):
    """医療機関コード or 介護事業所番号 with its check digit; a free field may stay empty."""

    def clean(self, value: Any) -> str:
        """The stored form, or the sentence that offers the likely right one."""
        text: str = super().clean(value)
        if not text:
            return ""
        institution = check_institution_code(text, allow_fictional=True)
        if institution.valid:
            return institution.value
        office = check_care_office_number(text, allow_fictional=True)
        if not office.valid:
            # Special numbers without a fitting digit exist; their office writes it as a remark.
            raise ValidationError(office.message)
        return office.value


class PhoneField(LineField):
    """A telephone number in its stored form."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"type": "tel"})
        super().__init__(max_length=40, widget=widget, **options)

    def clean(self, value: Any) -> str:
        """The number as it is shown."""
        text: str = super().clean(value)
        return require_phone(text) if text else ""


def _number(
    label: str, *, required: bool = False, initial: int | None = None
) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=required,
        initial=initial,
        min_value=0,
        max_value=MOST_PEOPLE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "人数や台数は、数字で入力してください。"},
    )


class JoiningForm(ServiceForm):
    """What a facility says when it applies."""

    name = LineField(label="施設・事業所の名前", max_length=200)
    office_code = OfficeCodeField(
        label="事業所番号または医療機関コード",
        max_length=20,
        required=False,
        help_text="10桁です。番号のない施設は空のままにしてください。",
    )
    address = LineField(label="所在地", max_length=200)
    phone = PhoneField(label="電話番号")
    fax = PhoneField(label="FAX番号", required=False)
    contact_name = LineField(
        label="連絡を受ける人の氏名",
        max_length=100,
        help_text="承認されると、この人が施設の管理者になります。",
    )
    contact_email = forms.EmailField(
        label="メールアドレス", help_text="承認の案内を送ります。施設の人だけが読めるアドレス。"
    )
    device_count = _number("使いたい端末の数（台）", required=True, initial=1)
    remarks = TextField(
        label="そのほか伝えたいこと",
        required=False,
        max_length=1000,
        help_text="療養している方の個人情報は書かないでください。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for at, profession in enumerate(PROFESSIONS):
            self.fields[f"people_{at}"] = _number(f"{profession}（人）")
        self.order_fields(
            [
                *("name", "office_code", "address", "phone", "fax"),
                *("contact_name", "contact_email"),
                *(f"people_{at}" for at in range(len(PROFESSIONS))),
                *("device_count", "remarks"),
            ]
        )

    def clean(self) -> dict[str, Any]:
        """At least one person wants to use it."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not self.wished_users(data):
            self.add_error("people_0", ValidationError("使いたい人数を、1つ以上入力してください。"))
        return data

    @staticmethod
    def wished_users(data: dict[str, Any]) -> dict[str, int]:
        """People by profession, without those nobody wants."""
        counts = {
            profession: data.get(f"people_{at}") or 0 for at, profession in enumerate(PROFESSIONS)
        }
        return {profession: count for profession, count in counts.items() if count}

    def facts(self) -> dict[str, Any]:
        """What ``apply_to_join`` takes."""
        data = self.cleaned_data
        plain = {name: value for name, value in data.items() if not name.startswith("people_")}
        return {**plain, "wished_users": self.wished_users(data)}


class ReceiptForm(ServiceForm):
    """Asking how far an application is."""

    receipt_number = LineField(label="受付番号", max_length=20)
    email = forms.EmailField(label="申込みのときのメールアドレス")


class AnswerForm(ServiceForm):
    """The facility's answer to what the 事務局 asked."""

    text = TextField(label="返事", max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))


class DecisionForm(ServiceForm):
    """Approve, ask back or refuse; the last two with words the facility reads."""

    APPROVE, ASK, REFUSE = "approve", "ask", "refuse"
    act = forms.ChoiceField(
        label="どうするか",
        choices=[
            (APPROVE, "承認する（組織を作り、管理者に案内を送る）"),
            (ASK, "施設に確認する"),
            (REFUSE, "お断りする"),
        ],
        widget=forms.RadioSelect,
    )
    area: forms.ModelChoiceField[Area] = forms.ModelChoiceField(
        label="組織の圏域",
        queryset=None,
        required=False,
        empty_label="決めない",
        help_text="承認するときだけ使います。",
    )
    text = TextField(
        label="確認したいこと・お断りの理由",
        required=False,
        max_length=1000,
        help_text="施設が受付番号のページで読みます。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas_with_organisations()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Who asks or refuses says what or why."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("act") in {self.ASK, self.REFUSE} and not data.get("text"):
            self.add_error("text", "確認したいことか、お断りの理由を入力してください。")
        return data


class DeviceForm(ServiceForm):
    """A device to be registered."""

    label = LineField(
        label="端末の名前", max_length=100, help_text="たとえば「訪問用スマートフォン 2」。"
    )


class DeviceCodeForm(ServiceForm):
    """Typed on the device itself."""

    code = forms.CharField(
        label="端末のコード",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    own = forms.BooleanField(
        label="わたしだけが持ち歩く端末です",
        required=False,
        help_text="印を付けると、わたしのサインインが止められたときに、この端末も止まります。",
    )


class OutsideOfficeForm(ServiceForm):
    """One line of the board of who has not joined."""

    name = LineField(label="施設・事業所の名前", max_length=200)
    office_code = OfficeCodeField(
        label="事業所番号または医療機関コード", max_length=20, required=False
    )
    profession = LineField(label="主な職種", max_length=60, required=False)
    area: forms.ModelChoiceField[Area] = forms.ModelChoiceField(
        label="圏域", queryset=None, required=False, empty_label="決めない"
    )
    phone = PhoneField(label="電話番号", required=False)
    reasons = forms.MultipleChoiceField(
        label="参加していない理由（いくつでも）",
        choices=NonUseReason.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    tool = LineField(
        label="使っている仕組み",
        max_length=100,
        required=False,
        help_text="たとえば、MCS、電話とFAXだけ。",
    )
    last_contact_on = DayField(label="最後に連絡した日", required=False)
    remarks = TextField(
        label="連絡の記録",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas_with_organisations()  # type: ignore[attr-defined]
