"""Links in words, for the team and for whoever got one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from renkei.care.timelines.exports import outside_rows
from renkei.care.timelines.link_queries import OpenDocument
from renkei.care.timelines.link_rules import LinkState, state_of
from renkei.care.timelines.models import OutsideLink
from renkei.foundation.accounts.queries import membership_of
from renkei.foundation.common import eras
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.sheets.answers import values_of
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.presenters import read_sections


@dataclass(frozen=True)
class LinkLine:
    """One link as the team reads of it."""

    link: OutsideLink
    what: str
    receiver: str
    state: LinkState
    sender: str


def link_lines(links: Iterable[OutsideLink]) -> list[LinkLine]:
    """The links in words, in the order given."""
    return [
        LinkLine(
            link,
            _what(link),
            link.grant.reason,
            state_of(link),
            f"{link.made_by.user.name}（{link.made_by.organisation.name}）",
        )
        for link in links
    ]


def _what(link: OutsideLink) -> str:
    if link.entry is not None:
        at = link.entry.posted_at.astimezone(TOKYO)
        return f"{link.entry.get_kind_display()}の書き込み（{at:%Y-%m-%d}）"
    return str(link.version.form.name) if link.version else "記入された様式"


def about_person(document: OpenDocument) -> dict[str, str]:
    """Whom the document is about: as much as stands on a FAX."""
    patient = document.patient
    return {
        "name": f"{patient.name}（{patient.kana}）" if patient.kana else patient.name,
        "birth": eras.format_both(patient.birth_on) if patient.birth_on else "記録なし",
        # Whoever has a question about it telephones.
        "phone": membership_of(document.door.viewer).organisation.phone,
    }


def shown_document(document: OpenDocument) -> dict[str, Any]:
    """The one entry or sheet, without what surrounds it: no earlier answer, no reply, no file."""
    shown: dict[str, Any] = {
        "about": about_person(document),
        "sender": document.door.viewer,
        "link": document.link,
    }
    if document.entry is not None:
        [row] = outside_rows([document.entry])
        return {**shown, "row": row, "title": f"{row['kind']}の書き込み"}
    answer = document.answer
    assert answer is not None  # noqa: S101 - a link shows an entry or an answer
    definition = parse(answer.version.questionnaire)
    return {
        **shown,
        "answer": answer,
        "title": definition.title,
        "sections": read_sections(definition, values_of(answer.content, definition)),
    }
