"""Words for the pages of papers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from renkei.foundation.papers import handlers
from renkei.foundation.papers.deciding import KEPT
from renkei.foundation.papers.models import PageReason, PageState, Scan, ScanPage, ScanProgress

_STATUS: Final = {
    PageState.FILED: "done",
    PageState.QUEUED: "soon",
    PageState.REJECTED: "plain",
    PageState.DUPLICATE: "in",
}


@dataclass(frozen=True)
class PageRow:
    """One page in a list: its state in words and what it is about."""

    page: ScanPage
    place: str
    status: str
    word: str
    about: str
    waits: bool


@dataclass(frozen=True)
class ScanRow:
    """One upload in a list."""

    scan: Scan
    status: str
    word: str
    counts: list[tuple[str, int]]


def tabs(current: str) -> list[dict[str, object]]:
    """受け取り, 送信簿."""
    entries = (("papers:inbox", "受け取り"), ("papers:sent_list", "送信簿"))
    return [
        {"url": reverse(name), "label": label, "current": name == current}
        for name, label in entries
    ]


def page_rows(pages: Iterable[ScanPage]) -> list[PageRow]:
    """Pages as rows; what was filed says what it was filed as, never to whom it belongs."""
    listed = list(pages)
    several = len({page.scan_file_id for page in listed}) > 1
    return [
        PageRow(
            page=page,
            place=f"{page.scan_file}の{page}" if several else str(page),
            status=_STATUS[PageState(page.state)],
            word=page.get_state_display(),
            about=_about(page),
            waits=page.state == PageState.QUEUED,
        )
        for page in listed
    ]


def _about(page: ScanPage) -> str:
    if page.ticket is not None:
        label = handlers.label_of(page.ticket)
        return f"{label}　受付番号 {page.ticket.number} の{page.ticket_page}枚目"
    if page.state == PageState.QUEUED:
        reason = PageReason(page.reason).label
        return f"{reason}。{page.note}" if page.note else f"{reason}。"
    return page.note


def scan_rows(scans: Iterable[Scan]) -> list[ScanRow]:
    """Uploads as rows, with counts by state."""
    return [_scan_row(scan) for scan in scans]


def _scan_row(scan: Scan) -> ScanRow:
    counts = [(str(state.label), int(getattr(scan, f"{state.value}_count"))) for state in PageState]
    status, word = "in", scan.get_state_display()
    if scan.state == ScanProgress.FAILED:
        status = "over"
    elif scan.state == ScanProgress.DONE:
        waits = getattr(scan, f"{PageState.QUEUED.value}_count")
        status, word = ("soon", "確認待ちがあります") if waits else ("done", "仕分けが済みました")
    return ScanRow(scan, status, word, [(label, count) for label, count in counts if count])


def discarded_until(page: ScanPage) -> datetime | None:
    """Until when a discarded page can be taken back."""
    if page.state != PageState.REJECTED or page.decided_at is None:
        return None
    return page.decided_at + KEPT
