"""Reading consents and the papers that wait."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Q, QuerySet

from renkei.care.patients.models import (
    Consent,
    ConsentDecision,
    ConsentPaper,
    Patient,
    Relative,
)
from renkei.care.patients.visibility import patients_visible_to
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.papers.models import StoredFile

# How long before its end a consent is asked for anew.
ENDING_DAYS: Final = 60


def decisions_of(patient: Patient, relative: Relative | None = None) -> QuerySet[Consent]:
    """Every decision of the person or of a relative, the newest first."""
    return (
        Consent.objects.filter(patient=patient, relative=relative)
        .select_related("proxy", "recorded_by__user", "recorded_by__organisation")
        .prefetch_related("recipients__organisation", "recipients__excluded_relative")
        .order_by("-recorded_at", "-pk")
    )


def waiting_papers(patient: Patient) -> QuerySet[ConsentPaper]:
    """Signed papers whose content nobody confirmed yet."""
    rows = ConsentPaper.objects.filter(patient=patient, settled_at=None)
    return rows.select_related("relative").order_by("received_at", "pk")


def paper_of(patient: Patient, uid: UUID) -> ConsentPaper | None:
    """One paper of this person."""
    return ConsentPaper.objects.filter(patient=patient, uid=uid).select_related("patient").first()


def scanned_papers(patient: Patient, relative: Relative | None = None) -> list[ConsentPaper]:
    """Papers with a signature whose scan is kept, the newest first."""
    papers = ConsentPaper.objects.filter(patient=patient, relative=relative)
    kept = StoredFile.objects.filter(uid__in=papers.values("file_uid"), destroyed_at=None)
    return list(papers.filter(file_uid__in=kept.values("uid")).order_by("-received_at", "-pk"))


def file_of_paper(patient: Patient, file_uid: UUID) -> StoredFile | None:
    """The scan of a paper of this person, while it is kept."""
    known = ConsentPaper.objects.filter(patient=patient, file_uid=file_uid)
    if not known.exists():
        return None
    return StoredFile.objects.filter(uid=file_uid, destroyed_at=None).first()


def consents_ending(viewer: Viewer) -> QuerySet[Consent]:
    """Consents the viewer's organisation took that ran out or end within 60 days; soonest first."""
    limit = clock.today() + timedelta(days=ENDING_DAYS)
    return (
        Consent.objects.filter(
            patient__in=patients_visible_to(viewer),
            patient__host=viewer.organisation_id,
            patient__closed_on=None,
            decision=ConsentDecision.AGREED,
            superseded_at=None,
            withdrawn_at=None,
            period__endswith__lte=limit,
        )
        .filter(Q(relative=None) | Q(relative__removed_at=None))
        .select_related("patient", "relative")
        .annotate(end=F("period__endswith"))
        .order_by("end", "pk")
    )


def possible_recipients(patient: Patient) -> QuerySet[Organisation]:
    """The organisations on the team or invited to it."""
    numbers = patient.team.filter(left_at=None).values("organisation")
    return Organisation.objects.filter(pk__in=numbers).order_by("name", "pk")
