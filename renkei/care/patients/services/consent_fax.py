"""A consent by FAX (同意書送信票): the form to sign, or the proof that exists (T-AZ2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from renkei.care.patients.documents.consent import consent_record_pdf
from renkei.care.patients.fax_covers import refuse_names
from renkei.care.patients.models import ConsentPaper, PaperKind, Patient, Relative
from renkei.care.patients.papers import bare_form_pdf, explanation_pdf, ticket_for_form
from renkei.care.patients.queries import present_consent
from renkei.care.patients.queries_consent import file_of_paper
from renkei.foundation.accounts.queries import membership_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.papers.fax import FaxCover, FaxRecipient, fax_pdf, page_total, record_fax
from renkei.foundation.papers.files import FileGone, read_file
from renkei.foundation.papers.models import Ticket

NOTHING = "送る書類を1つ以上選んでください。"
GONE = "選んだ紙の写しを読めません。選び直してください。"


@dataclass(frozen=True)
class ConsentPapers:
    """Which papers go: at most one form to sign, so that its number means one thing."""

    form: PaperKind | None = None
    explanation: bool = False
    record: bool = False
    scans: Sequence[ConsentPaper] = ()
    relative: Relative | None = None

    @property
    def subject_line(self) -> str:
        """What it is, never whose."""
        words = [f"{self.form.label}（署名のお願い）"] if self.form else []
        words += ["説明書"] if self.explanation else []
        words += ["同意の記録の写し"] if self.record else []
        kinds = dict.fromkeys(paper.get_kind_display() for paper in self.scans)
        words += [f"{kind}の写し" for kind in kinds]
        return "・".join(words)


@dataclass(frozen=True)
class ConsentLetter:
    """Where it goes and what the cover adds."""

    recipients: tuple[FaxRecipient, ...]
    own_fax: str = ""
    notes: str = ""


@transaction.atomic
def fax_consent(
    *, viewer: Viewer, patient: Patient, papers: ConsentPapers, letter: ConsentLetter
) -> bytes:
    """Cover and papers as one PDF, written into the 送信簿; a form to sign finds its way back.

    Raises:
        ValidationError: nothing or nobody was chosen, or the cover names somebody.
    """
    words = [letter.notes, *(f"{one.organisation}{one.name}" for one in letter.recipients)]
    refuse_names(patient, words, relative=papers.relative)
    documents = _documents(viewer, patient, papers)
    ticket = _ticket(viewer, patient, papers, documents)
    organisation = membership_of(viewer).organisation
    cover = FaxCover(
        recipients=letter.recipients,
        sender_organisation=organisation.name,
        sender_person=viewer.name,
        sender_phone=organisation.phone,
        sender_fax=letter.own_fax,
        case_number=ticket.code if ticket else f"{clock.now():%Y%m%d-%H%M%S}",
        subject_line=papers.subject_line,
        notes=letter.notes,
        ticket=ticket,
        reply_to_fax=letter.own_fax if ticket else "",
    )
    made = fax_pdf(cover=cover, documents=documents)
    fax = record_fax(
        actor=viewer.actor, organisation_id=organisation.pk, cover=cover, pages=page_total(made)
    )
    record_event(
        actor=viewer.actor,
        action="consent.faxed",
        target=patient,
        detail={"fax": str(fax.uid), "form": papers.form or "", "scans": len(papers.scans)},
    )
    return made


def _documents(viewer: Viewer, patient: Patient, papers: ConsentPapers) -> list[bytes]:
    made: list[bytes] = []
    if papers.form is not None:
        made.append(
            bare_form_pdf(
                viewer=viewer, patient=patient, kind=papers.form, relative=papers.relative
            )
        )
    if papers.explanation:
        made.append(explanation_pdf(patient))
    consent = present_consent(patient, papers.relative) if papers.record else None
    if consent is not None:
        made.append(consent_record_pdf(patient, consent, relative=papers.relative))
    made += [_scan(patient, paper) for paper in papers.scans]
    if not made:
        raise ValidationError(NOTHING)
    return made


def _scan(patient: Patient, paper: ConsentPaper) -> bytes:
    stored = file_of_paper(patient, paper.file_uid)
    if stored is None:
        raise ValidationError({"scans": GONE})
    try:
        return read_file(stored)
    except FileGone as error:
        raise ValidationError({"scans": GONE}) from error


def _ticket(
    viewer: Viewer, patient: Patient, papers: ConsentPapers, documents: Sequence[bytes]
) -> Ticket | None:
    """Only a form to sign comes back. Its number counts the cover and all that goes with it."""
    if papers.form is None:
        return None
    return ticket_for_form(
        viewer=viewer,
        patient=patient,
        kind=papers.form,
        relative=papers.relative,
        pages=1 + sum(page_total(each) for each in documents),
    )
