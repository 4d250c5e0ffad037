"""What happened in a stay, and what can be recorded of it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from renkei.care.transitions import details
from renkei.care.transitions.models import CaseFact, Channel, CoordinationCase, FactKind, Side
from renkei.care.transitions.queries.cases import CaseDoor, facts_of
from renkei.care.transitions.words import moment_text

K = FactKind
CHANNEL_ICONS: Final = {
    Channel.PHONE: "phone",
    Channel.FAX: "print",
    Channel.SYSTEM: "pencil",
    Channel.PAPER: "document",
    Channel.MEETING: "people",
}
# Recorded through pages of their own, or by the platform.
ELSEWHERE: Final = frozenset({K.RETRACTED, K.TRANSFER_NOTIFIED})


@dataclass(frozen=True)
class FactLine:
    """One fact in words, with what became of it."""

    fact: CaseFact
    label: str
    at: str
    words: Sequence[tuple[str, str]]
    who: str
    heard: str
    channel: str
    icon: str
    replaced: str
    correct_url: str
    retract_url: str


@dataclass(frozen=True)
class Act:
    """A link to record something."""

    url: str
    label: str


def act_for(case: CoordinationCase, kind: FactKind) -> Act:
    url = reverse("transitions:fact_add", args=[case.uid, kind.replace("_", "-")])
    label = "電話・連絡を記録" if kind == K.CONTACT else str(kind.label)
    return Act(url, label)


def recordable(door: CaseDoor) -> frozenset[str]:
    """The kinds of facts this side can record."""
    closed = {kind for kind, side in details.ONLY_SIDE.items() if side != door.side}
    return frozenset(set(FactKind.values) - {kind.value for kind in ELSEWHERE} - closed)


def fact_words(fact: CaseFact, *, content: bool) -> list[tuple[str, str]]:
    """What is written about a fact."""
    return details.words(fact.kind, fact.detail, content=content)


def fact_lines(door: CaseDoor) -> list[FactLine]:
    rows = list(facts_of(door.case))
    by = {row.corrects_id: row for row in rows if row.corrects_id}
    shown = sorted(rows, key=lambda row: (row.at, row.pk), reverse=True)
    return [_fact_line(door, row, by.get(row.pk)) for row in shown]


def _fact_line(door: CaseDoor, row: CaseFact, replaced_by: CaseFact | None) -> FactLine:
    retraction = row.kind == K.RETRACTED
    label = str(FactKind(row.kind).label)
    if retraction and row.corrects:
        label = f"「{FactKind(row.corrects.kind).label}」を取り消した"
    elif row.corrects_id:
        label = f"{label}（直した記録）"
    open_ = replaced_by is None and not retraction and door.may_write
    arguments = [door.case.uid, row.uid]
    replaced = ""
    if replaced_by is not None:
        replaced = "取り消されました" if replaced_by.kind == K.RETRACTED else "直されました"
    return FactLine(
        fact=row,
        label=label,
        at=moment_text(row.at),
        words=fact_words(row, content=door.opens_content),
        who=f"{row.author_name}（{row.organisation_name}）",
        heard=_heard(row),
        channel=str(Channel(row.channel).label),
        icon=CHANNEL_ICONS[Channel(row.channel)],
        replaced=replaced,
        correct_url=reverse("transitions:fact_correct", args=arguments) if open_ else "",
        retract_url=reverse("transitions:fact_retract", args=arguments) if open_ else "",
    )


def _heard(row: CaseFact) -> str:
    """Whose act it was, where somebody of the other side recorded it; and who was reached."""
    side = Side(row.side).label
    return f"{side}　{row.counterpart}" if row.counterpart else str(side)
