"""Conferences in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from renkei.care.transitions.fees import contacts_counted, joint_guidance_likely
from renkei.care.transitions.models import Channel, Conference, ConferenceSeat, Side
from renkei.care.transitions.queries.cases import CaseDoor, pointers_of
from renkei.care.transitions.queries.conferences import conferences_of
from renkei.care.transitions.services.refreshing import derived_of
from renkei.care.transitions.words import moment_text

MARKS: Final = {"planned": "in", "held": "done", "cancelled": "plain"}
ANSWER_MARKS: Final = {"waiting": "soon", "comes": "done", "absent": "plain"}


@dataclass(frozen=True)
class MeetingLine:
    """One conference in the page of the stay."""

    title: str
    url: str
    mark: str
    word: str
    when: str
    people: str


@dataclass(frozen=True)
class SeatLine:
    """One person asked."""

    who: str
    profession: str
    organisation: str
    mark: str
    word: str
    how: str
    answer_url: str
    sheet_url: str
    reply_url: str
    is_mine: bool
    waits: bool


@dataclass(frozen=True)
class MeetingPage:
    """One conference as its page shows it."""

    conference: Conference
    title: str
    mark: str
    word: str
    when: str
    where: str
    seats: Sequence[SeatLine]
    came: str
    counted: str
    is_planned: bool
    may_write: bool


def meeting_lines(door: CaseDoor) -> list[MeetingLine]:
    """The conferences of a stay, for those who read content."""
    if not door.opens_content:
        return []
    return [
        MeetingLine(
            title=str(one.get_kind_display()),
            url=reverse("transitions:conference_detail", args=[door.case.uid, one.uid]),
            mark=MARKS[one.state],
            word=str(one.get_state_display()),
            when=moment_text(one.planned_at),
            people=_people(list(one.seats.all())),
        )
        for one in conferences_of(door)
    ]


def _people(seats: Sequence[ConferenceSeat]) -> str:
    if any(seat.attended is not None for seat in seats):
        return f"出席 {sum(bool(seat.attended) for seat in seats)}人"
    comes = sum(seat.answer == ConferenceSeat.Answer.COMES for seat in seats)
    waiting = sum(seat.answer == ConferenceSeat.Answer.WAITING for seat in seats)
    return f"出席 {comes}人・返事待ち {waiting}人"


def meeting_page_of(door: CaseDoor, conference: Conference) -> MeetingPage:
    """Everything the page of one conference shows."""
    seats = list(conference.seats.all())
    planned = conference.state == Conference.State.PLANNED
    _, room_uid = pointers_of(door)
    return MeetingPage(
        conference=conference,
        title=str(conference.get_kind_display()),
        mark=MARKS[conference.state],
        word=str(conference.get_state_display()),
        when=f"{moment_text(conference.planned_at)}から{conference.minutes}分",
        where=f"{conference.get_means_display()}　{conference.place}".strip(),
        seats=[_seat(door, seat, room_uid, planned=planned) for seat in seats],
        came=_people(seats),
        counted=_counted(door, seats),
        is_planned=planned,
        may_write=door.may_write,
    )


def _seat(door: CaseDoor, seat: ConferenceSeat, room_uid: object, *, planned: bool) -> SeatLine:
    address = [door.case.uid, seat.conference.uid, seat.uid]
    waits = seat.answer == ConferenceSeat.Answer.WAITING
    mark, word = ANSWER_MARKS[seat.answer], str(seat.get_answer_display())
    if seat.attended is not None:
        mark, word = ("done", "出席した") if seat.attended else ("plain", "出席しなかった")
    elif waits and seat.reply_entry_uid:
        word = "返事の紙が届いた"
    how = str(Channel(seat.answered_by).label) if seat.answered_by else ""
    reply = ""
    if seat.reply_entry_uid and room_uid:
        reply = reverse("timelines:entry_detail", args=[room_uid, seat.reply_entry_uid])
    return SeatLine(
        who=seat.name,
        profession=seat.profession,
        organisation=seat.organisation_name,
        mark=mark,
        word=word,
        how=f"{moment_text(seat.answered_at)}　{how}" if seat.answered_at else "",
        answer_url=reverse("transitions:seat_answer", args=address) if planned else "",
        sheet_url=reverse("transitions:seat_sheet", args=address),
        reply_url=reply,
        is_mine=seat.membership_id == door.viewer.membership_id,
        waits=waits,
    )


def _counted(door: CaseDoor, seats: Sequence[ConferenceSeat]) -> str:
    """What the stay's contacts amount to for 退院・退所加算; for the care side, which claims."""
    if door.side != Side.CARE:
        return ""
    counted = contacts_counted(derived_of(door.case))
    words = f"退院・退所加算で数える連絡：{len(counted.days)}日"
    words += "（注3の要件を満たすカンファレンスあり）" if counted.conference else ""
    hospital = [seat.profession for seat in seats if seat.attended and seat.side == Side.HOSPITAL]
    care = [seat.profession for seat in seats if seat.attended and seat.side == Side.CARE]
    if joint_guidance_likely(hospital, care) and not counted.conference:
        words += "。出席した職種からは注3の要件を満たす見込みがあります。確かめてください"
    return words
