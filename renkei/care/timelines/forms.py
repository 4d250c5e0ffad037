"""What people fill in: the composer, and the small questions beside it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms

from renkei.care.timelines.models import EntryKind, RoomKind, Scene
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.queries.people import Team
from renkei.care.timelines.values import ADDRESSED, KINDS_OF, To
from renkei.foundation.common import clock, eras
from renkei.registry.facilities.forms_base import ServiceForm

EVENING = 17
# When an answer is wanted, as people say it.
WHEN = (
    ("", "決めない（1日以内）"),
    ("today", "きょう17時まで"),
    ("tomorrow", "あす17時まで"),
    ("3", "3日以内"),
    ("7", "1週間以内"),
)


def reply_by(word: str, now: datetime) -> datetime | None:
    """The instant a word of ``WHEN`` means; None for none."""
    if not word:
        return None
    evening = now.replace(hour=EVENING, minute=0, second=0, microsecond=0)
    if word == "today":
        # After closing time 「きょう」 is what is left of the day.
        return evening if now < evening else now.replace(hour=23, minute=59)
    if word == "tomorrow":
        return evening + timedelta(days=1)
    return evening + timedelta(days=int(word))


class ComposerForm(ServiceForm):
    """One entry: its kind, its words, whom it asks and until when."""

    client_uid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="種類", widget=forms.RadioSelect)
    text = forms.CharField(
        label="本文",
        required=False,
        strip=True,
        # The blank placeholder lets the style sheet tell an empty field from a written one.
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": " "}),
    )
    addressees = forms.MultipleChoiceField(
        label="宛先", required=False, widget=forms.CheckboxSelectMultiple
    )
    when = forms.ChoiceField(label="返事の期限", choices=WHEN, required=False)
    scene = forms.ChoiceField(
        label="場面", choices=[("", "決めない"), *Scene.choices], required=False
    )

    def __init__(self, data: Any, *, door: Door, team: Team | None, kind: str = "") -> None:
        super().__init__(
            data, initial={"client_uid": uuid4(), "kind": kind or EntryKind.NOTICE.value}
        )
        kinds = KINDS_OF[door.room.kind]
        self.fields["kind"].choices = [(one.value, one.label) for one in kinds]  # type: ignore[attr-defined]  # a choice field
        self.asks = door.room.belongs_to_a_person
        if team is None:
            del self.fields["addressees"]
        else:
            self.fields["addressees"].choices = _choices(team)  # type: ignore[attr-defined]  # a choice field
        if door.room.kind != RoomKind.STAFF:
            del self.fields["scene"]
        if not self.asks:
            del self.fields["when"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind in ADDRESSED and "scene" in self.fields and not cleaned.get("addressees"):
            self.add_error("addressees", "宛先を選んでください。")
        return cleaned

    def values(self) -> dict[str, Any]:
        """The arguments of ``post_entry``."""
        cleaned = self.cleaned_data
        return {
            "client_uid": cleaned["client_uid"],
            "kind": cleaned["kind"],
            "text": cleaned["text"],
            "addressees": [_to(value) for value in cleaned.get("addressees", [])],
            "reply_by": reply_by(cleaned.get("when", ""), clock.now()),
            "scene": cleaned.get("scene", ""),
        }


def _choices(team: Team) -> list[tuple[str, str]]:
    roles = [(f"role:{one}", one) for one in team.professions]
    people = [
        (
            f"member:{member.uid}",
            f"{member.organisation.name}（事業所の全員）"
            if member.membership_id is None
            else f"{readers[0].name}（{readers[0].profession or '職種なし'}）",
        )
        for member in team.members
        if (readers := team.of_member(member.pk)) or member.membership_id is None
    ]
    return [*roles, *people]


def _to(value: str) -> To:
    kind, _, rest = value.partition(":")
    return To(profession=rest) if kind == "role" else To(member_uid=UUID(rest))


class HideForm(ServiceForm):
    """Why an entry is taken out of sight."""

    reason = forms.CharField(
        label="隠す理由",
        max_length=200,
        help_text="例えば「別の人の記録でした」。理由と隠した人の名前は、部屋の全員に見えます。",
    )


class CorrectForm(ServiceForm):
    """The words an entry should have had."""

    client_uid = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(label="正しい内容", widget=forms.Textarea(attrs={"rows": 4}))


class ExportForm(ServiceForm):
    """Which days of which room, for what, in which form."""

    room = forms.ChoiceField(label="部屋", widget=forms.RadioSelect)
    first = forms.DateField(label="始まりの日", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="終わりの日", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(
        label="目的",
        max_length=200,
        help_text="例えば「開示請求」「カルテへの添付」。写しに印刷します。",
    )
    format = forms.ChoiceField(
        label="形",
        choices=[("pdf", "PDF（紙・FAX）"), ("xlsx", "Excel")],
        widget=forms.RadioSelect,
        initial="pdf",
    )

    def __init__(self, data: Any, *, kinds: list[str]) -> None:
        today = clock.today()
        first = RoomKind.STAFF.value if RoomKind.STAFF in kinds else kinds[0]
        initial = {"first": today - timedelta(days=30), "last": today, "room": first}
        super().__init__(data, initial=initial)
        labels = dict(RoomKind.choices)
        self.fields["room"].choices = [(kind, labels[kind]) for kind in kinds]  # type: ignore[attr-defined]  # a choice field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and first < eras.FIRST_DAY:
            self.add_error("first", "始まりの日の年を確かめて入力してください。")
        if last and last > clock.today():
            self.add_error("last", "終わりの日は、今日までの日付を入力してください。")
        elif first and last and last < first:
            self.add_error("last", "終わりの日は、始まりの日以降の日付を入力してください。")
        return cleaned


class GroupForm(ServiceForm):
    """A new free group."""

    title = forms.CharField(label="グループの名前", max_length=80)
    purpose = forms.CharField(label="目的", max_length=200, required=False)


class GroupMemberForm(ServiceForm):
    """Whom to let into a group."""

    address = forms.EmailField(
        label="招く人のメールアドレス",
        help_text="サインインに使うアドレスを入力してください。",
    )


class TimesForm(ServiceForm):
    """How long the platform waits before it asks the next person."""

    mail_after = forms.IntegerField(
        label="緊急：メールまでの分", min_value=1, max_value=120, help_text="画面で知らせてから"
    )
    call_after = forms.IntegerField(
        label="緊急：電話の一覧までの分", min_value=1, max_value=240, help_text="画面で知らせてから"
    )
    answer_hours = forms.IntegerField(
        label="相談：期限を書かないときの時間", min_value=1, max_value=240
    )
