"""Forms and papers as A4 PDF: empty to be filled in by hand, filled, with the ticket that returns.

Every page carries town, name, edition, day of issue, ticket and page n/N, and is legible after a
200-dpi FAX (ui.md §6): black on white, nothing thinner than 0.75 pt, at least 10.5 pt.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Protocol

from pypdf import PdfReader

from renkei.foundation.common import clock, eras
from renkei.foundation.common.documents.pdf import compile_pdf
from renkei.foundation.common.documents.pdf import head as pdf_head
from renkei.foundation.common.qr import qr_svg, size_mm
from renkei.foundation.papers.numbers import qr_text, readable
from renkei.foundation.sheets.answers import values_of
from renkei.foundation.sheets.definition import parse
from renkei.foundation.sheets.models import FormVersion
from renkei.foundation.sheets.paper_layout import Filling, breakable, filled, sections
from renkei.foundation.sheets.shipped.paper_blocks import Block
from renkei.foundation.sheets.shipped.papers import PAPERS

TEMPLATES: Final = Path(__file__).parent / "paper_templates"
MUST: Final = "※は必ず書く欄です。"
CHANGES: Final = "太字と下線は、前回から変わったところです。"
# Millimetres of a row to write in, and the room left for a name that is not known.
WRITING_ROW: Final = 7.0
TALL_ROW: Final = 16.0
ROOM: Final = "＿" * 10
_NAME: Final = re.compile(r"\{([a-z_]+)\}")
# Takes the room of a real number while the pages are counted.
UNISSUED: Final = "0" * 12
_BOX: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><g fill="none" stroke="#000">'
)
MARKS: Final = {
    "off": _BOX + '<rect x="2" y="2" width="20" height="20" stroke-width="2.6"/></g></svg>',
    "on": _BOX + '<rect x="2" y="2" width="20" height="20" stroke-width="2.6"/>'
    '<path d="M5 12l5 6L20 5" stroke-width="4"/></g></svg>',
}


class PrintedTicket(Protocol):
    """What is printed of a ticket (``papers.tickets``)."""

    @property
    def code(self) -> str: ...
    @property
    def expected_pages(self) -> int: ...
    def qr_text(self, page: int) -> str: ...


# A ticket names the number of its pages, which is known only once they are set: give the way to
# issue it, and it is issued with the right number.
TicketFor = Callable[[int], PrintedTicket]
TicketOrWay = PrintedTicket | TicketFor | None


class TooFewPagesOnTicketError(ValueError):
    """The document has more pages than the ticket says; issue it by ``Callable[[int], Ticket]``."""


@dataclass(frozen=True, slots=True)
class Head:
    """Whose document it is. ``issued_on`` None = today.

    ``subject``: whom it is about, on every page; loose sheets of two persons must not be mixed up.
    """

    town: str
    issued_on: date | None = None
    subject: str = ""


def empty_pdf(
    version: FormVersion, *, head: Head | None = None, ticket: TicketOrWay = None
) -> bytes:
    """The form to fill in by hand.

    Raises:
        TooFewPagesOnTicketError: as the name says.
    """
    head = head or Head(version.issuer)
    return _form_pdf(version, Filling(_day(head)), head, ticket)


def answer_pdf(
    version: FormVersion,
    content: Mapping[str, Any],
    *,
    head: Head,
    ticket: TicketOrWay = None,
    before: Mapping[str, Any] | None = None,
) -> bytes:
    """The form with its answers; ``before`` (an earlier content) marks what changed since.

    Raises:
        TooFewPagesOnTicketError: as the name says.
    """
    definition = parse(version.questionnaire)
    filling = filled(
        definition,
        values_of(content, definition),
        day=_day(head),
        before=None if before is None else values_of(before, definition),
    )
    return _form_pdf(version, filling, head, ticket)


def _day(head: Head) -> date:
    return head.issued_on or clock.today()


def _form_pdf(version: FormVersion, filling: Filling, head: Head, ticket: TicketOrWay) -> bytes:
    definition = parse(version.questionnaire)
    legend = MUST if filling.is_empty else CHANGES if filling.before is not None else ""
    data = {
        "head": _head(
            head,
            name=definition.title,
            edition=f"第{version.number}版",
            source=f"出典：{version.source}" if version.source else "",
        ),
        "marks": MARKS,
        "legend": legend,
        "sections": sections(definition, filling),
    }
    return typeset(TEMPLATES / "form.typ", data, title=definition.title, ticket=ticket)


def _head(head: Head, *, name: str, edition: str, source: str) -> dict[str, str]:
    made = pdf_head(town=head.town, name=name, issued_on=_day(head), source=source)
    return made | {"edition": edition, "subject": breakable(head.subject)}


def typeset(template: Path, data: Mapping[str, Any], *, title: str, ticket: TicketOrWay) -> bytes:
    """Set a document whose every page carries the mark of the ticket."""
    if ticket is None:
        return compile_pdf(template, {**data, "ticket": []}, title=title)
    if callable(ticket):
        # Set once with marks of the same size to count the pages, then with the real ones.
        mark = _mark(UNISSUED, qr_text(UNISSUED, 1, 1))
        draft = compile_pdf(template, {**data, "ticket": [mark]}, title=title)
        ticket = ticket(page_count(draft))
    marks = [
        _mark(ticket.code, ticket.qr_text(page), page, ticket.expected_pages)
        for page in range(1, ticket.expected_pages + 1)
    ]
    made = compile_pdf(template, {**data, "ticket": marks}, title=title)
    if page_count(made) > ticket.expected_pages:
        raise TooFewPagesOnTicketError(str(ticket.expected_pages))
    return made


def _mark(code: str, text: str, page: int = 1, pages: int = 1) -> dict[str, Any]:
    return {
        "number": readable(code),
        "place": f"{page} / {pages}",
        "svg": qr_svg(text, label=""),
        "size": size_mm(text),
    }


def page_count(pdf: bytes) -> int:
    """How many sheets of paper it is."""
    return len(PdfReader(io.BytesIO(pdf)).pages)


def paper_edition(code: str) -> str:
    """The number of a paper's edition, for another paper that refers to it."""
    return str(PAPERS[code].number)


def paper_pdf(
    code: str,
    fields: Mapping[str, str],
    *,
    head: Head,
    ticket: TicketOrWay = None,
    texts: Mapping[str, Sequence[str]] | None = None,
    ticked: Collection[str] = (),
) -> bytes:
    """One of the papers of the network (``shipped.papers``), empty where a field has no value.

    ``texts`` puts a region's own words in the place of a block's, by the key of the block;
    ``ticked`` are the words of the boxes that are ticked.

    Raises:
        KeyError: there is no such paper.
        TooFewPagesOnTicketError: as the name says.
    """
    paper = PAPERS[code]
    data = {
        "head": _head(
            head,
            name=paper.name,
            edition=f"第{paper.number}版",
            source=f"第{paper.number}版　{eras.format_long(paper.valid_from)}から",
        ),
        "marks": MARKS,
        "blocks": [
            _block(each, {"town": head.town, **fields}, texts or {}, ticked)
            for each in paper.blocks
        ],
    }
    return typeset(TEMPLATES / "paper.typ", data, title=paper.name, ticket=ticket)


def _block(
    block: Block,
    fields: Mapping[str, str],
    texts: Mapping[str, Sequence[str]],
    ticked: Collection[str],
) -> dict[str, Any]:
    lines = texts.get(block.key, block.lines)
    return {
        "kind": block.kind.value,
        "lines": [breakable(_filled(line, fields)) for line in lines],
        "ticked": [line in ticked for line in lines],
        "rows": [
            {
                "label": row.label,
                "value": breakable(fields.get(row.key, "")),
                "height": TALL_ROW if row.tall else WRITING_ROW,
            }
            for row in block.rows
        ],
    }


def _filled(line: str, fields: Mapping[str, str]) -> str:
    """The names in braces as their values; without one there is room to write."""
    return _NAME.sub(lambda match: fields.get(match[1], "") or ROOM, line)
