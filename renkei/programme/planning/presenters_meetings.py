"""How a meeting is shown: the steps, what comes next, who comes. Only formatting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from renkei.foundation.common import clock
from renkei.programme.planning.access_papers import may_read_paper
from renkei.programme.planning.documents.councils import PAPERS, fee_of, name_of, where_text
from renkei.programme.planning.fees import Fee, total_of
from renkei.programme.planning.models import (
    CAME,
    Action,
    ActionState,
    AgendaItem,
    Answer,
    Attendance,
    Audience,
    Material,
    MeetingState,
    MinutesLine,
    Outcome,
    Seat,
)
from renkei.programme.planning.presenters_councils import moment_text
from renkei.programme.planning.queries.councils import members_on
from renkei.programme.planning.queries.meetings import (
    OPEN_TO_ALL,
    MeetingDoor,
    actions_of,
    items_of,
    lines_of,
    materials_of,
    own_seat,
    seats_of,
)
from renkei.programme.planning.services.meetings import (
    CALLABLE,
    LADDER,
    WRITABLE,
    day_of,
    missing_for,
    next_state,
)

S: Final = MeetingState
# What the button of the next step says.
STEPS: Final = {
    S.MATERIALS_SENT: "資料を送ったことにする",
    S.HELD: "開いたことにする",
    S.MINUTES_DRAFT: "議事録の案を委員に見せる",
    S.MINUTES_CONFIRMED: "議事録を確定する",
    S.PUBLISHED: "要旨を公開する",
    S.CLOSED: "会議を終える",
}
ANSWER_MARKS: Final = {
    Answer.WAITING: "soon",
    Answer.ABSENT: "plain",
}
OUTCOME_MARKS: Final = {
    Outcome.DECIDED: "done",
    Outcome.CONTINUED: "soon",
    Outcome.REPORTED: "plain",
}


@dataclass(frozen=True, slots=True)
class Step:
    word: str
    mark: str


@dataclass(frozen=True, slots=True)
class SeatLine:
    seat: Seat
    mark: str
    word: str
    how: str
    answer_url: str
    reply_url: str


@dataclass(frozen=True, slots=True)
class ItemBlock:
    """One item with its papers and what was said about it."""

    item: AgendaItem | None
    number: int
    materials: list[Material]
    lines: list[MinutesLine]


@dataclass(frozen=True, slots=True)
class PaperLine:
    label: str
    pdf_url: str
    docx_url: str
    public: bool


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """Everything the page of a meeting shows."""

    name: str
    when: str
    where: str
    steps: list[Step]
    next_word: str
    next_state: str
    next_missing: str
    may_go_back: bool
    may_change: bool
    may_write: bool
    own: Seat | None
    own_word: str
    invited: int
    not_invited: list[str]
    seats: list[SeatLine]
    counted: str
    items: list[ItemBlock]
    common_materials: list[Material]
    shows_minutes: bool
    papers: list[PaperLine]
    actions: list[Action]
    total: list[tuple[str, str]]


def meeting_page_of(door: MeetingDoor) -> MeetingPage:
    """The page of a meeting for this viewer; outside the council only what is public."""
    meeting, clerks = door.meeting, door.council.clerks
    seats = seats_of(meeting) if door.inside else []
    to = next_state(meeting) if clerks else None
    own = own_seat(door)
    paid = [fee_of(one) for one in seats if one.fee_yen is not None] if clerks else []
    materials = _materials(door)
    return MeetingPage(
        name=name_of(meeting),
        when=moment_text(meeting.begins_at),
        where=where_text(meeting),
        steps=_steps(door),
        next_word=STEPS.get(to, "") if to else "",
        next_state=to.value if to else "",
        next_missing=missing_for(meeting, to) if to else "",
        may_go_back=clerks and meeting.state not in (*CALLABLE[:2], S.HELD, S.CANCELLED),
        may_change=clerks and meeting.state in CALLABLE,
        may_write=clerks and meeting.state in WRITABLE,
        own=own,
        own_word=own.get_answer_display() if own else "",
        invited=len(seats),
        not_invited=_not_invited(door, seats),
        seats=[_seat_line(door, one) for one in seats],
        counted=_counted(seats),
        items=_items(door, materials),
        common_materials=[one for one in materials if one.item_id is None],
        shows_minutes=door.reads_minutes,
        papers=_papers(door),
        actions=list(actions_of(meeting)) if door.inside else [],
        total=_total(paid),
    )


def _total(paid: list[Fee]) -> list[tuple[str, str]]:
    if not paid:
        return []
    total = total_of(paid)
    amounts = (
        ("報償費", total.gross),
        ("源泉徴収額", total.tax),
        ("費用弁償", total.travel),
        ("差引支給額", total.paid),
    )
    return [(label, f"{amount:,}円") for label, amount in amounts]


def _materials(door: MeetingDoor) -> list[Material]:
    if door.inside:
        return materials_of(door.meeting)
    return materials_of(door.meeting, public=True) if door.meeting.state in OPEN_TO_ALL else []


def _steps(door: MeetingDoor) -> list[Step]:
    meeting = door.meeting
    if meeting.state == S.CANCELLED:
        return [Step(str(S.CANCELLED.label), "over")]
    now = LADDER.index(S(meeting.state))
    shown = [one for one in LADDER if one != S.PUBLISHED or meeting.audience == Audience.PUBLIC]
    return [
        Step(
            str(one.label),
            "done" if LADDER.index(one) < now else "in" if one == meeting.state else "future",
        )
        for one in shown
    ]


def _not_invited(door: MeetingDoor, seats: list[Seat]) -> list[str]:
    """On the roster that day, and not asked: joined after the invitation went out."""
    if not door.council.clerks or door.meeting.state not in CALLABLE:
        return []
    asked = {one.member_id for one in seats}
    found = members_on(door.council.council, day_of(door.meeting))
    return [f"{one.name}（{one.organisation_name}）" for one in found if one.pk not in asked]


def _seat_line(door: MeetingDoor, seat: Seat) -> SeatLine:
    held = seat.attendance != Attendance.UNKNOWN
    word = seat.get_attendance_display() if held else seat.get_answer_display()
    there = seat.attendance in CAME if held else seat.answer not in ANSWER_MARKS
    clerks = door.council.clerks
    how = [
        f"代理 {seat.proxy_name}" if seat.proxy_name else "",
        seat.get_answered_way_display() if clerks else "",
        seat.remark if clerks else "",
        "" if seat.answered_at or not clerks or seat.member.user_id else "紙・電話で答える人",
    ]
    args = [door.meeting.uid, seat.uid]
    return SeatLine(
        seat=seat,
        mark="done" if there else ANSWER_MARKS.get(Answer(seat.answer), "plain"),
        word=word,
        how="　".join(one for one in how if one),
        answer_url=reverse("planning:seat_answer", args=args)
        if clerks and door.meeting.state in CALLABLE[1:]
        else "",
        reply_url=reverse("planning:seat_reply", args=args)
        if clerks and seat.reply_file_id
        else "",
    )


def _counted(seats: list[Seat]) -> str:
    if not seats:
        return ""
    if any(one.attendance != Attendance.UNKNOWN for one in seats):
        came = sum(1 for one in seats if one.attendance in CAME)
        return f"委員{len(seats)}名のうち{came}名が出席（{round(100 * came / len(seats))}%）"
    waits = sum(1 for one in seats if one.answer == Answer.WAITING)
    yes = sum(1 for one in seats if one.answer not in ANSWER_MARKS)
    return f"委員{len(seats)}名のうち出席{yes}名、返事待ち{waits}名"


def _items(door: MeetingDoor, materials: list[Material]) -> list[ItemBlock]:
    public = not door.inside
    lines = lines_of(door.meeting, public=public) if door.reads_minutes else []
    blocks = [
        ItemBlock(
            item=one,
            number=number,
            materials=[each for each in materials if each.item_id == one.pk],
            lines=[each for each in lines if each.item_id == one.pk],
        )
        for number, one in enumerate(items_of(door.meeting, public=public), 1)
    ]
    others = [one for one in lines if one.item_id is None]
    if others:
        blocks.append(ItemBlock(item=None, number=0, materials=[], lines=others))
    return blocks


def _papers(door: MeetingDoor) -> list[PaperLine]:
    state = door.meeting.state
    found = []
    for one in PAPERS:
        if not may_read_paper(door, one):
            continue
        late = one.code in {"minutes", "summary", "fees"}
        if late and (state in CALLABLE or state == S.CANCELLED):
            continue
        args = [door.meeting.uid, one.code]
        found.append(
            PaperLine(
                label=one.label,
                pdf_url=reverse("planning:meeting_paper", args=[*args, "pdf"]),
                docx_url=reverse("planning:meeting_paper", args=[*args, "docx"]),
                public=one.public,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class ActionGroup:
    word: str
    mark: str
    actions: list[Action]


def action_groups(actions: Iterable[Action]) -> list[ActionGroup]:
    """What is late first, then what is to come, then what ended."""
    today = clock.today()
    late, coming, over = [], [], []
    for one in actions:
        if one.state in (ActionState.DONE, ActionState.DROPPED):
            over.append(one)
        elif one.due_on < today:
            late.append(one)
        else:
            coming.append(one)
    over.reverse()
    groups = (
        ActionGroup("期限を過ぎた", "over", late),
        ActionGroup("これから", "in", coming),
        ActionGroup("終わった", "done", over),
    )
    return [one for one in groups if one.actions]
