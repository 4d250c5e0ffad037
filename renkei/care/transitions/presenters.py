"""Stays in a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from renkei.care.transitions.models import CaseState, CoordinationCase, Side
from renkei.care.transitions.words import day_text, due_text
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO


@dataclass(frozen=True)
class CaseLine:
    """One stay in a list."""

    case: CoordinationCase
    url: str
    state: str
    is_leak: bool
    since: str
    mark: str
    word: str
    due: str
    turn: str
    mine: bool


def case_lines(viewer: Viewer, cases: Iterable[CoordinationCase]) -> list[CaseLine]:
    """The lines of a list, from the copies the stays keep: no query per stay."""
    now = clock.now()
    return [_line(viewer, case, now) for case in cases]


def _line(viewer: Viewer, case: CoordinationCase, now: datetime) -> CaseLine:
    mark, word = _mark(case, now)
    own = Side.HOSPITAL if case.hospital_id == viewer.organisation_id else Side.CARE
    due = f"{next_label(case)}　{due_text(case.next_due_at)}" if case.next_due_at else ""
    return CaseLine(
        case=case,
        url=reverse("transitions:case_detail", args=[case.uid]),
        state=state_text(case),
        is_leak=case.is_leak,
        since=day_text(case.admitted_at) if case.admitted_at else "",
        mark=mark,
        word=word,
        due=due,
        turn=Side(case.next_side).label if case.next_side else "",
        mine=case.next_side == own,
    )


def next_label(case: CoordinationCase) -> str:
    """What its rule calls the next deadline."""
    rows = case.rule_version.content["deadlines"] if case.rule_version else []
    return next((row["label"] for row in rows if row["code"] == case.next_code), case.next_code)


def _mark(case: CoordinationCase, now: datetime) -> tuple[str, str]:
    if case.next_due_at is None:
        return ("plain", "期限なし") if case.is_open else ("done", "終わり")
    if now > case.next_due_at:
        return "over", "超過"
    soon = case.next_due_at - now <= timedelta(days=1)
    return ("soon", "間近") if soon else ("in", "期限内")


def state_text(case: CoordinationCase) -> str:
    """入院中 5日目, or where else the stay is."""
    words = str(CaseState(case.state).label)
    if case.in_hospital and case.admitted_at is not None:
        days = (clock.today() - case.admitted_at.astimezone(TOKYO).date()).days + 1
        return f"{words}・入院{max(days, 1)}日目"
    return words
