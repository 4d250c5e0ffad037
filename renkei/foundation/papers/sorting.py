"""Sorting scans: each page to the ticket it names, or to a person. Nothing is filed by guess.

A second run over the same scan leaves what is already decided alone, so a worker that died in
the middle does no harm.
Source: acceptance.md idea 4; domain/information-sharing.md §6, 14.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from renkei.foundation.accounts.queries import viewer_behind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.notifications.services import notify
from renkei.foundation.papers import queries, reading, rules
from renkei.foundation.papers.assembling import Leaf
from renkei.foundation.papers.files import FileGone, FileRefused, read_file
from renkei.foundation.papers.filing import Sheet, Trouble, file_sheets
from renkei.foundation.papers.models import (
    PageReason,
    PageState,
    Scan,
    ScanFile,
    ScanPage,
    ScanProgress,
    Ticket,
)
from renkei.foundation.papers.numbers import TicketPage
from renkei.foundation.papers.reading import ReadPage
from renkei.foundation.papers.sealing import SealBroken

log = structlog.get_logger(__name__)

# A worker that says nothing for so long is taken for dead.
SILENT: Final = timedelta(minutes=10)
TROUBLE: Final = (
    "仕分けの途中で問題が起きました。もう一度取り込んでください。"
    "続くときは運用者に知らせてください。"
)
UNREADABLE: Final = "このファイルは開けませんでした。スキャンし直して取り込んでください。"


@dataclass(frozen=True)
class FoundPage:
    """One page with the file it lies in."""

    scan_file: ScanFile
    leaf: Leaf
    read: ReadPage

    @property
    def number(self) -> int:
        return self.read.index + 1


def sort_scan(scan_uid: UUID) -> None:
    """The worker's part: read every page, file what names its ticket, queue the rest."""
    scan = _claimed(scan_uid)
    if scan is None:
        return
    try:
        _sort(scan)
    except Exception:
        # Whatever it is, the person who waits is told; the cause is in the log.
        log.exception("scan.failed", scan=str(scan.uid))
        _tell(scan, 100, TROUBLE, state=ScanProgress.FAILED)
        raise


def resume_scans() -> int:
    """Give scans whose worker died to another; returns how many."""
    # Here, because the task calls this module.
    from renkei.foundation.papers.tasks import sort_scan_task

    silent = Scan.objects.filter(
        state__in=[ScanProgress.WAITING, ScanProgress.READING],
        touched_at__lt=clock.now() - SILENT,
    )
    uids = [str(uid) for uid in silent.values_list("uid", flat=True)]
    for uid in uids:
        sort_scan_task.defer(scan_uid=uid)
    return len(uids)


def _claimed(scan_uid: UUID) -> Scan | None:
    """The scan, if nobody works on it: only one worker gets past this."""
    now = clock.now()
    free = Q(state=ScanProgress.WAITING) | Q(
        state=ScanProgress.READING, touched_at__lt=now - SILENT
    )
    taken = Scan.objects.filter(free, uid=scan_uid).update(
        state=ScanProgress.READING, touched_at=now
    )
    return Scan.objects.get(uid=scan_uid) if taken else None


def _sort(scan: Scan) -> None:
    viewer = viewer_behind(scan.membership_id)
    found = _read_all(scan)
    groups, rest = grouped(found, viewer)
    _queue(scan, rest)
    for number, (ticket, pages) in enumerate(groups.items()):
        _tell(scan, 90 + 10 * number // len(groups), "届けています")
        assert viewer is not None  # noqa: S101 - without a viewer no page names a ticket
        _file_group(scan, viewer, ticket, pages)
    _finish(scan)


def _read_all(scan: Scan) -> list[FoundPage]:
    """Every page not yet decided; a file that does not open gets its sentence."""
    known = set(ScanPage.objects.filter(scan=scan).values_list("scan_file_id", "number"))
    files = list(scan.files.select_related("file").order_by("number"))
    found: list[FoundPage] = []
    for place, scan_file in enumerate(files):
        if scan_file.file is None:
            continue
        try:
            content = read_file(scan_file.file)
            total = reading.page_total(content, scan_file.file.media_type)
            for index in range(total):
                share = (place + index / total) / len(files)
                text = f"{place + 1}つ目のファイルの{index + 1}／{total}ページを読んでいます"
                _tell(scan, round(90 * share), text)
                if (scan_file.pk, index + 1) not in known:
                    found.append(_read(scan_file, content, scan_file.file.media_type, index))
        except (FileRefused, FileGone, SealBroken, OSError):
            log.exception("scan.file_unreadable", scan=str(scan.uid), number=scan_file.number)
            found = [page for page in found if page.scan_file != scan_file]
            scan_file.error = UNREADABLE
            scan_file.save(update_fields=["error"])
    return found


def _read(scan_file: ScanFile, content: bytes, media_type: str, index: int) -> FoundPage:
    read = reading.read_page(content, media_type, index)
    return FoundPage(scan_file, Leaf(content, media_type, index, read.turn), read)


def grouped(
    found: Iterable[FoundPage], viewer: Viewer | None
) -> tuple[dict[Ticket, list[tuple[int, FoundPage]]], list[tuple[PageReason, FoundPage]]]:
    """Pages by the ticket they name, with the sheet's number; and those that wait, with why."""
    groups: dict[Ticket, list[tuple[int, FoundPage]]] = defaultdict(list)
    rest: list[tuple[PageReason, FoundPage]] = []
    tickets: dict[str, Ticket | PageReason] = {}
    for page in found:
        sheet = _named(page.read)
        if isinstance(sheet, PageReason):
            rest.append((sheet, page))
            continue
        if sheet.code not in tickets:
            tickets[sheet.code] = _acceptable(sheet.code, viewer)
        ticket = tickets[sheet.code]
        if isinstance(ticket, PageReason):
            rest.append((ticket, page))
        else:
            groups[ticket].append((sheet.page, page))
    return groups, rest


def _named(read: ReadPage) -> TicketPage | PageReason:
    """The one sheet a page names. A form in a FAX carries the FAX's strip beside its own code:

    the same number, and the strip, which counts the cover too, has the larger total.
    """
    if not read.sheets:
        return PageReason.BLANK if read.blank else PageReason.NO_CODE
    if len({sheet.code for sheet in read.sheets}) > 1:
        return PageReason.SEVERAL_CODES
    return max(read.sheets, key=lambda sheet: (sheet.pages, sheet.page))


def _acceptable(code: str, viewer: Viewer | None) -> Ticket | PageReason:
    """The ticket, if this viewer may file to it now.

    One that is another organisation's is as unknown as one that never was.
    """
    ticket = queries.ticket_for(viewer, code) if viewer else None
    if ticket is None or viewer is None or not rules.may_file(viewer, ticket):
        return PageReason.UNKNOWN
    if ticket.closed_at is not None:
        return PageReason.CLOSED
    if ticket.expires_at <= clock.now():
        return PageReason.EXPIRED
    return ticket


def _file_group(
    scan: Scan, viewer: Viewer, ticket: Ticket, pages: Sequence[tuple[int, FoundPage]]
) -> None:
    """File the sheets of one ticket; what its room refuses waits for a person."""
    sheets = [
        Sheet(page_row(scan, page), ticket_page=number, leaf=page.leaf) for number, page in pages
    ]
    try:
        file_sheets(viewer=viewer, ticket=ticket, sheets=sheets)
    except Trouble as trouble:
        _queue(scan, [(PageReason.REFUSED, page) for _, page in pages], note=trouble.sentence)


def page_row(scan: Scan, page: FoundPage) -> ScanPage:
    """A page's row, not saved and not decided yet."""
    return ScanPage(
        scan=scan,
        scan_file=page.scan_file,
        number=page.number,
        digest=page.read.digest,
        turn=page.read.turn,
        state=PageState.QUEUED,
    )


@transaction.atomic
def _queue(scan: Scan, pages: Iterable[tuple[PageReason, FoundPage]], *, note: str = "") -> None:
    rows = []
    for reason, page in pages:
        row = page_row(scan, page)
        row.reason, row.note = reason, note
        rows.append(row)
    ScanPage.objects.bulk_create(rows)


@transaction.atomic
def _finish(scan: Scan) -> None:
    states = list(ScanPage.objects.filter(scan=scan).values_list("state", flat=True))
    _tell(scan, 100, ScanProgress.DONE.label, state=ScanProgress.DONE)
    if PageState.QUEUED in states:
        notify(
            user_ids=[scan.uploaded_by_id],
            kind="papers.pages_wait",
            path=reverse("papers:scan_detail", args=[scan.uid]),
            dedupe_key=f"scan:{scan.uid}",
        )
    detail = {state.value: states.count(state) for state in PageState if state in states}
    record_event(actor=SYSTEM, action="scan.sorted", target=scan, detail=detail)


def _tell(scan: Scan, percent: int, text: str, *, state: ScanProgress | None = None) -> None:
    """Say how far it is; seen at once where no transaction is open."""
    scan.progress, scan.progress_text, scan.touched_at = percent, text, clock.now()
    scan.state = state or scan.state
    scan.save(update_fields=["progress", "progress_text", "touched_at", "state"])
