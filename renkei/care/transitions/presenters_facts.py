"""What happened in a stay, and what can be recorded of it, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from renkei.care.transitions import details
from renkei.care.transitions.models import CaseFact, Channel, CoordinationCase, FactKind, Side
from renkei.care.transitions.queries.cases import CaseDoor, facts_of, pointers_of
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
class Act:
    """A link to record something."""

    url: str
    label: str


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
    # What it points at: the sheets that went out, the paper that came back, the meeting.
    links: Sequence[Act] = ()


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
    links = _links(door, rows)
    return [_fact_line(door, row, by.get(row.pk), links.get(row.pk, ())) for row in shown]


def _links(door: CaseDoor, rows: Sequence[CaseFact]) -> dict[int, list[Act]]:
    """The ways to what facts point at, for those who read content; two queries."""
    found: dict[int, list[Act]] = {}
    if not door.opens_content:
        return found
    sendings, room_uid = pointers_of(door)
    case = door.case.uid
    for row in rows:
        lines = found.setdefault(row.pk, [])
        if row.pk in sendings:
            url = reverse("transitions:sending_detail", args=[case, sendings[row.pk]])
            lines.append(Act(url, "渡した様式"))
        if room_uid and row.detail.get("entry_uid"):
            url = reverse("timelines:entry_detail", args=[room_uid, row.detail["entry_uid"]])
            lines.append(Act(url, "届いた紙"))
        if row.detail.get("conference"):
            url = reverse("transitions:conference_detail", args=[case, row.detail["conference"]])
            lines.append(Act(url, "カンファレンス"))
    return found


def _fact_line(
    door: CaseDoor, row: CaseFact, replaced_by: CaseFact | None, links: Sequence[Act]
) -> FactLine:
    retraction = row.kind == K.RETRACTED
    label = str(FactKind(row.kind).label)
    if retraction and row.corrects:
        label = f"「{FactKind(row.corrects.kind).label}」を取り消した"
    elif row.corrects_id:
        label = f"{label}（直した記録）"
    open_ = replaced_by is None and not retraction and door.may_write
    open_ = open_ and details.ONLY_SIDE.get(row.kind, door.side) == door.side
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
        links=links,
    )


def _heard(row: CaseFact) -> str:
    """Whose act it was, where somebody of the other side recorded it; and who was reached."""
    side = Side(row.side).label
    return f"{side}　{row.counterpart}" if row.counterpart else str(side)
