"""Agreements (協定) as their pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from renkei.foundation.accounts.rules_agreements import Standing, is_asked, is_over, standing_of
from renkei.foundation.areas.models import Agreement, AgreementMember, Area

# What waits for the viewer comes first.
GROUPS = (
    ("あなたの市町村の確認を待っている協定", {Standing.TO_ANSWER}),
    ("いまの協定", {Standing.IN_FORCE, Standing.COMING}),
    ("相手の確認を待っている協定", {Standing.WAITING}),
    ("終わった協定・断った提案", {Standing.ENDED}),
)


@dataclass(frozen=True)
class AgreementRow:
    """One line of the list."""

    agreement: Agreement
    others: str
    standing: Standing


@dataclass(frozen=True)
class MemberRow:
    """One municipality of an agreement."""

    name: str
    kind: str
    word: str
    first_day: date | None
    last_day: date | None
    answered_at: datetime | None
    answered_by: str


def agreement_groups(
    agreements: Iterable[Agreement], area: Area, day: date
) -> list[tuple[str, list[AgreementRow]]]:
    """The agreements under their headings; headings without any are left out."""
    rows = [
        AgreementRow(one, _others(one, area), standing_of(one, area, day)) for one in agreements
    ]
    groups = [(title, [row for row in rows if row.standing in kinds]) for title, kinds in GROUPS]
    return [(title, found) for title, found in groups if found]


def _others(agreement: Agreement, area: Area) -> str:
    names = [one.area.name for one in agreement.members.all() if one.area_id != area.pk]
    return "、".join(dict.fromkeys(names))


def member_rows(agreement: Agreement, day: date) -> list[MemberRow]:
    """Every municipality, with since and until and its answer."""
    return [_member_row(agreement, one, day) for one in agreement.members.all()]


def _member_row(agreement: Agreement, member: AgreementMember, day: date) -> MemberRow:
    kind, word = _word(agreement, member, day)
    took_part = member.confirmed_at is not None
    lasts = [one for one in (member.last_day, agreement.last_day) if one is not None]
    return MemberRow(
        name=member.area.name,
        kind=kind,
        word=word,
        first_day=member.period.lower if took_part else None,
        last_day=min(lasts, default=None) if took_part else None,
        answered_at=member.confirmed_at or member.refused_at,
        answered_by=member.answered_by.name if member.answered_by else "",
    )


def _word(agreement: Agreement, member: AgreementMember, day: date) -> tuple[str, str]:
    if member.refused_at is not None:
        return "", "断りました"
    if is_over(agreement, member, day):
        return "", "終わりました"
    if is_asked(member):
        return "soon", "確認待ち"
    return ("", "これから") if member.period.lower > day else ("in", "加わっています")
