"""Entries and sheets on their way out by FAX: a cover that names nobody, and a ticket back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from renkei.care.patients.fax_covers import refuse_names
from renkei.care.timelines.documents import outside_pdf, sheet_head
from renkei.care.timelines.exports import outside_rows
from renkei.care.timelines.models import Entry, PrintedSheet
from renkei.care.timelines.paper_tickets import BLANK, REPLY, SHEET
from renkei.care.timelines.queries.doors import Door
from renkei.foundation.accounts.queries import membership_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.papers.fax import FaxCover, FaxRecipient, fax_pdf, page_total, record_fax
from renkei.foundation.papers.models import Ticket
from renkei.foundation.papers.tickets import issue_ticket
from renkei.foundation.sheets.documents import PrintedTicket, answer_pdf, empty_pdf
from renkei.foundation.sheets.models import Answer, FormVersion


@dataclass(frozen=True)
class Letter:
    """Where it goes and what the cover adds."""

    recipient: str
    organisation: str
    fax: str
    own_fax: str
    notes: str
    wants_reply: bool


def fax_entry(*, viewer: Viewer, door: Door, entry: Entry, letter: Letter) -> bytes:
    """One entry as a FAX-ready PDF, written into the 送信簿.

    Raises:
        ValidationError: the cover names the person.
    """
    document = outside_pdf(
        door, outside_rows([entry]), period="書き込み 1件", reason="FAXでの情報提供"
    )
    return _fax(
        viewer, door, letter, document, (REPLY, entry.uid, f"{entry.get_kind_display()}の書き込み")
    )


def fax_answer(*, viewer: Viewer, door: Door, answer: Answer, letter: Letter) -> bytes:
    """One sheet as a FAX-ready PDF, written into the 送信簿.

    Raises:
        ValidationError: the cover names the person.
    """
    patient = door.patient
    assert patient is not None  # noqa: S101 - a room of a person
    document = answer_pdf(answer.version, answer.content, head=sheet_head(patient))
    return _fax(viewer, door, letter, document, (SHEET, answer.uid, answer.version.form.name))


@transaction.atomic
def print_empty_sheet(*, viewer: Viewer, door: Door, version: FormVersion) -> bytes:
    """A form to fill in by hand whose number brings it back to this person.

    It names the person: with a number of its own it must not be used for anybody else.
    """
    patient = door.patient
    assert patient is not None  # noqa: S101 - a room of a person
    organisation = membership_of(viewer).organisation
    printed = PrintedSheet.objects.create(patient=patient, version=version, printed_at=clock.now())

    def issue(pages: int) -> PrintedTicket:
        return issue_ticket(
            actor=viewer.actor,
            kind=BLANK,
            subject_uid=printed.uid,
            organisation_id=organisation.pk,
            pages=pages,
        )

    made = empty_pdf(version, head=sheet_head(patient), ticket=issue)
    record_event(
        actor=viewer.actor,
        action="sheet.printed",
        target=patient,
        detail={"form": version.form.code, "paper": str(printed.uid)},
    )
    return made


@transaction.atomic
def _fax(
    viewer: Viewer, door: Door, letter: Letter, document: bytes, subject: tuple[str, UUID, str]
) -> bytes:
    patient = door.patient
    assert patient is not None  # noqa: S101 - a room of a person
    refuse_names(patient, (letter.notes, letter.recipient, letter.organisation))
    kind, uid, title = subject
    organisation = membership_of(viewer).organisation
    ticket: Ticket | None = None
    if letter.wants_reply:
        # The sheets that come back are those that went out, cover included.
        pages = page_total(document) + 1
        ticket = issue_ticket(
            actor=viewer.actor,
            kind=kind,
            subject_uid=uid,
            organisation_id=organisation.pk,
            pages=pages,
        )
    cover = FaxCover(
        recipients=(FaxRecipient(letter.recipient, letter.organisation, letter.fax),),
        sender_organisation=organisation.name,
        sender_person=viewer.name,
        sender_phone=organisation.phone,
        sender_fax=letter.own_fax,
        case_number=ticket.code if ticket else f"{clock.now():%Y%m%d-%H%M%S}",
        subject_line=title,
        notes=letter.notes,
        ticket=ticket,
        reply_to_fax=letter.own_fax if letter.wants_reply else "",
    )
    made = fax_pdf(cover=cover, documents=[document])
    record_fax(
        actor=viewer.actor, organisation_id=organisation.pk, cover=cover, pages=page_total(made)
    )
    return made
