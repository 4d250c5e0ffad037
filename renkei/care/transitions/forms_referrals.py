"""Forms of referrals: what to ask, of whom; and what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms

from renkei.care.patients.models import Consent, ConsentMethod, ContentClass
from renkei.care.transitions.forms import day_field, only_with_other, storable
from renkei.care.transitions.models import (
    Channel,
    Referral,
    ReferralAct,
    ReferralKind,
    ReferralService,
)
from renkei.care.transitions.referral_states import NEEDS_REASON, REASONS
from renkei.care.transitions.referral_values import NewAct, NewReferral, Receiver
from renkei.foundation.accounts.forms.fields import LineField, ServiceForm
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.phones import require_phone
from renkei.foundation.sheets.models import Answer

OUTSIDE: Final = "outside"
OUTSIDE_FIELDS: Final = ("outside_name", "outside_person", "outside_phone", "outside_fax")
DAYS: Final = (3, 7, 14, 30)
USUAL_DAYS: Final = 7
NO_NAME: Final = "療養者や家族の氏名は書かないでください。相手が引き受けたあとに見えます。"
TOLD: Final = (Channel.PHONE, Channel.FAX, Channel.PAPER, Channel.MEETING)


def end_of_day(days: int) -> datetime:
    """The end of the day so many days from now: whoever is asked has whole days."""
    day = clock.today() + timedelta(days=days)
    return datetime.combine(day, time(23, 59), tzinfo=TOKYO)


class ReferralForm(ServiceForm):
    """What is proposed can stay as it is: choose the office and what to do, and send."""

    client_uid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    office = forms.ChoiceField(label="送り先", widget=forms.RadioSelect)
    outside_name = LineField(label="送り先の名称", max_length=200, required=False)
    outside_person = LineField(label="送り先の部署・担当者", max_length=100, required=False)
    outside_phone = LineField(label="送り先の電話番号", max_length=40, required=False)
    outside_fax = LineField(label="送り先のFAX番号", max_length=40, required=False)
    service = forms.ChoiceField(
        label="頼むこと", choices=[("", "選んでください"), *ReferralService.choices]
    )
    kind = forms.ChoiceField(
        label="種類",
        choices=ReferralKind.choices,
        initial=ReferralKind.REFERRAL,
        widget=forms.RadioSelect,
        help_text="引き継ぎでは、相手が引き受けたときに、あなたの受け持ちが相手に移ります。",
    )
    words = forms.CharField(
        label="頼みたい内容",
        max_length=600,
        required=False,
        validators=[storable],
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=NO_NAME,
    )
    wanted_on = day_field("始めてほしい日", required=False)
    days = forms.TypedChoiceField(
        label="返事の期限",
        coerce=int,
        choices=[(each, f"{each}日後まで") for each in DAYS],
        initial=USUAL_DAYS,
    )
    content_classes = forms.MultipleChoiceField(
        label="引き受けたあとに渡す範囲",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="本人の同意にある範囲だけを選べます。基本情報は必ず渡ります。",
    )
    answers = forms.MultipleChoiceField(
        label="いっしょに渡す書類", required=False, widget=forms.CheckboxSelectMultiple
    )
    asked_on = day_field("この紹介を本人（代理の人）に確かめた日")
    asked_by_way = forms.ChoiceField(
        label="確かめた方法", choices=ConsentMethod.choices, initial=ConsentMethod.ORAL
    )

    def __init__(
        self,
        *args: Any,
        offices: Sequence[Organisation],
        answers: Sequence[Answer],
        consent: Consent,
        content: Collection[str],
        **kwargs: Any,
    ) -> None:
        """``content``: what the sender was let in to, of which the consent lets some go."""
        passed = [
            each
            for each in ContentClass
            if each.value in consent.content_classes and each in content
        ]
        kwargs["initial"] = {
            "client_uid": uuid.uuid4(),
            "asked_on": clock.today(),
            "content_classes": [each.value for each in passed if each != ContentClass.BASIC],
            "office": str(offices[0].uid) if len(offices) == 1 else None,
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.offices = {str(one.uid): one for one in offices}
        rows = [(uid, one.name) for uid, one in self.offices.items()]
        if consent.whole_team:
            rows.append((OUTSIDE, "連携を使っていない相手（FAX・電話で頼む）"))
        _choose(self, "office", rows)
        _choose(
            self,
            "content_classes",
            [(one.value, one.label) for one in passed if one != ContentClass.BASIC],
        )
        labels = [
            (
                str(one.uid),
                f"{one.version.form.name}（{one.answered_at.astimezone(TOKYO):%Y-%m-%d}に記入）",
            )
            for one in answers
        ]
        _choose(self, "answers", labels)
        if not labels:
            del self.fields["answers"]
        if not consent.whole_team:
            for name in OUTSIDE_FIELDS:
                del self.fields[name]
        else:
            only_with_other(self, *OUTSIDE_FIELDS)

    def clean(self) -> dict[str, Any]:
        """Somebody outside needs a name, and a number one can reach them by."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("office") == OUTSIDE:
            if not data.get("outside_name"):
                self.add_error("outside_name", "送り先の名称を入力してください。")
            if not data.get("outside_phone") and not data.get("outside_fax"):
                self.add_error("outside_phone", "電話番号かFAX番号を入力してください。")
        for name in ("outside_phone", "outside_fax"):
            if data.get(name):
                try:
                    data[name] = require_phone(data[name])
                except forms.ValidationError as error:
                    self.add_error(name, error)
        return data

    def referral(self) -> NewReferral:
        """The valid values."""
        data = self.cleaned_data
        receiver = Receiver(organisation=self.offices.get(data["office"]))
        if data["office"] == OUTSIDE:
            receiver = Receiver(
                name=data["outside_name"],
                person=data["outside_person"],
                phone=data["outside_phone"],
                fax=data["outside_fax"],
            )
        return NewReferral(
            receiver=receiver,
            service=data["service"],
            kind=data["kind"],
            words=data["words"],
            wanted_on=data["wanted_on"],
            expires_at=end_of_day(data["days"]),
            content_classes=tuple(data["content_classes"]),
            answers=tuple(UUID(each) for each in data.get("answers", ())),
            asked_on=data["asked_on"],
            asked_by_way=data["asked_by_way"],
            client_uid=data["client_uid"],
        )


def _choose(form: forms.Form, name: str, rows: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared so
    field.choices = list(rows)


class ActForm(ServiceForm):
    """What happened to a referral: as much as this act needs."""

    def __init__(self, *args: Any, act: ReferralAct, told: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.act = act
        if act == ReferralAct.REJECTED:
            self.fields["reason_code"] = forms.ChoiceField(
                label="理由", choices=list(REASONS.items()), widget=forms.RadioSelect
            )
        if act in {*NEEDS_REASON, ReferralAct.ENDED}:
            optional = act in {ReferralAct.REJECTED, ReferralAct.ENDED}
            self.fields["reason"] = LineField(
                label="ひとこと" if optional else "理由",
                max_length=300,
                required=not optional,
                help_text="療養者や家族の氏名は書かないでください。",
            )
        if act == ReferralAct.STARTED:
            self.fields["on"] = day_field("初回の日")
            self.fields["on"].initial = clock.today()
        if act == ReferralAct.EXTENDED:
            self.fields["days"] = forms.TypedChoiceField(
                label="新しい期限",
                coerce=int,
                choices=[(each, f"今日から{each}日後まで") for each in DAYS],
                initial=USUAL_DAYS,
            )
        if told:
            rows = [(each.value, str(each.label)) for each in TOLD]
            self.fields["channel"] = forms.ChoiceField(
                label="どうやって聞いたか",
                choices=rows,
                initial=Channel.PHONE,
                widget=forms.RadioSelect,
            )
            self.fields["counterpart"] = LineField(
                label="だれから聞いたか", max_length=100, required=False
            )

    def clean_on(self) -> Any:
        """A first visit has been."""
        day = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError("きょうまでの日を入力してください。")
        return day

    def new_act(self) -> NewAct:
        """The valid values."""
        data = self.cleaned_data
        detail: dict[str, str] = {}
        if "on" in data:
            detail["on"] = data["on"].isoformat()
        if "days" in data:
            detail["until"] = end_of_day(data["days"]).isoformat()
        return NewAct(
            act=self.act,
            channel=data.get("channel", Channel.SYSTEM),
            counterpart=data.get("counterpart", ""),
            reason_code=data.get("reason_code", ""),
            reason=data.get("reason", ""),
            detail=detail,
        )


class FaxForm(ServiceForm):
    """Where the FAX goes. The cover never names the person."""

    fax = LineField(label="送り先のFAX番号", max_length=40)
    own_fax = LineField(label="返事を受けるFAX番号（自分の事業所）", max_length=40)
    notes = forms.CharField(
        label="送付状に書くこと",
        required=False,
        max_length=300,
        validators=[storable],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="療養者の氏名は書かないでください。氏名は2枚目から出ます。",
    )

    def __init__(self, *args: Any, referral: Referral, own_fax: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"fax": referral.receiver_fax, "own_fax": own_fax}
        super().__init__(*args, **kwargs)

    def clean_fax(self) -> str:
        """A number that can be dialled: a wrong digit sends a person's story to a stranger."""
        return require_phone(self.cleaned_data["fax"])

    def clean_own_fax(self) -> str:
        """So does the answer's."""
        return require_phone(self.cleaned_data["own_fax"])
