"""The list of discharge, and how stays follow each other, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from renkei.care.transitions.models import ChecklistLine, CoordinationCase, FactKind, Side
from renkei.care.transitions.presenters_facts import Act, act_for
from renkei.care.transitions.queries.cases import CaseDoor
from renkei.care.transitions.queries.checklists import checklist_lines, readmissions_of
from renkei.care.transitions.states import LEFT, Derived
from renkei.care.transitions.words import moment_text

State = ChecklistLine.State
MARKS = {State.OPEN: "future", State.DONE: "done", State.NOT_NEEDED: "plain"}


@dataclass(frozen=True)
class ListLine:
    """One line: how it stands, and what can be done about it."""

    uid: str
    label: str
    side: str
    mark: str
    word: str
    who: str
    url: str
    record: Act | None
    is_open: bool
    may_write: bool


@dataclass(frozen=True)
class Checklist:
    """The whole list; ``done`` counts what is settled either way."""

    lines: Sequence[ListLine]
    done: int


def checklist_of(door: CaseDoor, derived: Derived) -> Checklist | None:
    """What both sides see after discharge; None before it."""
    rows = checklist_lines(door) if derived.state in LEFT else []
    if not rows:
        return None
    lines = [_line(door, derived, row) for row in rows]
    return Checklist(lines, sum(not line.is_open for line in lines))


def _line(door: CaseDoor, derived: Derived, row: ChecklistLine) -> ListLine:
    fact = derived.last(row.fact_kind) if row.fact_kind else None
    state = State.DONE if fact else State(row.state)
    who = ""
    if fact is not None:
        who = moment_text(fact.at)
    elif row.decided_at:
        who = f"{moment_text(row.decided_at)}　{row.decided_name}"
    record = act_for(door.case, FactKind(row.fact_kind)) if row.fact_kind else None
    return ListLine(
        uid=str(row.uid),
        label=row.label,
        side=str(Side(row.side).label),
        mark=MARKS[state],
        word=str(state.label),
        who=who,
        url=reverse("transitions:checklist_line", args=[door.case.uid, row.uid]),
        record=record if state == State.OPEN else None,
        is_open=state == State.OPEN,
        may_write=door.may_write and fact is None,
    )


def readmission_acts(case: CoordinationCase) -> list[Act]:
    """The stay before within 30 days, and those after."""
    acts = []
    before = case.readmission_of
    if before is not None:
        acts.append(Act(_url(before), f"30日以内の前の入院（退院から{_days(before, case)}日）"))
    acts += [
        Act(_url(one), f"30日以内に再入院（退院から{_days(case, one)}日）")
        for one in readmissions_of(case)
    ]
    return acts


def _days(left: CoordinationCase, entered: CoordinationCase) -> int:
    if (
        left.discharged_at is None or entered.admitted_at is None
    ):  # pragma: no cover - linked by these
        return 0
    return (entered.admitted_at - left.discharged_at).days


def _url(case: CoordinationCase) -> str:
    return reverse("transitions:case_detail", args=[case.uid])
