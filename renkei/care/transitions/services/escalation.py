"""Telling of deadlines: 間近 to whose turn it is, 超過 to their office, whoever is away."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.urls import reverse

from renkei.care.transitions import notices
from renkei.care.transitions.clock_rules import Timer, TimerState
from renkei.care.transitions.models import CaseAlert, CoordinationCase, FactKind, Side
from renkei.care.transitions.queries.office import office_of_side
from renkei.care.transitions.services.facts import locked
from renkei.care.transitions.services.refreshing import derived_of, timers_now
from renkei.care.transitions.services.telling import (
    administrators_of,
    at_work,
    case_path,
    colleagues_of,
    people_of_side,
)
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify

# No deadline is called 間近 earlier than this before it, weekends and long holidays included.
LOOK_AHEAD: Final = timedelta(days=21)
# Papers one side needs from the other, however late.
AWAITED: Final = {FactKind.SUMMARY_HANDED_OVER.value}
STEPS: Final = {TimerState.SOON: CaseAlert.Step.SOON, TimerState.OVER: CaseAlert.Step.OVER}


def cases_to_look_at() -> list[int]:
    """Open stays with a deadline passed or near. What is due stands in the rows: a job or a worker
    that died loses nothing.
    """
    return list(
        CoordinationCase.objects.filter(
            is_open=True, next_due_at__lte=clock.now() + LOOK_AHEAD
        ).values_list("pk", flat=True)
    )


@transaction.atomic
def tell_of_deadlines(case_id: int) -> int:
    """Tell of what came near or passed since the last look; how many steps were taken.

    Called as often as anybody likes: each step of each deadline is taken once.
    """
    case = locked(CoordinationCase(pk=case_id))
    if not case.is_open:
        return 0
    taken = 0
    for timer in timers_now(case, derived_of(case)):
        step = STEPS.get(timer.state)
        if step is not None and timer.can_be_met:
            taken += _take(case, timer, step)
    if taken:
        record_event(actor=SYSTEM, action="case.alerted", target=case, detail={"steps": taken})
    return taken


def _take(case: CoordinationCase, timer: Timer, step: CaseAlert.Step) -> int:
    alert, made = CaseAlert.objects.get_or_create(
        case=case,
        code=timer.code,
        step=step,
        due_at=timer.due_at,
        defaults={"told_at": clock.now()},
    )
    if not made:
        return 0
    own = people_of_side(case, timer.side)
    people = at_work(case, own)
    late = step == CaseAlert.Step.OVER
    if people:
        kind = notices.DEADLINE_OVER if late else notices.DEADLINE_SOON
        notify(user_ids=people, kind=kind, path=case_path(case), dedupe_key=f"{kind}:{case.uid}")
    told = set(people)
    if late:
        told |= _tell_office(case, timer, people, notices.OFFICE_DEADLINE_OVER)
        told |= _tell_waiting(case, timer, people)
    elif own and not people:
        # Nobody of them is at work: somebody else of the office has the time that is left.
        told |= _tell_office(case, timer, people, notices.OFFICE_DEADLINE_SOON)
    alert.people_count = len(told)
    alert.save(update_fields=["people_count"])
    return 1


def _tell_office(case: CoordinationCase, timer: Timer, people: set[int], kind: str) -> set[int]:
    """The office itself: a person may be on leave, an office is not.

    Those who run it; where nobody else does, everybody who works there. They are told that there
    is something, not of whom.
    """
    office = office_of_side(case, timer.side)
    others = (administrators_of(office) if office else set()) - people
    # Administrators are mostly on no team: their page names the deadline, no person.
    page = "transitions:office_overdue"
    if office and not others:
        others, page = colleagues_of(office) - people, "transitions:case_list"
    if others:
        notify(
            user_ids=others,
            kind=kind,
            path=reverse(page),
            dedupe_key=f"{kind}:{office}",
        )
    return others


def _tell_waiting(case: CoordinationCase, timer: Timer, people: set[int]) -> set[int]:
    """The other side, where it waits for papers or nobody of the acting side is here (T-TOB2)."""
    if people and not AWAITED & set(timer.deadline.done_by):
        return set()
    other = Side.CARE if timer.side == Side.HOSPITAL else Side.HOSPITAL
    waiting = people_of_side(case, other) - people
    if waiting:
        notify(
            user_ids=waiting,
            kind=notices.OTHER_SIDE_OVER,
            path=case_path(case),
            dedupe_key=f"{notices.OTHER_SIDE_OVER}:{case.uid}",
        )
    return waiting
