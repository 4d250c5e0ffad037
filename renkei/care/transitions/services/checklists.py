"""退院時のチェックリスト: it opens with the discharge, and both sides keep it."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.transitions import notices
from renkei.care.transitions.acting import membership_of
from renkei.care.transitions.checklist_items import ITEMS
from renkei.care.transitions.models import (
    CaseFact,
    CaseState,
    ChecklistLine,
    CoordinationCase,
    DischargeChecklist,
    Side,
)
from renkei.care.transitions.queries.cases import CaseDoor
from renkei.care.transitions.services.telling import case_path, people_of_side
from renkei.care.transitions.states import DISCHARGES
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify

State = ChecklistLine.State
HOME = {CaseState.DISCHARGED, CaseState.FOLLOWED_UP}


def open_checklist(case: CoordinationCase, fact: CaseFact) -> None:
    """Open the list with the first fact that says the person went home: part of that act."""
    if fact.kind not in DISCHARGES or case.state not in HOME:
        return
    checklist, made = DischargeChecklist.objects.get_or_create(
        case=case, defaults={"opened_at": clock.now()}
    )
    if not made:
        return
    ChecklistLine.objects.bulk_create(
        ChecklistLine(
            checklist=checklist,
            code=item.code,
            label=item.label,
            side=item.side,
            position=place,
            fact_kind=item.fact,
        )
        for place, item in enumerate(ITEMS)
    )
    people = people_of_side(case, Side.HOSPITAL) | people_of_side(case, Side.CARE)
    if people:
        notify(
            user_ids=people,
            kind=notices.CHECKLIST_OPEN,
            path=case_path(case),
            dedupe_key=f"{notices.CHECKLIST_OPEN}:{case.uid}",
        )


@transaction.atomic
def decide_line(*, door: CaseDoor, line_uid: UUID, state: str) -> ChecklistLine:
    """Tick a line off, say that it does not concern the person, or take that back.

    Raises:
        ChecklistLine.DoesNotExist: none of this stay.
        ValidationError: no such state, or a line that a fact decides.
    """
    line = ChecklistLine.objects.select_for_update(of=("self",)).get(
        uid=line_uid, checklist__case=door.case
    )
    if state not in State.values:
        raise ValidationError("「済み」か「対象外」を選んでください。")
    if line.fact_kind and state == State.DONE:
        raise ValidationError("この行は、渡したことを記録すると済みになります。")
    is_open = state == State.OPEN
    line.state = State(state)
    line.decided_at = None if is_open else clock.now()
    line.decided_by_id = None if is_open else membership_of(door.viewer)
    line.decided_name = "" if is_open else door.viewer.name
    line.save(update_fields=["state", "decided_at", "decided_by", "decided_name"])
    record_event(
        actor=door.viewer.actor,
        action="checklist.line_decided",
        target=door.case,
        detail={"line": line.code, "state": line.state},
    )
    return line
