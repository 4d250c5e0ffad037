"""What an office writes about its contact points."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from renkei.care.transitions.models import Channel, ContactPoint, OfficeKind
from renkei.care.transitions.words import WEEKDAYS
from renkei.foundation.accounts.forms.fields import LineField, ServiceForm
from renkei.foundation.accounts.forms.policies import TextField
from renkei.foundation.common.eras import format_western, parse_day, require_reachable
from renkei.foundation.common.phones import require_phone

PHONES: Final = ("phone", "fax", "night_phone")
MOST_CLOSED: Final = 120
_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})~(\d{1,2}):(\d{2})")
_WAVES: Final = str.maketrans(dict.fromkeys("～〜－-–—", "~"))


def parse_spans(text: str) -> list[list[str]]:
    """9:00～12:00、13:00～17:00 as pairs of hours; none for an empty text.

    Raises:
        ValidationError: it cannot be read, or the hours do not follow each other.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_WAVES)
    spans: list[list[str]] = []
    for part in re.split(r"[、,・\s]+", plain.strip()):
        if not part:
            continue
        found = _SPAN.fullmatch(part)
        if not found:
            raise ValidationError("受付時間は「8:30～17:15」のように入力してください。")
        hours = [int(each) for each in found.groups()]
        try:
            start, end = time(hours[0], hours[1]), time(hours[2], hours[3])
        except ValueError as error:
            raise ValidationError("受付時間は0:00から23:59までで入力してください。") from error
        before = spans[-1][1] if spans else "00:00"
        if not before <= f"{start:%H:%M}" < f"{end:%H:%M}":
            raise ValidationError("受付時間は早い順に、始まりより後の終わりを入力してください。")
        spans.append([f"{start:%H:%M}", f"{end:%H:%M}"])
    return spans


def spans_text(spans: Any) -> str:
    """The pairs as people write them."""
    return "、".join(f"{start.lstrip('0')}～{end}" for start, end in spans or [])


class ContactForm(ServiceForm):
    """One contact point."""

    office_kind = forms.ChoiceField(
        label="事業所の種類",
        required=False,
        choices=(("", "資源の台帳のとおり"), *OfficeKind.choices),
    )
    ward = LineField(
        label="病棟・部署",
        max_length=60,
        required=False,
        help_text="空けると、事業所の代表の窓口になります。病棟ごとに違うときは病棟の名前を。",
    )
    person_name = LineField(label="窓口の担当者", max_length=100, required=False)
    title = LineField(label="窓口の職名", max_length=60, required=False)
    phone = LineField(label="電話番号", max_length=40)
    extension = LineField(label="内線", max_length=20, required=False)
    fax = LineField(label="FAX番号", max_length=40, required=False)
    night_phone = LineField(label="夜間・休日の電話番号", max_length=40, required=False)
    preferred_channel = forms.ChoiceField(
        label="希望する連絡手段", choices=Channel.choices, initial=Channel.PHONE
    )
    closes_on_holidays = forms.BooleanField(label="祝日は休み", required=False, initial=True)
    closes_at_year_end = forms.BooleanField(
        label="年末年始（12月29日～1月3日）は休み", required=False, initial=True
    )
    closed_days = TextField(
        label="そのほかの休み",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="1行に1つ。2026年8月13日、または 2026年8月13日～2026年8月15日。",
    )
    meeting_note = LineField(
        label="面会・面談の方法",
        max_length=200,
        required=False,
        help_text="たとえば、面談は対面かオンライン。前日までに電話で予約。",
    )
    note = LineField(label="備考", max_length=300, required=False)

    def __init__(
        self,
        data: Any,
        *,
        point: ContactPoint | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(point) | dict(initial or {}))
        self.point = point
        hours = point.weekly_hours if point else {}
        for day, word in enumerate(WEEKDAYS):
            self.fields[f"hours_{day}"] = LineField(
                label=f"{word}曜日",
                max_length=80,
                required=False,
                initial=spans_text(hours.get(str(day))),
            )
        if point is not None:
            # A ward that is called otherwise is another contact point.
            del self.fields["ward"]

    def hour_fields(self) -> list[forms.BoundField]:
        """The seven days."""
        return [self[f"hours_{day}"] for day in range(len(WEEKDAYS))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in PHONES:
            if cleaned.get(name):
                self._try(name, cleaned, require_phone)
        hours = {}
        for day in range(len(WEEKDAYS)):
            name = f"hours_{day}"
            if cleaned.get(name):
                self._try(name, cleaned, parse_spans)
                hours[str(day)] = cleaned.get(name)
            cleaned.pop(name, None)
        cleaned["weekly_hours"] = {day: spans for day, spans in hours.items() if spans}
        self._try("closed_days", cleaned, _closed_days)
        return cleaned

    def _try(self, name: str, cleaned: dict[str, Any], read: Any) -> None:
        try:
            cleaned[name] = read(cleaned.get(name) or "")
        except ValidationError as error:
            self.add_error(name, error)

    def values(self) -> dict[str, Any]:
        """The columns to write."""
        return {name: value for name, value in self.cleaned_data.items() if name != "ward"}

    @property
    def chosen_ward(self) -> str:
        ward: str = self.point.ward if self.point else self.cleaned_data["ward"].strip()
        return ward


def _initial(point: ContactPoint | None) -> dict[str, Any]:
    if point is None:
        return {f"hours_{day}": "8:30～17:15" for day in range(5)}
    names = [
        "office_kind", "person_name", "title", "phone", "extension", "fax", "night_phone",
        "preferred_channel", "closes_on_holidays", "closes_at_year_end", "meeting_note", "note",
    ]  # fmt: skip
    values: dict[str, Any] = {name: getattr(point, name) for name in names}
    values["closed_days"] = "\n".join(format_western(day) for day in point.closed_days)
    return values


def _closed_days(text: str) -> list[date]:
    days: set[date] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [part for part in re.split(r"[～〜~]", line) if part.strip()]
        if not parts:
            continue
        try:
            first, last = (require_reachable(parse_day(parts[place])) for place in (0, -1))
        except ValidationError as error:
            sentence = "".join(error.messages)
            raise ValidationError(f"{number}行目：{sentence}") from error
        if len(parts) > 2 or last < first or (last - first).days > MOST_CLOSED:  # noqa: PLR2004
            raise ValidationError(f"{number}行目：始まりと終わりの日を確かめてください。")
        days |= {first + timedelta(days=count) for count in range((last - first).days + 1)}
    if len(days) > MOST_CLOSED:
        raise ValidationError(f"休みは{MOST_CLOSED}日までで入力してください。")
    return sorted(days)


class ListForm(forms.Form):
    """What to look for in the list. Nothing of it is an error."""

    q = forms.CharField(label="さがす", required=False, max_length=100)
    kind = forms.ChoiceField(
        label="種類", required=False, choices=(("", "すべての種類"), *OfficeKind.choices)
    )
    state = forms.ChoiceField(
        label="確認の状態",
        required=False,
        choices=(("", "すべて"), ("stale", "確認が古い"), ("missing", "窓口の記録なし")),
    )

    def found(self) -> Mapping[str, str]:
        """The values that can be understood."""
        self.is_valid()
        names = {"q": "text", "kind": "kind", "state": "state"}
        return {
            theirs: str(self.cleaned_data.get(name) or "").replace("\0", "")
            for name, theirs in names.items()
        }
