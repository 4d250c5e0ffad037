"""Forms of councils and meetings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django import forms

from renkei.foundation.accounts.models import Organisation, User
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Agreement
from renkei.foundation.common.clock import TOKYO
from renkei.programme.planning.forms import (
    PhoneField,
    ServiceForm,
    day_field,
    line_field,
    text_field,
    time_field,
)
from renkei.programme.planning.frames import Item, Scene
from renkei.programme.planning.models import (
    ActionState,
    AgendaItem,
    AgendaKind,
    Answer,
    AnswerWay,
    Attendance,
    Audience,
    Council,
    CouncilKind,
    CouncilMember,
    Meeting,
    MeetingMode,
    MinutesLine,
    Outcome,
    Position,
    Seat,
    WithholdingRate,
)
from renkei.programme.planning.queries.councils import (
    accounts_for,
    agreements_for,
    offices_for,
    parents_for,
)
from renkei.programme.planning.services.fees import Pay

LONGEST_MEETING: Final = 480
MOST_YEN: Final = 1_000_000


class CouncilForm(ServiceForm):
    """What a council is and how it works."""

    name = line_field("会議体の名称", 120, required=True)
    kind = forms.ChoiceField(
        label="会議体の種類", choices=CouncilKind.choices, widget=forms.RadioSelect
    )
    is_substitute = forms.BooleanField(
        label="この地域ケア会議を、協議会に代えて開く",
        required=False,
        help_text="目的を満たす地域ケア会議だけが、協議会に代えられます。",
    )
    parent = forms.ModelChoiceField(
        Council.objects.none(),
        label="上の会議体",
        required=False,
        empty_label="なし（いちばん上）",
        help_text="部会は、上の協議会を選びます。圏域は上の会議体と同じになります。",
    )
    agreement = forms.ModelChoiceField(
        Agreement.objects.none(),
        label="いくつかの市町村で開くときの協定",
        required=False,
        empty_label="なし（わたしたちの圏域だけ）",
    )
    office = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="事務局",
        empty_label=None,
        help_text="事務は委託できます。議題は市町村が決めます。",
    )
    legal_basis = line_field("設置の根拠", 200, help_text="設置要綱の名前など")
    purpose = text_field("会議体の目的", limit=2000)
    items = forms.MultipleChoiceField(
        label="かかわる項目",
        choices=Item.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    scenes = forms.MultipleChoiceField(
        label="かかわる場面",
        choices=Scene.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    work = text_field("実施内容", limit=2000, help_text="部会の一覧の表に載ります。")
    state_text = text_field("状況", limit=2000, help_text="部会の一覧の表に載ります。")
    sender_name = line_field("通知の差出人", 100, help_text="空けると課の名前になります。")
    contact_person = line_field("会議の担当者", 100)
    phone = PhoneField(label="電話番号", max_length=40, required=False)
    fax = PhoneField(label="FAX番号", max_length=40, required=False)
    email = forms.EmailField(label="メールアドレス", required=False)
    quorum_percent = forms.IntegerField(
        label="定足数（委員の何％）", min_value=0, max_value=100, initial=50
    )
    fee_yen = forms.IntegerField(
        label="1回の報償費（円）", min_value=0, max_value=MOST_YEN, initial=0
    )
    withholding_code = forms.ChoiceField(label="源泉徴収の率", required=False)
    ended_on = day_field("終わった日", required=False, help_text="続いている会議体は空けます。")

    def __init__(
        self, *args: Any, viewer: Viewer, rates: Sequence[WithholdingRate], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = dict(self.fields)
        fields["parent"].queryset = parents_for(viewer)
        fields["agreement"].queryset = agreements_for(viewer)
        fields["office"].queryset = offices_for(viewer)
        fields["office"].initial = viewer.organisation_id
        fields["withholding_code"].choices = [
            ("", "決めていない"),
            *((one.code, f"{one}{'' if one.is_confirmed else '（未確認）'}") for one in rates),
        ]


COUNCIL_FIELDS: Final = tuple(CouncilForm.base_fields)


def council_initial(council: Council) -> dict[str, Any]:
    """The form as the council is."""
    return {name: getattr(council, name) for name in COUNCIL_FIELDS}


class MemberForm(ServiceForm):
    """One row of the roster."""

    name = line_field("氏名", 100, required=True)
    kana = line_field("フリガナ", 100)
    profession = line_field("職種", 60, required=True, help_text="医師、介護支援専門員など")
    organisation_name = line_field("所属", 200, required=True)
    title = line_field("職名", 100)
    position = forms.ChoiceField(
        label="会議での役",
        choices=Position.choices,
        initial=Position.MEMBER,
        widget=forms.RadioSelect,
    )
    first_day = day_field("任期の始まり")
    last_day = day_field(
        "任期の終わり", required=False, help_text="この日まで委員です。次の日からは招きません。"
    )
    user = forms.ModelChoiceField(
        User.objects.none(),
        label="連携の利用者",
        required=False,
        empty_label="利用者ではない（紙・FAX・電話で答える）",
    )
    fax = PhoneField(label="FAX番号", max_length=40, required=False)
    email = forms.EmailField(label="メールアドレス", required=False)
    is_paid = forms.BooleanField(
        label="報償費を払う",
        required=False,
        initial=True,
        help_text="公務員など、払わない人は外します。",
    )
    note = line_field("委員の備考", 200, help_text="推薦した団体など")

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["user"]
        field.queryset = accounts_for(viewer)

    def split(self) -> dict[str, Any]:
        """As the service takes it."""
        values = dict(self.cleaned_data)
        term = {name: values.pop(name) for name in ("first_day", "last_day")}
        return {"fields": values, **term}


def member_initial(member: CouncilMember) -> dict[str, Any]:
    """The form as the row is."""
    names = set(MemberForm.base_fields) - {"first_day", "last_day"}
    return {name: getattr(member, name) for name in names} | {
        "first_day": member.term.lower,
        "last_day": member.last_day,
    }


class MeetingForm(ServiceForm):
    """When, where and how."""

    day = day_field("日")
    time = time_field("始まる時刻")
    minutes = forms.IntegerField(
        label="時間（分）", min_value=10, max_value=LONGEST_MEETING, initial=90
    )
    mode = forms.ChoiceField(
        label="開き方",
        choices=MeetingMode.choices,
        initial=MeetingMode.ROOM,
        widget=forms.RadioSelect,
    )
    place = line_field("会場", 200, help_text="Web会議の入り方は、ここに書かず別に知らせます。")
    audience = forms.ChoiceField(
        label="会議の公開",
        choices=Audience.choices,
        initial=Audience.PUBLIC,
        widget=forms.RadioSelect,
    )
    closed_reason = line_field("公開しない理由", 200, help_text="非公開のときは書いてください。")
    reply_by = day_field("出欠の返事の期限", required=False)

    def values(self) -> dict[str, Any]:
        """As the service takes it."""
        values = dict(self.cleaned_data)
        day, time = values.pop("day"), values.pop("time")
        values["begins_at"] = datetime.combine(day, time, tzinfo=TOKYO)
        return values

    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or {}
        return _closed_needs_reason(self, values)


def _closed_needs_reason(form: forms.Form, values: dict[str, Any]) -> dict[str, Any]:
    if values.get("audience") == Audience.PUBLIC:
        values["closed_reason"] = ""
    elif values.get("audience") and not values.get("closed_reason"):
        form.add_error("closed_reason", "公開しない理由を入力してください。")
    return values


def meeting_initial(meeting: Meeting) -> dict[str, Any]:
    """The form as the meeting is."""
    local = meeting.begins_at.astimezone(TOKYO)
    names = ("minutes", "mode", "place", "audience", "closed_reason", "reply_by")
    return {name: getattr(meeting, name) for name in names} | {
        "day": local.date(),
        "time": local.time(),
    }


class CallForm(ServiceForm):
    """開催通知."""

    document_number = line_field("文書番号", 60)
    call_on = day_field("通知の日付")
    reply_by = day_field("出欠の返事の期限", required=False)
    call_note = text_field("通知に添える文", limit=1000, help_text="駐車場、持ち物など")


class ReasonForm(ServiceForm):
    reason = line_field("中止の理由", 200, required=True)


class ItemForm(ServiceForm):
    """One item of the 次第."""

    kind = forms.ChoiceField(
        label="議題の種類",
        choices=AgendaKind.choices,
        initial=AgendaKind.DISCUSSION,
        widget=forms.RadioSelect,
    )
    title = line_field("議題", 200, required=True)
    presenter = line_field("説明する人", 100)
    planned_minutes = forms.IntegerField(
        label="予定の時間（分）", min_value=1, max_value=LONGEST_MEETING, required=False
    )
    text = text_field("議題の説明", limit=4000)
    audience = forms.ChoiceField(
        label="公開",
        choices=Audience.choices,
        initial=Audience.PUBLIC,
        widget=forms.RadioSelect,
        help_text="非公開の議題は、資料も議事も、公開用の文書に載りません。",
    )
    closed_reason = line_field("公開しない理由", 200, help_text="非公開のときは書いてください。")
    continues = forms.ModelChoiceField(
        MinutesLine.objects.none(),
        label="前の会議の継続",
        required=False,
        empty_label="なし",
    )

    def __init__(self, *args: Any, open_lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["continues"]
        field.queryset = open_lines

    def clean(self) -> dict[str, Any] | None:
        return _closed_needs_reason(self, super().clean() or {})


def item_initial(item: AgendaItem) -> dict[str, Any]:
    """The form as the item is."""
    return {name: getattr(item, name) for name in ItemForm.base_fields}


class MaterialForm(ServiceForm):
    """One paper."""

    number = line_field("資料番号", 20, required=True, help_text="資料1、資料1-2、当日資料など")
    title = line_field("資料の名前", 200, required=True)
    item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label="議題", required=False, empty_label="全体の資料"
    )
    file = forms.FileField(label="ファイル", required=False)
    audience = forms.ChoiceField(
        label="公開",
        choices=Audience.choices,
        initial=Audience.PUBLIC,
        widget=forms.RadioSelect,
        help_text="非公開の議題の資料は、公開を選んでも公開されません。",
    )
    handed_out_on_the_day = forms.BooleanField(label="当日に配る", required=False)

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["item"]
        field.queryset = items


class AnswerForm(ServiceForm):
    """Who comes; a clerk also says how it was heard."""

    answer = forms.ChoiceField(label="出欠の返事", widget=forms.RadioSelect)
    proxy_name = line_field("代理の人", 100, help_text="代理が出席するときは書いてください。")
    remark = line_field("事務局への連絡", 300)
    way = forms.ChoiceField(
        label="返事のしかた",
        choices=[one for one in AnswerWay.choices if one[0] != AnswerWay.ACCOUNT],
        initial=AnswerWay.PHONE,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, seat: Seat, own: bool, mode: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with_web = mode in (MeetingMode.WEB, MeetingMode.BOTH)
        field: Any = self.fields["answer"]
        field.choices = [
            one
            for one in Answer.choices
            if one[0] != Answer.WAITING and (with_web or one[0] != Answer.COMES_BY_WEB)
        ]
        if seat.reply_file is not None:
            self.fields["way"].initial = AnswerWay.PAPER
        if own:
            del self.fields["way"]


class AttendanceForm(ServiceForm):
    """Who was there: a choice for each seat, the answer given before as a proposal."""

    guest_count = forms.IntegerField(
        label="傍聴した人の数", min_value=0, max_value=9999, required=False
    )

    def __init__(self, *args: Any, seats: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = seats
        for seat in seats:
            who = f"{seat.name}（{seat.organisation_name}）"
            self.fields[f"seat{seat.pk}"] = forms.ChoiceField(
                label=who,
                choices=[one for one in Attendance.choices if one[0] != Attendance.UNKNOWN],
                initial=_proposed(seat),
                widget=forms.Select,
            )
            self.fields[f"proxy{seat.pk}"] = line_field(f"{seat.name}さんの代理の人", 100)
            self.fields[f"proxy{seat.pk}"].initial = seat.proxy_name
        self.order_fields([name for name in self.fields if name != "guest_count"])

    def came(self) -> dict[int, Attendance]:
        """By seat."""
        return {one.pk: Attendance(self.cleaned_data[f"seat{one.pk}"]) for one in self.seats}

    def proxies(self) -> dict[int, str]:
        """By seat."""
        return {one.pk: self.cleaned_data[f"proxy{one.pk}"] for one in self.seats}


_BY_ANSWER: Final[Mapping[str, Attendance]] = {
    Answer.COMES: Attendance.CAME,
    Answer.COMES_BY_WEB: Attendance.CAME_BY_WEB,
    Answer.PROXY: Attendance.PROXY,
}


def _proposed(seat: Seat) -> str:
    if seat.attendance != Attendance.UNKNOWN:
        return seat.attendance
    return _BY_ANSWER.get(seat.answer, Attendance.ABSENT)


class LineForm(ServiceForm):
    """One line of the minutes."""

    item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label="議題", required=False, empty_label="そのほか"
    )
    outcome = forms.ChoiceField(
        label="議事の結果",
        choices=[("", "発言・説明"), *Outcome.choices],
        required=False,
        widget=forms.RadioSelect,
        help_text="決定には、担当と期限が要ります。決まっていなければ「継続」にします。",
    )
    speaker = line_field("話した人", 100, help_text="発言のときだけ。公開用の要旨には載りません。")
    text = text_field("議事の内容", limit=4000, required=True)
    owner = line_field("担当", 100, help_text="決定のとき。課・団体の名前")
    due_on = day_field("期限", required=False, help_text="決定のとき")
    in_summary = forms.BooleanField(label="公開用の要旨に載せる", required=False, initial=True)
    audience = forms.ChoiceField(
        label="公開",
        choices=Audience.choices,
        initial=Audience.PUBLIC,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["item"]
        field.queryset = items


def line_initial(line: MinutesLine) -> dict[str, Any]:
    """The form as the line is."""
    return {name: getattr(line, name) for name in LineForm.base_fields}


class FeeForm(ServiceForm):
    """What each of those who came is paid."""

    def __init__(self, *args: Any, seats: Sequence[Seat], default: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seats = seats
        for seat in seats:
            who = f"{seat.name}（{seat.organisation_name}）"
            self.fields[f"fee{seat.pk}"] = forms.IntegerField(
                label=f"{who}の報償費（円）",
                min_value=0,
                max_value=MOST_YEN,
                initial=default if seat.fee_yen is None else seat.fee_yen,
            )
            self.fields[f"travel{seat.pk}"] = forms.IntegerField(
                label=f"{seat.name}さんの費用弁償・旅費（円）",
                min_value=0,
                max_value=MOST_YEN,
                initial=seat.travel_yen,
            )

    def pays(self) -> dict[int, Pay]:
        """By seat."""
        values = self.cleaned_data
        return {
            one.pk: Pay(values[f"fee{one.pk}"], values[f"travel{one.pk}"]) for one in self.seats
        }


class ActionForm(ServiceForm):
    """How far an action is."""

    state = forms.ChoiceField(
        label="進み具合", choices=ActionState.choices, widget=forms.RadioSelect
    )
    owner = line_field("担当", 100, required=True)
    due_on = day_field("期限")
    result = text_field(
        "したこと・結果", limit=2000, help_text="「済んだ」「やめた」のときは書いてください。"
    )


class RateForm(ServiceForm):
    """The area's own rate."""

    percent = forms.DecimalField(
        label="源泉徴収の率（％）",
        min_value=Decimal(0),
        max_value=Decimal(99),
        max_digits=6,
        decimal_places=3,
    )
    from_day = day_field("いつから")
