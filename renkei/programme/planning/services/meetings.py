"""One meeting from its plan to its end. Each paper is set from these rows; nothing is retyped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year
from renkei.foundation.notifications.services import mark_read, notify
from renkei.foundation.papers.tickets import close_ticket, issue_ticket
from renkei.programme.planning.models import (
    CAME,
    AgendaItem,
    Answer,
    AnswerWay,
    Attendance,
    Audience,
    Meeting,
    MeetingMode,
    MeetingState,
    MinutesLine,
    Seat,
)
from renkei.programme.planning.notices import MEETING_CALLED, MEETING_CHANGED, MINUTES_TO_CHECK
from renkei.programme.planning.queries.councils import CouncilDoor, members_on
from renkei.programme.planning.queries.meetings import MeetingDoor, next_number

TICKET: Final = "planning.attendance"
S = MeetingState
# Source: domain/training-outreach-consult.md §1.2.
LADDER: Final = (
    S.PLANNED,
    S.CALLED,
    S.MATERIALS_SENT,
    S.HELD,
    S.MINUTES_DRAFT,
    S.MINUTES_CONFIRMED,
    S.PUBLISHED,
    S.CLOSED,
)
CALLABLE: Final = (S.PLANNED, S.CALLED, S.MATERIALS_SENT)
# What is written down may change until the members have confirmed it.
WRITABLE: Final = LADDER[: LADDER.index(S.MINUTES_CONFIRMED)]
CONFIRMED: Final = "議事録は確定しています。直すときは、先に「確認中」に戻してください。"
LATE_REPLY: Final = "出欠の返事の期限は、会議の日より前の日付を入力してください。"


def day_of(meeting: Meeting) -> date:
    """The day it is held, in Japan."""
    return meeting.begins_at.astimezone(clock.TOKYO).date()


def path_of(meeting: Meeting) -> str:
    """Where it is read."""
    return reverse("planning:meeting_detail", args=[meeting.uid])


def locked_meeting(door: MeetingDoor) -> Meeting:
    """The row, so that two people of the office do not write over each other."""
    return (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("council")
        .get(pk=door.meeting.pk)
    )


@transaction.atomic
def plan_meeting(*, door: CouncilDoor, fields: Mapping[str, Any]) -> Meeting:
    """The next meeting of a council; its number counts within the fiscal year.

    Raises:
        ValidationError: something is missing.
    """
    meeting = Meeting(council=door.council)
    _set(meeting, fields)
    record_event(actor=door.viewer.actor, action="meeting.planned", target=meeting)
    return meeting


@transaction.atomic
def change_meeting(*, door: MeetingDoor, fields: Mapping[str, Any]) -> Meeting:
    """Day, place or mode; once the invitation is out, everybody asked is told.

    Raises:
        ValidationError: it was held already, or something is missing.
    """
    meeting = locked_meeting(door)
    if meeting.state not in CALLABLE:
        raise ValidationError("開いた会議の予定は変えられません。")
    _set(meeting, fields)
    if meeting.state != S.PLANNED:
        meeting.edition += 1
        meeting.save(update_fields=["edition"])
        _tell(meeting, MEETING_CHANGED)
    record_event(actor=door.viewer.actor, action="meeting.changed", target=meeting)
    return meeting


def _set(meeting: Meeting, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(meeting, name, value)
    year = fiscal_year(day_of(meeting)).year
    if meeting.fiscal_year != year:
        meeting.fiscal_year = year
        meeting.number = next_number(meeting.council, year)
    if meeting.reply_by and meeting.reply_by >= day_of(meeting):
        raise ValidationError({"reply_by": LATE_REPLY})
    meeting.full_clean()
    meeting.save()


@transaction.atomic
def call_meeting(*, door: MeetingDoor, fields: Mapping[str, Any]) -> int:
    """開催通知: ask everybody whose term holds on the day of the meeting (T-B1c).

    A second call asks those who joined the roster since. Returns how many were asked now.

    Raises:
        ValidationError: nobody is in office that day, or it was held already.
    """
    meeting = locked_meeting(door)
    if meeting.state not in CALLABLE:
        raise ValidationError("開いた会議の案内は出せません。")
    asked = set(Seat.objects.filter(meeting=meeting).values_list("member", flat=True))
    members = [one for one in members_on(meeting.council, day_of(meeting)) if one.pk not in asked]
    if not members and not asked:
        raise ValidationError("会議の日に任期のある委員がいません。名簿の任期を確かめてください。")
    for name, value in fields.items():
        setattr(meeting, name, value)
    if meeting.reply_by and meeting.reply_by >= day_of(meeting):
        raise ValidationError({"reply_by": LATE_REPLY})
    meeting.called_at = meeting.called_at or clock.now()
    if meeting.state == S.PLANNED:
        meeting.state = S.CALLED
    meeting.full_clean()
    meeting.save()
    for member in members:
        seat = Seat(
            meeting=meeting,
            member=member,
            name=member.name,
            profession=member.profession,
            organisation_name=member.organisation_name,
            title=member.title,
            position=member.position,
        )
        seat.ticket = issue_ticket(
            actor=door.viewer.actor,
            kind=TICKET,
            subject_uid=seat.uid,
            organisation_id=meeting.council.office_id,
        )
        seat.save()
    people = {one.user_id for one in members if one.user_id is not None}
    notify(user_ids=people, kind=MEETING_CALLED, path=path_of(meeting))
    record_event(
        actor=door.viewer.actor,
        action="meeting.called",
        target=meeting,
        detail={"asked": len(members)},
    )
    return len(members)


@transaction.atomic
def remind_members(*, door: MeetingDoor) -> int:
    """Ask those with an account who have not answered once more. Returns how many."""
    people = set(
        Seat.objects.filter(
            meeting=door.meeting, answer=Answer.WAITING, member__user__isnull=False
        ).values_list("member__user_id", flat=True)
    )
    notify(
        user_ids=people,
        kind=MEETING_CALLED,
        path=path_of(door.meeting),
        dedupe_key=f"meeting.answer.{door.meeting.uid}",
    )
    record_event(
        actor=door.viewer.actor,
        action="meeting.reminded",
        target=door.meeting,
        detail={"asked": len(people)},
    )
    return len(people)


def _tell(meeting: Meeting, kind: str) -> None:
    people = set(
        Seat.objects.filter(meeting=meeting, member__user__isnull=False).values_list(
            "member__user_id", flat=True
        )
    )
    notify(user_ids=people, kind=kind, path=path_of(meeting))


@transaction.atomic
def answer_seat(
    *,
    door: MeetingDoor,
    seat: Seat,
    answer: Answer,
    way: AnswerWay,
    proxy_name: str = "",
    remark: str = "",
) -> Seat:
    """Who comes: by the member's own account, or typed in from paper, phone or mail.

    Raises:
        ValidationError: a proxy without a name, or the meeting is over.
    """
    meeting = locked_meeting(door)
    if meeting.state not in (S.CALLED, S.MATERIALS_SENT):
        raise ValidationError("出欠の返事は、会議の案内から開催までの間だけ受け付けます。")
    if answer == Answer.PROXY and not proxy_name:
        raise ValidationError({"proxy_name": "代理の人の氏名を入力してください。"})
    seat.answer, seat.answered_way, seat.remark = answer, way, remark
    seat.proxy_name = proxy_name if answer == Answer.PROXY else ""
    seat.answered_at = clock.now()
    seat.full_clean()
    seat.save()
    if seat.member.user_id is not None:
        mark_read(user_id=seat.member.user_id, path_prefix=path_of(meeting))
    record_event(
        actor=door.viewer.actor,
        action="meeting.answered",
        target=seat,
        detail={"answer": answer.value, "way": way.value},
    )
    return seat


@transaction.atomic
def record_attendance(
    *,
    door: MeetingDoor,
    came: Mapping[int, Attendance],
    proxies: Mapping[int, str],
    guest_count: int | None,
) -> Meeting:
    """Who was there, by the primary key of the seat; the meeting counts as held from now on.

    Raises:
        ValidationError: before it was called, before its time, or after the minutes stand.
    """
    meeting = locked_meeting(door)
    if meeting.state not in WRITABLE or meeting.state == S.PLANNED:
        raise ValidationError("出席は、案内を出した会議で、議事録を確定するまで記録できます。")
    if meeting.begins_at > clock.now():
        raise ValidationError("会議はまだ始まっていません。始まってから記録してください。")
    for seat in Seat.objects.filter(meeting=meeting):
        seat.attendance = came.get(seat.pk, Attendance.ABSENT)
        if seat.attendance == Attendance.PROXY:
            seat.proxy_name = proxies.get(seat.pk, "") or seat.proxy_name
            if not seat.proxy_name:
                raise ValidationError(f"{seat.name}さんの代理の人の氏名を入力してください。")
        if seat.attendance not in CAME:
            seat.fee_yen = seat.tax_percent = seat.tax_yen = None
        seat.save()
        if seat.ticket is not None:
            close_ticket(actor=door.viewer.actor, ticket=seat.ticket)
    meeting.guest_count = guest_count
    if meeting.state in CALLABLE:
        meeting.state = S.HELD
    meeting.save()
    record_event(
        actor=door.viewer.actor,
        action="meeting.attended",
        target=meeting,
        detail={"came": sum(1 for one in came.values() if one in CAME)},
    )
    return meeting


@transaction.atomic
def move_on(*, door: MeetingDoor, to: MeetingState) -> Meeting:
    """The next step of the meeting.

    Raises:
        ValidationError: it is not the next step, or something is missing first; says what.
    """
    meeting = locked_meeting(door)
    if to != next_state(meeting):
        raise ValidationError("ほかの人が先に進めました。いまの段階を確かめてください。")
    problem = missing_for(meeting, to)
    if problem:
        raise ValidationError(problem)
    meeting.state = to
    if to == S.PUBLISHED:
        meeting.published_at = clock.now()
    meeting.save()
    if to == S.MINUTES_DRAFT:
        _tell(meeting, MINUTES_TO_CHECK)
    record_event(
        actor=door.viewer.actor,
        action="meeting.moved_on",
        target=meeting,
        detail={"to": to.value},
    )
    return meeting


@transaction.atomic
def move_back(*, door: MeetingDoor) -> Meeting:
    """One step back: what was published is no longer shown, minutes can be corrected.

    Raises:
        ValidationError: an invitation cannot be taken back; the meeting can be cancelled.
    """
    meeting = locked_meeting(door)
    back = {
        S.MATERIALS_SENT: S.CALLED,
        S.MINUTES_DRAFT: S.HELD,
        S.MINUTES_CONFIRMED: S.MINUTES_DRAFT,
        S.PUBLISHED: S.MINUTES_CONFIRMED,
        S.CLOSED: S.PUBLISHED if meeting.audience == Audience.PUBLIC else S.MINUTES_CONFIRMED,
    }
    state = back.get(S(meeting.state))
    if state is None:
        raise ValidationError("この段階は戻せません。開かないときは、会議を中止にしてください。")
    meeting.state = state
    if state not in (S.PUBLISHED, S.CLOSED):
        meeting.published_at = None
    meeting.save()
    record_event(
        actor=door.viewer.actor,
        action="meeting.moved_back",
        target=meeting,
        detail={"to": state.value},
    )
    return meeting


def next_state(meeting: Meeting) -> MeetingState | None:
    """What comes next; a meeting closed to the public is never published."""
    state = S(meeting.state)
    if state in (S.CANCELLED, S.CLOSED):
        return None
    if state == S.MINUTES_CONFIRMED and meeting.audience != Audience.PUBLIC:
        return S.CLOSED
    return LADDER[LADDER.index(state) + 1]


def missing_for(meeting: Meeting, to: MeetingState) -> str:  # noqa: PLR0911 - one for each step
    """Why the next step cannot be taken yet; "" when it can."""
    if to == S.CALLED:
        return "開催通知の画面から案内を出してください。"
    if to == S.MATERIALS_SENT and not AgendaItem.objects.filter(meeting=meeting).exists():
        return "次第に議題がありません。議題を書いてください。"
    if to == S.HELD:
        if meeting.mode == MeetingMode.WRITTEN and meeting.begins_at <= clock.now():
            return ""
        return "出席の画面から、だれが出席したかを記録してください。"
    if to == S.MINUTES_DRAFT and not MinutesLine.objects.filter(meeting=meeting).exists():
        return "議事録がまだありません。議事録を書いてください。"
    if to == S.CLOSED and unpaid(meeting):
        return "報償費の決まっていない委員がいます。報償費の画面で決めてください。"
    return ""


def unpaid(meeting: Meeting) -> bool:
    """Whether somebody who came and is paid has no amount yet."""
    return Seat.objects.filter(
        meeting=meeting, attendance__in=CAME, member__is_paid=True, fee_yen=None
    ).exists()


@transaction.atomic
def cancel_meeting(*, door: MeetingDoor, reason: str) -> Meeting:
    """中止: everybody asked is told; the number stays used.

    Raises:
        ValidationError: it was held, or no reason.
    """
    meeting = locked_meeting(door)
    if meeting.state not in CALLABLE:
        raise ValidationError("開いた会議は中止にできません。")
    if not reason:
        raise ValidationError({"reason": "中止の理由を入力してください。"})
    was_called = meeting.state != S.PLANNED
    meeting.state, meeting.cancelled_reason = S.CANCELLED, reason
    meeting.edition += 1
    meeting.save()
    if was_called:
        _tell(meeting, MEETING_CHANGED)
    record_event(actor=door.viewer.actor, action="meeting.cancelled", target=meeting)
    return meeting
