"""Forms of a stay: what happened, when, and how one knows."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django import forms

from renkei.care.transitions import details
from renkei.care.transitions.details import Detail
from renkei.care.transitions.models import Channel, CoordinationCase, FactKind, Side
from renkei.care.transitions.rule_content import RuleContent
from renkei.care.transitions.values import CareManager, Hospital, NewFact, NewStay
from renkei.foundation.accounts.forms.fields import LineField, ServiceForm
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.eras import LAST_YEAR
from renkei.foundation.common.text import require_storable

OTHER: Final = "other"
# Nothing here happened before the oldest person was born.
FIRST_YEAR: Final = 1900
PROFESSIONS: Final = (
    "医師",
    "看護師",
    "薬剤師",
    "医療ソーシャルワーカー",
    "理学療法士",
    "介護支援専門員",
    "訪問看護師",
    "管理栄養士",
    "本人・家族",
)


def believable(value: date) -> None:
    """A day or moment that calculations around it survive; a browser offers the year 1 and 9999."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise forms.ValidationError("年を確かめて入力してください。")


def day_field(label: str, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        validators=[believable],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def time_field(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


def storable(text: str) -> None:
    """Free text of several lines without characters that get lost."""
    require_storable(text, multiline=True)


def only_with_other(form: forms.Form, *names: str) -> None:
    """Fields for what is not in the list: the style sheet shows them once 「ほか」 is chosen."""
    for name in names:
        form.fields[name].widget.attrs["data-when"] = OTHER


class MomentForm(ServiceForm):
    """Anything that happened at a time. A form sent twice by a nervous finger is kept once."""

    client_uid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    day = day_field("あった日")
    time = time_field("時刻")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        now = clock.now()
        initial = {
            "day": now.date(),
            "time": now.time().replace(second=0, microsecond=0),
            "client_uid": uuid.uuid4(),
        }
        kwargs["initial"] = initial | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)

    def moment(self) -> datetime:
        """Day and time as one instant."""
        day, time = self.cleaned_data["day"], self.cleaned_data["time"]
        return datetime.combine(day, time, tzinfo=TOKYO)

    def add_service_error(self, error: forms.ValidationError) -> None:
        """What the service says of the instant stands at its day."""
        if hasattr(error, "error_dict"):
            moved = {"at": "day"}
            error = forms.ValidationError(
                {moved.get(name, name): rows for name, rows in error.error_dict.items()}
            )
        super().add_service_error(error)


class FactForm(MomentForm):
    """One fact of one kind: its own fields come from ``details``."""

    def __init__(
        self,
        *args: Any,
        kind: FactKind,
        side: Side,
        content: bool,
        rule: RuleContent | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.side = kind, side
        usual = Side(details.USUAL_SIDE.get(kind, side))
        self.shown = [one for one in details.details_of(kind) if content or not one.content]
        for detail in self.shown:
            if detail.kind != "uid":
                self.fields[f"d_{detail.name}"] = _field(detail, rule)
        own = usual == side
        channels = [choice for choice in Channel.choices if own or choice[0] != Channel.SYSTEM]
        self.fields["channel"] = forms.ChoiceField(
            label="手段" if own else "どうやって知ったか",
            choices=channels,
            initial=Channel.SYSTEM if own and kind != FactKind.CONTACT else Channel.PHONE,
            widget=forms.RadioSelect,
        )
        self.fields["counterpart"] = LineField(
            label="相手" if own else "だれから聞いたか", max_length=100, required=False
        )
        for detail in self.shown:
            if detail.kind == "uid":
                # What a record points at stays with it when it is corrected.
                self.fields[f"d_{detail.name}"] = forms.UUIDField(
                    widget=forms.HiddenInput, required=False
                )
        # The few fields of the kind first: what is proposed already can stay as it is.
        order = [name for name in self.fields if name.startswith("d_")]
        self.order_fields([*order, "day", "time", "channel", "counterpart"])

    def fact(self, corrects: uuid.UUID | None = None) -> NewFact:
        """The fact as the service takes it."""
        values = self.cleaned_data
        detail = {
            one.name: values[f"d_{one.name}"] for one in self.shown if f"d_{one.name}" in values
        }
        if detail.get("planned_at"):
            detail["planned_at"] = detail["planned_at"].astimezone(TOKYO)
        return NewFact(
            kind=self.kind,
            at=self.moment(),
            channel=values["channel"],
            counterpart=values["counterpart"],
            detail=detail,
            corrects=corrects,
            client_uid=values["client_uid"],
        )

    def add_service_error(self, error: forms.ValidationError) -> None:
        """What the service says of a detail stands at its field."""
        if hasattr(error, "error_dict"):
            error = forms.ValidationError(
                {
                    f"d_{name}" if f"d_{name}" in self.fields else name: rows
                    for name, rows in error.error_dict.items()
                }
            )
        super().add_service_error(error)


def detail_initial(stored: Mapping[str, Any]) -> dict[str, Any]:
    """A stored detail as the form shows it."""
    return {f"d_{name}": value for name, value in stored.items()}


def _field(detail: Detail, rule: RuleContent | None) -> forms.Field:
    common: dict[str, Any] = {"label": detail.label, "required": detail.required}
    if detail.name == "criteria":
        rows = rule.criteria if rule else ()
        choices = [(row.text, row.text) for row in rows]
        return forms.MultipleChoiceField(
            **common, choices=choices, widget=forms.CheckboxSelectMultiple
        )
    if detail.name == "professions":
        choices = [(word, word) for word in PROFESSIONS]
        return forms.MultipleChoiceField(
            **common, choices=choices, widget=forms.CheckboxSelectMultiple
        )
    if detail.kind == "choice":
        found = list(_choices(detail))
        if rule and rule.leak_reasons and detail.name == "reason_code":
            found = [(reason.code, reason.text) for reason in rule.leak_reasons]
        return forms.ChoiceField(**common, choices=found, widget=forms.RadioSelect)
    return _PLAIN[detail.kind](**common)


def _choices(detail: Detail) -> Iterable[tuple[str, str]]:
    return (detail.choices or {}).items()


def _text(**common: Any) -> forms.Field:
    return forms.CharField(
        **common,
        max_length=details.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[storable],
    )


def _moment(**common: Any) -> forms.Field:
    return forms.DateTimeField(
        **common,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M"],
        validators=[believable],
    )


def _number(**common: Any) -> forms.Field:
    return forms.IntegerField(**common, min_value=1, max_value=500)


_PLAIN: Final = {
    "text": _text,
    "day": lambda **common: day_field(common["label"], required=common["required"]),
    "moment": _moment,
    "number": _number,
    "flag": lambda **common: forms.BooleanField(label=common["label"], required=False),
    "list": _text,
}


class StayForm(MomentForm):
    """入院した: where, when, and little else."""

    hospital = forms.ChoiceField(label="病院", widget=forms.RadioSelect)
    hospital_name = LineField(label="病院の名前（一覧にないとき）", max_length=200, required=False)
    hospital_phone = LineField(label="病院の電話番号", max_length=40, required=False)
    ward = LineField(label="病棟", max_length=60, required=False)
    way = forms.ChoiceField(
        label="入院のしかた",
        choices=list(details.WAYS.items()),
        widget=forms.RadioSelect,
        required=False,
    )
    note = forms.CharField(
        label="ひとこと",
        required=False,
        max_length=details.TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[storable],
    )

    def __init__(self, *args: Any, hospitals: Mapping[str, Hospital], **kwargs: Any) -> None:
        content = kwargs.pop("content", True)
        super().__init__(*args, **kwargs)
        self.hospitals = hospitals
        choices = [(key, place.name) for key, place in hospitals.items()]
        self.fields["hospital"].choices = [*choices, (OTHER, "ほかの病院（名前を入力）")]  # type: ignore[attr-defined]  # a choice field
        if not hospitals:
            self.fields["hospital"].initial = OTHER
        only_with_other(self, "hospital_name", "hospital_phone")
        self.fields["day"].label = "入院した日"
        if not content:
            del self.fields["note"]
        self.order_fields(["hospital", "hospital_name", "hospital_phone", "day", "time", "ward"])

    def place(self) -> Hospital:
        """The hospital chosen, or typed."""
        values = self.cleaned_data
        if values["hospital"] != OTHER:
            return self.hospitals[values["hospital"]]
        return Hospital(name=values["hospital_name"], phone=values["hospital_phone"])

    def stay(self) -> NewStay:
        """The stay as the service takes it."""
        values = self.cleaned_data
        return NewStay(
            hospital=self.place(),
            admitted_at=self.moment(),
            ward=values["ward"],
            way=values["way"],
            note=values.get("note", ""),
            client_uid=values["client_uid"],
        )


class TransferForm(StayForm):
    """転院した: to which hospital, when, and how one knows."""

    channel = forms.ChoiceField(
        label="どうやって知ったか",
        choices=Channel.choices,
        initial=Channel.PHONE,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = "転院した日"
        self.fields["hospital"].label = "次の病院"
        del self.fields["way"]


class PartiesForm(ServiceForm):
    """Who the two sides are, as far as they are not on the platform."""

    ward = LineField(label="病棟", max_length=60, required=False)
    hospital_person = LineField(label="病院の担当者", max_length=100, required=False)
    hospital_phone = LineField(label="病院の電話番号", max_length=40, required=False)
    hospital_fax = LineField(label="病院のFAX番号", max_length=40, required=False)
    care_office_name = LineField(label="ケアマネの事業所", max_length=200, required=False)
    care_person = LineField(label="ケアマネの氏名", max_length=100, required=False)
    care_phone = LineField(label="ケアマネの電話番号", max_length=40, required=False)
    care_fax = LineField(label="ケアマネのFAX番号", max_length=40, required=False)

    def hospital(self) -> Hospital:
        """The hospital's numbers; which hospital it is stays."""
        values = self.cleaned_data
        return Hospital(
            phone=values["hospital_phone"],
            fax=values["hospital_fax"],
            person=values["hospital_person"],
        )

    def manager(self, case: CoordinationCase) -> CareManager:
        """The care manager: still the one on the team, if the name stayed."""
        values = self.cleaned_data
        office: Organisation | None = case.care_office
        same_office = values["care_office_name"] == case.care_office_name
        same_person = values["care_person"] == case.care_person
        return CareManager(
            member=case.care_member if same_office and same_person else None,
            office=office if same_office else None,
            office_name=values["care_office_name"],
            person=values["care_person"],
            phone=values["care_phone"],
            fax=values["care_fax"],
        )


class RetractForm(ServiceForm):
    """Why a record is taken back."""

    reason = forms.CharField(
        label="取り消す理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        validators=[storable],
    )

    def __init__(self, *args: Any, content: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not content:
            del self.fields["reason"]
