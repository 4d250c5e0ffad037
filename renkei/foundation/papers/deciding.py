"""What a person decides about a page that waits: its number, away with it, or back again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import SYSTEM
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.papers import handlers, numbers, queries, reading, rules
from renkei.foundation.papers.assembling import Leaf
from renkei.foundation.papers.files import FileGone, destroy_file, read_file
from renkei.foundation.papers.filing import Sheet, Trouble, file_sheets
from renkei.foundation.papers.models import (
    PageState,
    Scan,
    ScanPage,
    ScanProgress,
    Ticket,
)

# A settled scan can be looked at and taken back for so long; then it is destroyed: what was filed
# lies with its ticket's room, under its rules.
KEPT: Final = timedelta(days=30)
SCREEN_DPI: Final = 120
NOT_HERE: Final = (
    "この受付番号は、この組織では受け付けられません。紙の番号を確かめるか、"
    "紙を作った所に問い合わせてください。"
)
CLOSED: Final = (
    "この受付番号は、受付が終わっています。紙を作った所に確かめてから、捨てるか保管してください。"
)
DECIDED: Final = "この紙は、ほかの人がすでに決めました。一覧を開き直してください。"


@dataclass(frozen=True)
class Destination:
    """Where a page would go: shown before it goes there."""

    ticket: Ticket
    label: str
    description: str
    filed_before: bool


@transaction.atomic
def destination_of(*, viewer: Viewer, typed: str, page: int) -> Destination:
    """What the typed number belongs to; looking is recorded, for it may name a person.

    Raises:
        ValidationError: no number, or none that this viewer may file to; whether it exists
            elsewhere is not told.
    """
    try:
        code = numbers.typed_number(typed)
    except ValidationError as error:
        raise ValidationError({"number": error}) from error
    ticket = queries.ticket_for(viewer, code)
    if ticket is None or not rules.may_file(viewer, ticket):
        raise ValidationError({"number": NOT_HERE})
    if ticket.closed_at is not None:
        raise ValidationError({"number": CLOSED})
    kind = handlers.kind_of(ticket)
    assert kind is not None  # noqa: S101 - may_file has asked for it
    filed = ScanPage.objects.filter(ticket=ticket, ticket_page=page, state=PageState.FILED)
    destination = Destination(
        ticket=ticket,
        label=kind.label,
        description=kind.describe(viewer, ticket) or "",
        filed_before=filed.exists(),
    )
    record_event(actor=viewer.actor, action="scan.destination_read", target=ticket)
    return destination


@transaction.atomic
def file_page(
    *, viewer: Viewer, page: ScanPage, destination: Destination, ticket_page: int, turn: int
) -> ScanPage:
    """File a waiting page to the ticket a person named and looked at.

    Raises:
        ValidationError: decided by somebody else in the meantime, or refused by its room.
    """
    page = _waiting(page)
    file = page.scan_file.file
    assert file is not None  # noqa: S101 - a page was read from it
    page.turn, page.decided_by_id = turn, viewer.user_id
    leaf = Leaf(read_file(file), file.media_type, page.number - 1, turn)
    sheet = Sheet(page, ticket_page=ticket_page, leaf=leaf)
    try:
        file_sheets(viewer=viewer, ticket=destination.ticket, sheets=[sheet], again=True)
    except Trouble as trouble:
        raise ValidationError(trouble.sentence) from trouble
    return page


@transaction.atomic
def discard_page(*, viewer: Viewer, page: ScanPage, reason: str) -> ScanPage:
    """Put a waiting page away; for thirty days it can be taken back.

    Raises:
        ValidationError: without a reason, or decided by somebody else.
    """
    if not reason.strip():
        raise ValidationError({"reason": "捨てる理由を選んでください。"})
    page = _waiting(page)
    page.state, page.note = PageState.REJECTED, reason.strip()
    page.decided_by_id, page.decided_at = viewer.user_id, clock.now()
    page.save(update_fields=["state", "note", "decided_by", "decided_at"])
    record_event(
        actor=viewer.actor, action="scan.page_discarded", target=page, detail={"why": page.note}
    )
    return page


@transaction.atomic
def restore_page(*, viewer: Viewer, page: ScanPage) -> ScanPage:
    """Take a discarded page back into the queue.

    Raises:
        ValidationError: it is not there any more.
    """
    page = (
        ScanPage.objects.select_for_update(of=("self",))
        .select_related("scan_file__file")
        .get(pk=page.pk)
    )
    file = page.scan_file.file
    if page.state != PageState.REJECTED or file is None or file.destroyed_at is not None:
        raise ValidationError("この紙は戻せません。もう一度スキャンして取り込んでください。")
    page.state, page.note = PageState.QUEUED, ""
    page.decided_by = page.decided_at = None
    page.save(update_fields=["state", "note", "decided_by", "decided_at"])
    record_event(actor=viewer.actor, action="scan.page_restored", target=page)
    return page


def _waiting(page: ScanPage) -> ScanPage:
    """The page, held; two people may look at the same queue."""
    page = (
        ScanPage.objects.select_for_update(of=("self",))
        .select_related("scan", "scan_file__file")
        .get(pk=page.pk)
    )
    if page.state != PageState.QUEUED:
        raise ValidationError(DECIDED)
    return page


@transaction.atomic
def look_at_page(*, viewer: Viewer, page: ScanPage, turn: int) -> bytes:
    """The picture of a page, and the record that it was looked at.

    Raises:
        FileGone: the scan was destroyed.
    """
    file = page.scan_file.file
    if file is None:
        raise FileGone(str(page.uid))
    picture = reading.page_picture(
        read_file(file), file.media_type, page.number - 1, dpi=SCREEN_DPI
    )
    content = reading.picture_bytes(picture, page.turn + turn)
    record_event(actor=viewer.actor, action="scan.page_read", target=page)
    return content


@transaction.atomic
def forget_settled_scans() -> int:
    """Destroy the files of scans that nobody waits for any more; returns how many scans."""
    settled = (
        Scan.objects.filter(
            state__in=[ScanProgress.DONE, ScanProgress.FAILED],
            uploaded_at__lt=clock.now() - KEPT,
            files__file__destroyed_at=None,
            files__file__isnull=False,
        )
        .exclude(pages__state=PageState.QUEUED)
        .exclude(pages__decided_at__gte=clock.now() - KEPT)
        .distinct()
    )
    count = 0
    for scan in settled:
        for scan_file in scan.files.filter(file__isnull=False).select_related("file"):
            assert scan_file.file is not None  # noqa: S101 - filtered
            destroy_file(actor=SYSTEM, stored=scan_file.file)
        record_event(actor=SYSTEM, action="scan.forgotten", target=scan)
        count += 1
    return count
