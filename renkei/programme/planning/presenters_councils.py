"""How councils are shown. Only formatting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from renkei.foundation.common import clock
from renkei.foundation.common.eras import FiscalYear, format_long, format_screen
from renkei.programme.planning.frames import items_text, scenes_text
from renkei.programme.planning.models import (
    Council,
    CouncilMember,
    Meeting,
    MeetingState,
)
from renkei.programme.planning.queries.councils import (
    RENEWAL_DAYS,
    CouncilDoor,
    groups_of,
    members_of,
    members_to_renew,
)
from renkei.programme.planning.queries.meetings import meetings_of

NO_REPORT = "報告なし"
MARKS = {
    MeetingState.PLANNED: "future",
    MeetingState.CANCELLED: "plain",
    MeetingState.CLOSED: "done",
    MeetingState.PUBLISHED: "done",
}


def moment_text(moment: datetime) -> str:
    """2026年11月20日（金）14:00"""
    local = moment.astimezone(clock.TOKYO)
    return f"{format_screen(local.date())} {local:%H:%M}"


@dataclass(frozen=True, slots=True)
class CouncilLine:
    """One council in the list; ``below``: a 部会 under another of the list."""

    council: Council
    url: str
    whom: str
    next: str
    last: str
    open_actions: int
    below: bool


def council_lines(councils: list[Council]) -> list[CouncilLine]:
    """Each council followed by its 部会."""
    listed = {one.pk for one in councils}
    tops = [one for one in councils if one.parent_id not in listed]
    ordered: list[tuple[Council, bool]] = []
    for top in tops:
        ordered.append((top, False))
        ordered += [(one, True) for one in councils if one.parent_id == top.pk]
    seen = {one.pk for one, _ in ordered}
    ordered += [(one, True) for one in councils if one.pk not in seen]
    return [_line(one, below=below) for one, below in ordered]


def _line(council: Any, *, below: bool) -> CouncilLine:
    return CouncilLine(
        council=council,
        url=reverse("planning:council_detail", args=[council.uid]),
        whom=whom_text(council),
        next=moment_text(council.next_at) if council.next_at else "",
        last=moment_text(council.last_at) if council.last_at else "",
        open_actions=council.open_actions,
        below=below,
    )


def whom_text(council: Council) -> str:
    """For which area, or the areas of which agreement."""
    return str(council.agreement) if council.agreement else str(council.area)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One row of the roster."""

    member: CouncilMember
    term: str
    mark: str
    word: str
    edit_url: str


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting in the list of its council."""

    meeting: Meeting
    url: str
    name: str
    when: str
    mark: str
    word: str


@dataclass(frozen=True, slots=True)
class CouncilPage:
    """Everything the page of a council shows."""

    whom: str
    facts: list[tuple[str, str]]
    present: list[MemberLine]
    others: list[MemberLine]
    professions: str
    renewals: list[CouncilMember]
    renewal_days: int
    meetings: list[MeetingLine]
    groups: list[Council]


def council_page_of(door: CouncilDoor) -> CouncilPage:
    """The page of a council for this viewer."""
    today = clock.today()
    members = [_member_line(door, one) for one in members_of(door.council)]
    present = [one for one in members if today in one.member.term]
    counts: dict[str, int] = {}
    for one in present:
        counts[one.member.profession] = counts.get(one.member.profession, 0) + 1
    return CouncilPage(
        whom=whom_text(door.council),
        facts=_facts(door.council),
        present=present,
        others=[one for one in members if today not in one.member.term],
        professions="、".join(f"{word} {count}名" for word, count in counts.items()),
        renewals=members_to_renew(door.council, today) if door.clerks else [],
        renewal_days=RENEWAL_DAYS,
        meetings=[meeting_line(one) for one in meetings_of(door)],
        groups=list(groups_of(door.council)),
    )


def _facts(council: Council) -> list[tuple[str, str]]:
    office = council.office.name
    if council.office_id != council.owner_id:
        office = f"{office}（事務を委託。議題は{council.owner.name}が決めます）"
    rows = [
        ("種類", council.get_kind_display()),
        ("圏域", whom_text(council)),
        ("上の会議体", str(council.parent) if council.parent else ""),
        (
            "協議会に代えて",
            "この地域ケア会議を協議会に代えて開きます" if council.is_substitute else "",
        ),
        ("事務局", office),
        ("設置の根拠", council.legal_basis),
        ("目的", council.purpose),
        ("項目", items_text(council.items)),
        ("場面", scenes_text(council.scenes)),
        ("定足数", f"委員の{council.quorum_percent}%"),
    ]
    return [(label, value) for label, value in rows if value]


def _member_line(door: CouncilDoor, member: CouncilMember) -> MemberLine:
    today = clock.today()
    first = format_long(member.term.lower)
    last = format_long(member.last_day) if member.last_day else "決めていない"
    if today in member.term:
        mark, word = "done", "任期中"
    elif member.term.lower > today:
        mark, word = "future", "これから"
    else:
        mark, word = "plain", "任期終了"
    return MemberLine(
        member=member,
        term=f"{first}から{last}まで" if member.last_day else f"{first}から",
        mark=mark,
        word=word,
        edit_url=reverse("planning:member_edit", args=[door.council.uid, member.uid])
        if door.owns
        else "",
    )


def meeting_line(meeting: Meeting) -> MeetingLine:
    """One meeting by its number and day."""
    return MeetingLine(
        meeting=meeting,
        url=reverse("planning:meeting_detail", args=[meeting.uid]),
        name=f"{FiscalYear(meeting.fiscal_year).label} 第{meeting.number}回",
        when=moment_text(meeting.begins_at),
        mark=MARKS.get(MeetingState(meeting.state), "in"),
        word=meeting.get_state_display(),
    )


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One row of the table 部会・実施内容・状況・関連 (S2)."""

    council: Council
    work: str
    state: str
    items: str
    scenes: str
    held: str


def group_rows(groups: Iterable[Council], *, inside: bool) -> list[GroupRow]:
    """The table of a council's groups; a group without a word on its work says so.

    Source: domain/source-features.md §5 (病院有床部会 is listed, no report).
    """
    rows = []
    for one in groups:
        held = [each for each in one.meetings.all() if each.begins_at <= clock.now()]
        rows.append(
            GroupRow(
                council=one,
                work=one.work or NO_REPORT,
                state=one.state_text or NO_REPORT,
                items=items_text(one.items),
                scenes=scenes_text(one.scenes),
                held=f"{len(held)}回、前回 {moment_text(held[0].begins_at)}"
                if held and inside
                else "",
            )
        )
    return rows
