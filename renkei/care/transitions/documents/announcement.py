"""The letter that tells of a revision, for screen, print and FAX: what changes, from when, why."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from renkei.care.transitions.caseforms_papers import mark_of
from renkei.care.transitions.models import Announcement, RuleVersion
from renkei.care.transitions.rule_content import parse
from renkei.care.transitions.rule_differences import PartDifference, PieceKind, differences
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.documents.pdf import compile_pdf, head
from renkei.foundation.common.eras import format_long
from renkei.foundation.papers.models import Ticket

TEMPLATE: Final = Path(__file__).parent / "templates" / "announcement.typ"
NAME: Final = "入退院調整ルールの改訂のお知らせ"


def announcement_pdf(
    announcement: Announcement, *, office: str = "", ticket: Ticket | None = None
) -> bytes:
    """The letter on A4, black on white, with a slip to send back.

    One page wherever the changes leave room. ``office``, ``ticket``: whose letter it is, and the
    number its slip comes back by.
    """
    version = announcement.version
    day = announcement.announced_at.astimezone(TOKYO).date()
    sender = announcement.organisation
    data = {
        "head": head(town=sender.name, name="お知らせ", issued_on=day, source=str(version)),
        "rule": str(version.rule),
        "number": version.number,
        "day": format_long(day),
        "from": format_long(version.period.lower) if version.period else "",
        "reason": version.reason,
        "decision": version.decision,
        "message": [line for line in announcement.message.splitlines() if line.strip()],
        "is_new": announcement.compared_with is None,
        "parts": parts_of(difference_of(announcement.compared_with, version)),
        "office": office,
        "ticket": [mark_of(ticket)] if ticket else [],
        "sender": sender.name,
        "phone": sender.phone,
        "reply_fax": announcement.reply_fax,
    }
    return compile_pdf(TEMPLATE, data, title=NAME)


def difference_of(old: RuleVersion | None, new: RuleVersion) -> tuple[PartDifference, ...]:
    """What changes; where the rule is new, nothing is listed: the book says it all."""
    return differences(parse(old.content), parse(new.content)) if old else ()


def parts_of(parts: Iterable[PartDifference]) -> list[dict[str, Any]]:
    """The differences as the template prints them; what stays as it was is left out."""
    return [
        {
            "label": part.label,
            "rows": [
                {
                    "word": row.word,
                    "label": row.label,
                    "pieces": [
                        {"kind": piece.kind.value, "text": piece.text}
                        for piece in row.pieces
                        if piece.kind != PieceKind.SAME
                    ],
                }
                for row in part.differences
            ],
        }
        for part in parts
    ]
