"""What a slip of an announcement brings back: that the office read it (T-RULE1, T-FAX1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError

from renkei.care.transitions.models import Announcement, AnnouncementOffice, ReadWay
from renkei.care.transitions.queries.announcements import announcement_kept_by
from renkei.care.transitions.rules_keeping import may_keep_rules
from renkei.care.transitions.services.announcement_papers import TICKET
from renkei.care.transitions.services.announcements import note_reading
from renkei.foundation.accounts.queries import viewer_behind
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.papers import handlers
from renkei.foundation.papers.models import StoredFile, Ticket

REFUSED: Final = "このお知らせを受け持つ市町村の担当に渡してください。"


def register() -> None:
    """Tell the inbox what the tickets of announcements mean."""
    handlers.register(
        handlers.TicketKind(
            code=TICKET,
            label="入退院調整ルールのお知らせの返信",
            may_file=may_file,
            receive=receive,
            describe=describe,
        )
    )


def may_file(viewer: Viewer, ticket: Ticket) -> bool:
    """Those who keep the rule."""
    return _office(viewer, ticket) is not None


def describe(viewer: Viewer, ticket: Ticket) -> str | None:
    """Which office it comes from."""
    office = _office(viewer, ticket)
    return f"{office.name}　{office.announcement.version}のお知らせ" if office else None


def receive(*, actor: Actor, ticket: Ticket, file: StoredFile, pages: Sequence[int]) -> None:  # noqa: ARG001 - a slip is one sheet
    """The office read it; the slip stands beside it.

    Raises:
        ValidationError: whoever filed it does not keep the rule any more.
    """
    viewer = viewer_behind(actor.membership_id, user_id=actor.user_id or 0)
    office = _office(viewer, ticket) if viewer else None
    if viewer is None or office is None:
        raise ValidationError(REFUSED)
    note_reading(viewer=viewer, office=office, way=ReadWay.FAX, file=file)


def _office(viewer: Viewer, ticket: Ticket) -> AnnouncementOffice | None:
    office = (
        AnnouncementOffice.objects.filter(uid=ticket.subject_uid)
        .select_related("announcement__version__rule")
        .first()
    )
    if office is None or not may_keep_rules(viewer):
        return None
    try:
        announcement_kept_by(viewer, office.announcement.uid)
    except Announcement.DoesNotExist:
        return None
    return office
