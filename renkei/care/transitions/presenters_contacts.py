"""窓口一覧 in words: for the page, the booklet and the workbook alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from renkei.care.transitions.models import Channel, ContactChange, ContactPoint
from renkei.care.transitions.presenters_sides import hours_text
from renkei.care.transitions.queries.contact_list import OfficeContacts
from renkei.care.transitions.words import moment_text
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.eras import format_western


@dataclass(frozen=True)
class PointLine:
    """One contact point."""

    point: ContactPoint
    who: str
    phone: str
    extension: str
    fax: str
    night_phone: str
    hours: str
    channel: str
    notes: Sequence[str]
    confirmed: str


@dataclass(frozen=True)
class OfficeLine:
    """One office with its contact points."""

    office: OfficeContacts
    name: str
    points: Sequence[PointLine]
    reminded: str


@dataclass(frozen=True)
class KindLines:
    """The offices of one kind."""

    label: str
    lines: Sequence[OfficeLine]


@dataclass(frozen=True)
class ChangeLine:
    """One change of an office's contact points."""

    change: ContactChange
    when: str
    who: str
    what: Sequence[str]
    may_undo: bool


def by_kind(offices: Iterable[OfficeContacts]) -> list[KindLines]:
    """The list as it is read and printed."""
    return [
        KindLines(label=str(kind.label), lines=[office_line(one) for one in rows])
        for kind, rows in groupby(offices, key=lambda one: one.kind)
    ]


def office_line(office: OfficeContacts) -> OfficeLine:
    """One office in words."""
    return OfficeLine(
        office=office,
        name=office.organisation.name,
        points=[point_line(point) for point in office.points],
        reminded=moment_text(office.reminded_at) if office.reminded_at else "",
    )


def point_line(point: ContactPoint) -> PointLine:
    """One contact point in words."""
    closed = "、".join(format_western(day) for day in point.closed_days)
    year_end = point.closes_at_year_end and bool(point.weekly_hours)
    notes = [
        f"面会・面談：{point.meeting_note}" if point.meeting_note else "",
        f"休み：{closed}" if closed else "",
        point.note,
    ]
    confirmed = format_western(point.confirmed_at.astimezone(TOKYO).date())
    return PointLine(
        point=point,
        who="　".join(part for part in (point.title, point.person_name) if part),
        phone=point.phone,
        extension=point.extension,
        fax=point.fax,
        night_phone=point.night_phone,
        hours=hours_text(point).replace("（祝日休み）", "（祝日・年末年始休み）")
        if year_end
        else hours_text(point),
        channel=str(Channel(point.preferred_channel).label),
        notes=[note for note in notes if note],
        confirmed=confirmed,
    )


LABELS = {
    "office_kind": "事業所の種類",
    "person_name": "担当者",
    "title": "職名",
    "phone": "電話番号",
    "extension": "内線",
    "fax": "FAX番号",
    "night_phone": "夜間・休日の電話番号",
    "preferred_channel": "希望する連絡手段",
    "weekly_hours": "受付時間",
    "closes_on_holidays": "祝日の休み",
    "closes_at_year_end": "年末年始の休み",
    "closed_days": "そのほかの休み",
    "meeting_note": "面会・面談の方法",
    "note": "備考",
}


def history_of(
    changes: Iterable[ContactChange], offices_now: dict[str, object]
) -> list[ChangeLine]:
    """What was done, the newest first; what still stands as it was left can be taken back."""
    lines = []
    settled: set[str] = set()
    for change in changes:
        about = change.before is not None or change.after is not None
        last = about and change.ward not in settled
        lines.append(
            ChangeLine(
                change=change,
                when=moment_text(change.changed_at),
                who=change.changed_by.user.name if change.changed_by else "",
                what=_what(change),
                may_undo=last
                and change.before != change.after
                and offices_now.get(change.ward) == change.after,
            )
        )
        if about:
            settled.add(change.ward)
    return lines


def _what(change: ContactChange) -> list[str]:
    if change.before is None and change.after is None:
        return []
    if change.before is None:
        return ["新しい窓口"]
    if change.after is None:
        return ["窓口を一覧から消した"]
    changed = [name for name in LABELS if change.before.get(name) != change.after.get(name)]
    return [LABELS[name] for name in changed] or ["内容は同じ"]
