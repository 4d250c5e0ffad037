"""The list of discharge of one stay."""

from __future__ import annotations

from renkei.care.transitions.models import ChecklistLine, CoordinationCase
from renkei.care.transitions.queries.cases import CaseDoor


def checklist_lines(door: CaseDoor) -> list[ChecklistLine]:
    """Its lines in their order; none before discharge."""
    return list(ChecklistLine.objects.filter(checklist__case=door.case))


def readmissions_of(case: CoordinationCase) -> list[CoordinationCase]:
    """The stays that began within 30 days of this one's end."""
    return list(case.readmissions.order_by("admitted_at", "pk"))
