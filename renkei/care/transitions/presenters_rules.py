"""Rules in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from renkei.care.transitions.models import RuleVersion, Side
from renkei.care.transitions.queries.rules import rule_in_force
from renkei.care.transitions.rule_content import (
    BUSINESS_DAYS,
    NEXT_BUSINESS_DAY,
    Deadline,
    RuleContent,
    counting_text,
    parse,
)
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_long


@dataclass(frozen=True)
class RuleLine:
    """One rule in the list."""

    version: RuleVersion
    url: str
    summary: str
    since: str
    in_force: bool


@dataclass(frozen=True)
class DeadlineLine:
    """One deadline in words."""

    deadline: Deadline
    who: str
    counting: str
    how: str


@dataclass(frozen=True)
class RulePage:
    """One edition of a rule."""

    version: RuleVersion
    content: RuleContent
    since: str
    deadlines: Sequence[DeadlineLine]
    steps: Sequence[tuple[str, str, str, str, str]]


def rules_for(viewer: Viewer, versions: Iterable[RuleVersion]) -> list[RuleLine]:
    """Every published edition; the one the viewer's area goes by says so."""
    mine = rule_in_force(own_area_of(viewer), clock.today())
    return [
        RuleLine(
            version=version,
            url=reverse("transitions:rule_detail", args=[version.uid]),
            summary=str(version.content.get("summary", "")),
            since=_since(version),
            in_force=mine is not None and mine.pk == version.pk,
        )
        for version in versions
    ]


def rule_page_of(version: RuleVersion) -> RulePage:
    """Everything the page of an edition shows."""
    content = parse(version.content)
    return RulePage(
        version=version,
        content=content,
        since=_since(version),
        deadlines=[_deadline(each) for each in content.deadlines],
        steps=[
            (each.number, each.title, str(Side(each.side).label), each.when, each.source)
            for each in content.steps
        ],
    )


def _since(version: RuleVersion) -> str:
    return f"{format_long(version.period.lower)}から" if version.period else ""


def _deadline(deadline: Deadline) -> DeadlineLine:
    how = []
    how.append(
        "土日・祝日と休みの日は数えません"
        if deadline.unit == BUSINESS_DAYS
        else "土日・祝日も数えます"
    )
    if deadline.after_hours == NEXT_BUSINESS_DAY:
        how.append("受付時間の後は次の営業日から数えます")
    if deadline.closed_day == NEXT_BUSINESS_DAY:
        how.append("最後の日が休みのときは次の営業日まで")
    return DeadlineLine(
        deadline, str(Side(deadline.side).label), counting_text(deadline), "。".join(how)
    )
