"""How issues are shown. Only formatting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from renkei.foundation.common import clock
from renkei.programme.planning.evidence import FILE, kind_called, label_of
from renkei.programme.planning.frames import items_text, scenes_text
from renkei.programme.planning.models import Issue, IssueEvidence, IssueState, IssueStep
from renkei.programme.planning.queries.issues import IssueDoor, evidence_of
from renkei.programme.planning.services.issues import WAYS

MARKS: Final = {
    IssueState.DECIDED: "in",
    IssueState.IN_ACTION: "in",
    IssueState.EVALUATED: "done",
    IssueState.CLOSED: "done",
    IssueState.SHELVED: "plain",
    IssueState.RETURNED: "soon",
}
GROUPS: Final = (
    (
        "話し合う前",
        (IssueState.RAISED, IssueState.ANALYSED, IssueState.DRAFTED, IssueState.RETURNED),
    ),
    ("話し合っている", (IssueState.DISCUSSED,)),
    ("対応している", (IssueState.DECIDED, IssueState.IN_ACTION)),
    ("保留", (IssueState.SHELVED,)),
    ("評価した・終わった", (IssueState.EVALUATED, IssueState.CLOSED)),
)


@dataclass(frozen=True, slots=True)
class IssueLine:
    issue: Issue
    url: str
    mark: str
    word: str
    where: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class IssueGroup:
    word: str
    lines: list[IssueLine]


def issue_groups(issues: Iterable[Issue]) -> list[IssueGroup]:
    """What waits for a talk first, what is over last."""
    lines = [_line(one) for one in issues]
    groups = [
        IssueGroup(word, [one for one in lines if one.issue.state in states])
        for word, states in GROUPS
    ]
    return [one for one in groups if one.lines]


def _line(issue: Issue) -> IssueLine:
    active = issue.state in (IssueState.DECIDED, IssueState.IN_ACTION)
    return IssueLine(
        issue=issue,
        url=reverse("planning:issue_detail", args=[issue.uid]),
        mark=MARKS.get(IssueState(issue.state), "ask"),
        word=issue.get_state_display(),
        where="　".join(filter(None, (items_text(issue.items), scenes_text(issue.scenes)))),
        is_late=active and issue.due_on is not None and issue.due_on < clock.today(),
    )


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One piece as it was; ``drift``: what is different now."""

    evidence: IssueEvidence
    label: str
    shown: str
    source: str
    as_of: str
    definition: str
    drift: str
    file_url: str


@dataclass(frozen=True, slots=True)
class IssuePage:
    line: IssueLine
    evidence: list[EvidenceLine]
    steps: list[IssueStep]
    ways: bool
    again: str


def issue_page_of(door: IssueDoor) -> IssuePage:
    """The page of one issue."""
    issue = door.issue
    again = ""
    if issue.watched_code and issue.watched_value is not None:
        again = (
            f"{issue.watched_code} が {issue.watched_value.normalize():f} "
            f"{issue.get_watched_comparison_display()}"
        )
    return IssuePage(
        line=_line(issue),
        evidence=[_evidence(door, one) for one in evidence_of(issue)],
        steps=list(issue.steps.select_related("by__organisation").order_by("at", "pk")),
        ways=door.may_write and bool(WAYS[issue.state]),
        again=again,
    )


def _evidence(door: IssueDoor, one: IssueEvidence) -> EvidenceLine:
    kind = None if one.kind == FILE else kind_called(one.kind)
    kept = one.frozen
    return EvidenceLine(
        evidence=one,
        label=label_of(one.kind),
        shown=kept.get("shown") or kept.get("text", ""),
        source=kept.get("source", ""),
        as_of=kept.get("as_of") or "",
        definition=kept.get("definition_text", ""),
        drift=(kind.drift(kept, door.viewer, door.issue.area) or "") if kind else "",
        file_url=reverse("planning:evidence_file", args=[door.issue.uid, one.uid])
        if one.file_id
        else "",
    )
