"""Deciding the 報償費 of a meeting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.audit.services import record_event
from renkei.programme.planning.fees import tax_of
from renkei.programme.planning.models import CAME, Meeting, MeetingState, Seat
from renkei.programme.planning.queries.councils import rate_of
from renkei.programme.planning.queries.meetings import MeetingDoor
from renkei.programme.planning.services.meetings import day_of, locked_meeting

NO_RATE = "源泉徴収の率が決まっていません。会議体の内容で率を選んでください。"


@dataclass(frozen=True, slots=True)
class Pay:
    """What one seat gets before tax, and for the way."""

    fee_yen: int
    travel_yen: int = 0


@transaction.atomic
def decide_fees(*, door: MeetingDoor, pays: Mapping[int, Pay]) -> Meeting:
    """Fix amount and tax of everybody who came, by the rate in force on the day.

    Raises:
        ValidationError: before attendance is recorded, after the end, or no rate is chosen.
    """
    meeting = locked_meeting(door)
    if meeting.state in (
        MeetingState.PLANNED,
        MeetingState.CALLED,
        MeetingState.MATERIALS_SENT,
        MeetingState.CANCELLED,
    ):
        raise ValidationError("報償費は、出席を記録してから決めてください。")
    if meeting.state == MeetingState.CLOSED:
        raise ValidationError("この会議は完了しています。直すときは、先に段階を戻してください。")
    rate = rate_of(meeting.council, day_of(meeting))
    if rate is None and any(one.fee_yen for one in pays.values()):
        raise ValidationError(NO_RATE)
    for seat in Seat.objects.filter(
        meeting=meeting, attendance__in=CAME, member__is_paid=True, pk__in=pays
    ):
        pay = pays[seat.pk]
        seat.fee_yen, seat.travel_yen = pay.fee_yen, pay.travel_yen
        seat.tax_percent = rate.percent if rate else None
        seat.tax_yen = tax_of(pay.fee_yen, rate.percent) if rate else 0
        seat.save()
    record_event(actor=door.viewer.actor, action="meeting.paid", target=meeting)
    return meeting
