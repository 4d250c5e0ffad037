"""Having a booklet made, released to residents, and forgotten when its time is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.foundation.audit.actors import SYSTEM, Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.audience import Audience
from renkei.registry.facilities.booklet.apart import set_apart
from renkei.registry.facilities.booklet.pdf import booklet_pdf, poster_pdf
from renkei.registry.facilities.booklet.plan import Booklet
from renkei.registry.facilities.booklet.word import booklet_docx
from renkei.registry.facilities.booklet.workbook import booklet_xlsx
from renkei.registry.facilities.composing import compose_booklet
from renkei.registry.facilities.models import BookletFormat, BookletOrder, BookletState
from renkei.registry.facilities.queries_booklets import BookletScope, booklet_place_ids

log = structlog.get_logger(__name__)

# About 500 pages; a larger area is printed part by part.
MOST_PLACES = 5000
# Up to here the worker sets a booklet itself; beyond, it would keep the memory.
SMALL = 200
KEPT = timedelta(days=30)
TROUBLE = (
    "冊子を作る途中で問題が起きました。もう一度作ってください。続くときは運用者に知らせてください。"
)
WRITERS: dict[str, Callable[[Booklet], bytes]] = {
    BookletFormat.PDF: booklet_pdf,
    BookletFormat.POSTER: poster_pdf,
    BookletFormat.WORD: booklet_docx,
    BookletFormat.EXCEL: booklet_xlsx,
}
ENDINGS = {
    BookletFormat.PDF: "pdf",
    BookletFormat.POSTER: "pdf",
    BookletFormat.WORD: "docx",
    BookletFormat.EXCEL: "xlsx",
}


@transaction.atomic
def order_booklet(
    *,
    viewer: Viewer,
    area: Area,
    title: str,
    groups: Sequence[str],
    edition: Audience,
    confirmed_only: bool,
    format: str,  # noqa: A002 - the field's name
    site_url: str = "",
) -> BookletOrder:
    """Ask the worker for a booklet.

    Raises:
        ValidationError: nothing to print, too much, or an edition above what the viewer may see.
    """
    if viewer.user_id is None or not viewer.audience.includes(edition):
        raise ValidationError({"edition": "この版は作れません。「住民」の版を選んでください。"})
    scope = BookletScope(area, tuple(groups), confirmed_only)
    count = len(booklet_place_ids(scope))
    if not count:
        raise ValidationError(_nothing(scope))
    if count > MOST_PLACES:
        raise ValidationError(
            {"area": f"{count:,}か所あり、1冊に{MOST_PLACES:,}か所までです。"
                     "市区町村ごとに分けるか、種類をしぼってください。"}
        )  # fmt: skip
    order = BookletOrder(
        area=area,
        title=title,
        groups=list(groups),
        edition=edition,
        confirmed_only=confirmed_only,
        format=format,
        site_url=site_url,
        progress_text=BookletState.WAITING.label,
        asked_by_id=viewer.user_id,
        asked_at=clock.now(),
        keep_until=clock.today() + KEPT,
    )
    order.full_clean()
    order.save(force_insert=True)
    record_event(
        actor=viewer.actor,
        action="booklet.ordered",
        target=order,
        detail={"area": area.pk, "edition": str(edition), "format": format, "places": count},
    )
    # Here, because the task calls this module.
    from renkei.registry.facilities.tasks_printing import make_booklet_task

    make_booklet_task.defer(order_uid=str(order.uid))
    return order


def _nothing(scope: BookletScope) -> dict[str, str]:
    if scope.confirmed_only:
        return {"confirmed_only": "確認済みの所がまだありません。この条件を外してください。"}
    if scope.groups:
        return {"groups": "この地域に、選んだ種類の所がありません。種類を選び直してください。"}
    return {
        "area": "この地域の所が台帳にありません。地域を選び直すか、先にデータを取り込んでください。"
    }


def make_booklet(order_uid: UUID) -> None:
    """Make the file of an order; the worker's part. A second call changes nothing."""
    order = BookletOrder.objects.select_related("area").get(uid=order_uid)
    # A worker that died leaves its order at WORKING; its job is given to the next.
    if order.state not in {BookletState.WAITING, BookletState.WORKING}:
        return
    _tell(order, 5, "施設を集めています", state=BookletState.WORKING)
    try:
        booklet = compose_booklet(order)
        _tell(order, 50, f"{booklet.entry_count:,}か所を組んでいます")
        content = _written(booklet, order.format)
    except Exception:
        # Whatever it is, the person who waits is told; the cause is in the log.
        log.exception("booklet.failed", order=str(order.uid))
        order.error = TROUBLE
        _tell(order, 100, "", state=BookletState.FAILED)
        raise
    _finish(order, content, booklet.entry_count)


def _written(booklet: Booklet, form: str) -> bytes:
    large = booklet.entry_count > SMALL and form in {BookletFormat.PDF, BookletFormat.POSTER}
    if large:
        return set_apart(booklet, poster=form == BookletFormat.POSTER)
    return WRITERS[form](booklet)


@transaction.atomic
def _finish(order: BookletOrder, content: bytes, count: int) -> None:
    order.file.save(
        f"booklet.{ENDINGS[BookletFormat(order.format)]}", ContentFile(content), save=False
    )
    order.state, order.progress, order.progress_text = BookletState.READY, 100, ""
    order.place_count, order.size, order.ready_at = count, len(content), clock.now()
    order.save()
    record_event(
        actor=SYSTEM,
        action="booklet.made",
        target=order,
        detail={"places": count, "size": len(content)},
    )


def _tell(order: BookletOrder, percent: int, text: str, *, state: str | None = None) -> None:
    """Say how far it is; seen at once, because no transaction is open."""
    order.progress, order.progress_text = percent, text
    order.state = state or order.state
    order.save(update_fields=["progress", "progress_text", "state", "error"])


@transaction.atomic
def release_booklet(*, actor: Actor, order: BookletOrder) -> BookletOrder:
    """Let residents find it at /booklets/.

    Raises:
        ValidationError: not ready, or not the residents' edition.
    """
    if order.edition != Audience.PUBLIC:
        raise ValidationError("関係者の版は公開できません。住民の版を作ってください。")
    if order.state != BookletState.READY or actor.user_id is None:
        raise ValidationError("まだできていない冊子は公開できません。できてから公開してください。")
    order.released_at, order.released_by_id = clock.now(), actor.user_id
    order.save(update_fields=["released_at", "released_by_id"])
    record_event(actor=actor, action="booklet.released", target=order)
    return order


@transaction.atomic
def withdraw_booklet(*, actor: Actor, order: BookletOrder) -> BookletOrder:
    """Take it back; it stays for staff until its time is over.

    Raises:
        ValidationError: it is not released.
    """
    if order.released_at is None:
        raise ValidationError("この冊子は公開されていません。")
    order.released_at = order.released_by_id = None
    order.save(update_fields=["released_at", "released_by_id"])
    record_event(actor=actor, action="booklet.withdrawn", target=order)
    return order


@transaction.atomic
def forget_old_booklets() -> int:
    """Delete the files whose time is over and which are not released; returns how many."""
    old = BookletOrder.objects.select_for_update().filter(
        keep_until__lt=clock.today(),
        released_at=None,
        state__in=[BookletState.READY, BookletState.FAILED],
    )
    count = 0
    for order in old:
        order.file.delete(save=False)
        order.state = BookletState.EXPIRED
        order.save(update_fields=["file", "state"])
        record_event(actor=SYSTEM, action="booklet.forgotten", target=order)
        count += 1
    return count
