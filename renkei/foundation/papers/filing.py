"""Filing sheets to their ticket: by the worker, or by a person who typed the number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.accounts.queries import viewer_behind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.media_types import PDF
from renkei.foundation.papers import handlers, rules
from renkei.foundation.papers.assembling import Leaf, bound
from renkei.foundation.papers.files import store_file
from renkei.foundation.papers.models import PageReason, PageState, ScanPage, Ticket

log = structlog.get_logger(__name__)

OWNER: Final = "papers.ticket"
LONGEST_NOTE: Final = 200
TROUBLE: Final = (
    "届け先で問題が起きました。もう一度届けてみてください。続くときは運用者に知らせてください。"
)
NOT_ANY_MORE: Final = "この紙の届け先に書き込めません。届け先の事業所に確かめてください。"


class Trouble(Exception):  # noqa: N818 - what happened
    """The ticket's room did not take the sheets; nothing of them is filed."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.sentence = sentence[:LONGEST_NOTE]


@dataclass(frozen=True)
class Sheet:
    """One page on its way to a ticket: its row, saved or not, and its dots."""

    row: ScanPage
    ticket_page: int
    leaf: Leaf


@transaction.atomic
def file_sheets(
    *, viewer: Viewer, ticket: Ticket, sheets: Sequence[Sheet], again: bool = False
) -> list[ScanPage]:
    """Give sheets to the room of their ticket, all or none, in one transaction.

    A sheet whose very scan was filed before is marked as such; another scan of a sheet that was
    filed before waits for a person, unless a person says so with ``again``.

    Returns: the rows as they are now.

    Raises:
        Trouble: the room refused, or the viewer may not file there any more.
    """
    # Two scans of one paper may be sorted at the same moment.
    ticket = Ticket.objects.select_for_update().get(pk=ticket.pk)
    kind = handlers.kind_of(ticket)
    # A scan of many pages takes minutes: whoever brought it may have left meanwhile.
    acting = viewer_behind(viewer.membership_id, user_id=viewer.user_id)
    if kind is None or acting is None or not rules.may_file(acting, ticket):
        raise Trouble(NOT_ANY_MORE)
    accepted = _without_known(ticket, sheets, again=again)
    if accepted:
        accepted.sort(key=lambda sheet: (sheet.ticket_page, sheet.row.number))
        _receive(kind, viewer, ticket, accepted)
    return [sheet.row for sheet in sheets]


def _without_known(ticket: Ticket, sheets: Sequence[Sheet], *, again: bool) -> list[Sheet]:
    """The sheets that are new; the rows of the others are saved with their reason."""
    filed = set(
        ScanPage.objects.filter(ticket=ticket, state=PageState.FILED).values_list(
            "ticket_page", "digest"
        )
    )
    numbers = {page for page, _ in filed}
    accepted = []
    for sheet in sheets:
        row, key = sheet.row, (sheet.ticket_page, sheet.row.digest)
        if key in filed:
            row.state, row.reason = PageState.DUPLICATE, PageReason.NONE
            row.ticket, row.ticket_page = ticket, sheet.ticket_page
            row.save()
        elif sheet.ticket_page in numbers and not again:
            row.state, row.reason = PageState.QUEUED, PageReason.SAME_PAGE
            row.save()
        else:
            accepted.append(sheet)
        filed.add(key)
        numbers.add(sheet.ticket_page)
    return accepted


def _receive(
    kind: handlers.TicketKind, viewer: Viewer, ticket: Ticket, sheets: Sequence[Sheet]
) -> None:
    pages = [sheet.ticket_page for sheet in sheets]
    try:
        file = store_file(
            actor=viewer.actor,
            content=bound(sheet.leaf for sheet in sheets),
            name=f"{kind.label}.pdf",
            owner=(OWNER, ticket.uid),
            allow=frozenset({PDF}),
        )
        kind.receive(actor=viewer.actor, ticket=ticket, file=file, pages=pages)
    except ValidationError as error:
        raise Trouble(" ".join(error.messages)) from error
    except Exception as error:
        log.exception("ticket.not_received", ticket=str(ticket.uid), kind=ticket.kind)
        raise Trouble(TROUBLE) from error
    for sheet in sheets:
        row = sheet.row
        row.state, row.reason, row.note = PageState.FILED, PageReason.NONE, ""
        row.ticket, row.ticket_page, row.filed_as = ticket, sheet.ticket_page, file
        row.decided_at = clock.now()
        row.save()
    record_event(
        actor=viewer.actor,
        action="scan.filed",
        target=ticket,
        detail={"kind": ticket.kind, "pages": pages, "scan": str(sheets[0].row.scan.uid)},
    )
