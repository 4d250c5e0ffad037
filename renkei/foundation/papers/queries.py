"""Reading papers: always of the viewer's own organisation, nothing for anybody else."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.papers.models import PageState, Scan, ScanFile, ScanPage, SentFax, Ticket
from renkei.foundation.papers.rules import may_sort_papers


def _own_organisation(viewer: Viewer) -> int | None:
    """Whose papers the viewer sees; None: nobody's."""
    return viewer.organisation_id if may_sort_papers(viewer) else None


def scans_visible_to(viewer: Viewer) -> QuerySet[Scan]:
    """Scans of the own organisation, newest first, with counts of their pages by state."""
    own = _own_organisation(viewer)
    if own is None:
        return Scan.objects.none()
    counts = {
        f"{state.value}_count": Count("pages", filter=Q(pages__state=state)) for state in PageState
    }
    return (
        Scan.objects.filter(organisation_id=own)
        .select_related("uploaded_by")
        .annotate(**counts)
        .order_by("-uploaded_at", "-pk")
    )


def pages_visible_to(viewer: Viewer) -> QuerySet[ScanPage]:
    """Pages of the own organisation's scans, in the order of the paper."""
    own = _own_organisation(viewer)
    if own is None:
        return ScanPage.objects.none()
    return (
        ScanPage.objects.filter(scan__organisation_id=own)
        .select_related("scan", "scan_file", "scan_file__file", "ticket", "decided_by")
        .order_by("scan_id", "scan_file__number", "number")
    )


def waiting_pages(viewer: Viewer) -> QuerySet[ScanPage]:
    """Pages that wait for a person, oldest scan first."""
    return pages_visible_to(viewer).filter(state=PageState.QUEUED)


def waiting_count(viewer: Viewer) -> int:
    """How many pages wait; for the menu."""
    return waiting_pages(viewer).count()


def sent_faxes_visible_to(viewer: Viewer) -> QuerySet[SentFax]:
    """送信簿 of the own organisation, newest first."""
    own = _own_organisation(viewer)
    if own is None:
        return SentFax.objects.none()
    return (
        SentFax.objects.filter(organisation_id=own)
        .select_related("made_by", "sent_by", "ticket")
        .order_by("-made_at", "-pk")
    )


def ticket_for(viewer: Viewer, code: str) -> Ticket | None:
    """The own organisation's ticket with this number; another's is as if it were not there."""
    if viewer.organisation_id is None:
        return None
    return Ticket.objects.filter(code=code, organisation_id=viewer.organisation_id).first()


def scan_pages(scan_uid: UUID, viewer: Viewer) -> list[ScanPage]:
    """All pages of one scan."""
    return list(pages_visible_to(viewer).filter(scan__uid=scan_uid))


def refused_files(scan: Scan) -> QuerySet[ScanFile]:
    """The files of a scan that could not be taken or read, each with its sentence."""
    return ScanFile.objects.filter(scan=scan).exclude(error="").order_by("number")
