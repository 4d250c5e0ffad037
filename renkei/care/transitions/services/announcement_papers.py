"""The letter of a revision by FAX or post, with a slip that finds its way back (T-RULE1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.transitions.documents.announcement import announcement_pdf
from renkei.care.transitions.models import Announcement, AnnouncementOffice
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.documents.pdf import joined
from renkei.foundation.papers.fax import (
    FaxCover,
    FaxRecipient,
    fax_pdf,
    page_total,
    record_fax,
)
from renkei.foundation.papers.models import Ticket
from renkei.foundation.papers.tickets import issue_ticket

TICKET: Final = "transitions.rule_reply"
SUBJECT: Final = "入退院調整ルールの改訂のお知らせ"
# One file for the machine or the envelopes: more offices go in several.
MOST_AT_ONCE: Final = 20


@transaction.atomic
def fax_announcement(
    *, viewer: Viewer, announcement: Announcement, offices: Sequence[AnnouncementOffice]
) -> bytes:
    """One PDF for the machine: for each office its own cover and the letter; all in the 送信簿.

    Raises:
        ValidationError: nobody has a FAX number.
    """
    chosen = [one for one in offices if one.fax][:MOST_AT_ONCE]
    if not chosen:
        raise ValidationError("FAX番号のある事業所がありません。電話で伝えてください。")
    letter = announcement_pdf(announcement)
    # The strip at the foot of every sheet carries the office's number.
    faxes = [_fax(viewer, announcement, one, letter) for one in chosen]
    for one in chosen:
        one.faxed_at = clock.now()
        one.save(update_fields=["faxed_at"])
    record_event(
        actor=viewer.actor,
        action="transition_rule.announcement_faxed",
        target=announcement,
        detail={"offices": len(chosen)},
    )
    return joined(faxes)


@transaction.atomic
def post_announcement(
    *, viewer: Viewer, announcement: Announcement, offices: Sequence[AnnouncementOffice]
) -> bytes:
    """The letters for the envelopes, each with the QR code of its office on the slip.

    Raises:
        ValidationError: nobody is left to write to.
    """
    chosen = list(offices)[:MOST_AT_ONCE]
    if not chosen:
        raise ValidationError("郵送で知らせる事業所がありません。")
    pages = page_total(announcement_pdf(announcement))
    letters = []
    for one in chosen:
        ticket = _ticket(viewer, announcement, one, pages)
        letters.append(announcement_pdf(announcement, office=one.name, ticket=ticket))
        one.posted_at = clock.now()
        one.save(update_fields=["posted_at"])
    record_event(
        actor=viewer.actor,
        action="transition_rule.announcement_posted",
        target=announcement,
        detail={"offices": len(chosen)},
    )
    return joined(letters)


def _fax(
    viewer: Viewer, announcement: Announcement, office: AnnouncementOffice, letter: bytes
) -> bytes:
    sender = announcement.organisation
    ticket = _ticket(viewer, announcement, office, page_total(letter) + 1)
    notes = "2枚目からがお知らせです。"
    if announcement.reply_fax:
        notes += "読んだら、終わりの返信欄を書き、その紙を送り返してください。"
    cover = FaxCover(
        recipients=(FaxRecipient("", office.name, office.fax),),
        sender_organisation=sender.name,
        sender_person=viewer.name,
        sender_phone=sender.phone,
        sender_fax=announcement.reply_fax,
        case_number=ticket.code,
        subject_line=SUBJECT,
        notes=notes,
        reply_to_fax=announcement.reply_fax,
        ticket=ticket,
    )
    made = fax_pdf(cover=cover, documents=[letter])
    record_fax(actor=viewer.actor, organisation_id=sender.pk, cover=cover, pages=page_total(made))
    return made


def _ticket(
    viewer: Viewer, announcement: Announcement, office: AnnouncementOffice, pages: int
) -> Ticket:
    """The office's number: the one it has, as long as somebody may still write on that paper."""
    known = Ticket.objects.filter(
        kind=TICKET,
        subject_uid=office.uid,
        expected_pages=pages,
        closed_at=None,
        expires_at__gt=clock.now(),
    )
    return known.order_by("-pk").first() or issue_ticket(
        actor=viewer.actor,
        kind=TICKET,
        subject_uid=office.uid,
        organisation_id=announcement.organisation_id,
        pages=pages,
    )
