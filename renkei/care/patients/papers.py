"""Consent on paper: printed with a QR code, found again when it comes back (T-AZ1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from renkei.care.patients.models import (
    ConsentPaper,
    ContentClass,
    PaperKind,
    Patient,
    Relative,
)
from renkei.care.patients.queries import acts_as_host
from renkei.care.patients.visibility import patients_visible_to
from renkei.foundation.accounts.queries import membership_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.audit.actors import Actor
from renkei.foundation.audit.services import record_event
from renkei.foundation.common import clock
from renkei.foundation.common.eras import format_both
from renkei.foundation.papers import handlers, tickets
from renkei.foundation.papers.models import StoredFile, Ticket
from renkei.foundation.sheets.documents import Head, PrintedTicket, paper_edition, paper_pdf

TICKETS: Final = {
    "patients.consent": PaperKind.CONSENT,
    "patients.withdrawal": PaperKind.WITHDRAWAL,
}
_PAPERS: Final = {PaperKind.CONSENT: "consent", PaperKind.WITHDRAWAL: "consent_withdrawal"}
NETWORK: Final = "在宅医療・介護の連携"


def register() -> None:
    """Tell the inbox what a signed consent or withdrawal is, and whose."""
    for code, kind in TICKETS.items():
        handlers.register(
            handlers.TicketKind(
                code=code,
                label=str(kind.label),
                may_file=may_file,
                receive=receive,
                describe=describe,
            )
        )


def _subject(ticket: Ticket) -> tuple[Patient, Relative | None] | None:
    """Whose paper it is: a person's or a relative's; a merged record leads to the other."""
    relative = (
        Relative.objects.filter(uid=ticket.subject_uid)
        .select_related("patient__merged_into")
        .first()
    )
    patient = relative.patient if relative else None
    if patient is None:
        rows = Patient.objects.filter(uid=ticket.subject_uid).select_related("merged_into")
        patient = rows.first()
    return (patient.merged_into or patient, relative) if patient else None


def may_file(viewer: Viewer, ticket: Ticket) -> bool:
    """Only the host's people who read the person put paper to them."""
    subject = _subject(ticket)
    return subject is not None and _may_know(viewer, subject[0])


def _may_know(viewer: Viewer, patient: Patient) -> bool:
    visible = patients_visible_to(viewer, ContentClass.BASIC)
    return acts_as_host(viewer, patient) and visible.filter(pk=patient.pk).exists()


def describe(viewer: Viewer, ticket: Ticket) -> str | None:
    """The person's name, to whoever reads the person anyway."""
    subject = _subject(ticket)
    return subject[0].name if subject and _may_know(viewer, subject[0]) else None


def receive(*, actor: Actor, ticket: Ticket, file: StoredFile, pages: Sequence[int]) -> None:
    """Lay the paper before the host; what is ticked on it a person confirms."""
    subject = _subject(ticket)
    if subject is None:
        message = f"ticket {ticket.uid} has no subject any more"
        raise LookupError(message)
    patient, relative = subject
    paper = ConsentPaper.objects.create(
        patient=patient,
        relative=relative,
        kind=TICKETS[ticket.kind],
        file_uid=file.uid,
        ticket_uid=ticket.uid,
        received_at=clock.now(),
    )
    record_event(
        actor=actor,
        action="consent.paper_received",
        target=patient,
        detail={"paper": str(paper.uid), "kind": paper.kind, "pages": list(pages)},
    )


def consent_form_pdf(
    *, viewer: Viewer, patient: Patient, kind: PaperKind, relative: Relative | None = None
) -> bytes:
    """The paper to sign, with names filled in and the QR code that brings it back."""

    def issue(pages: int) -> PrintedTicket:
        return ticket_for_form(
            viewer=viewer, patient=patient, kind=kind, relative=relative, pages=pages
        )

    return _form(viewer, patient, kind, relative, issue)


def bare_form_pdf(
    *, viewer: Viewer, patient: Patient, kind: PaperKind, relative: Relative | None = None
) -> bytes:
    """The same paper without a code of its own: in a FAX every sheet carries the cover's."""
    return _form(viewer, patient, kind, relative, None)


def ticket_for_form(
    *, viewer: Viewer, patient: Patient, kind: PaperKind, relative: Relative | None, pages: int
) -> Ticket:
    """The number that brings a signed paper back to whoever signed it."""
    return tickets.issue_ticket(
        actor=viewer.actor,
        kind=next(code for code, one in TICKETS.items() if one == kind),
        subject_uid=relative.uid if relative else patient.uid,
        organisation_id=patient.host_id,
        pages=pages,
    )


def explanation_pdf(patient: Patient) -> bytes:
    """What whoever is asked to sign reads first; it names nobody."""
    host = patient.host
    fields = {"network": NETWORK, "office": host.name, "phone": host.phone}
    return paper_pdf("explanation", fields, head=Head(host.name))


def _explainer(viewer: Viewer) -> str:
    """Profession, name and office, as the row asks."""
    member = membership_of(viewer)
    name = f"{viewer.name}（{member.organisation.name}）"
    return f"{member.profession}　{name}" if member.profession else name


def _form(
    viewer: Viewer,
    patient: Patient,
    kind: PaperKind,
    relative: Relative | None,
    ticket: Callable[[int], PrintedTicket] | None,
) -> bytes:
    fields = {
        "network": NETWORK,
        "office": patient.host.name,
        "name": patient.name,
        "birth_date": format_both(patient.birth_on) if patient.birth_on else "",
        "family": f"{relative.name}（{relative.relation}）" if relative else "",
        # The edition that goes with it, so that what was agreed to can be found again.
        "explanation_number": paper_edition("explanation"),
        "explained_by": "" if kind == PaperKind.WITHDRAWAL else _explainer(viewer),
    }
    return paper_pdf(_PAPERS[kind], fields, head=Head(patient.host.name), ticket=ticket)
