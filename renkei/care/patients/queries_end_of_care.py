"""Records that ended: their retention, what is due, and what is left of them."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from renkei.care.patients.disposal import DOCUMENT_CLASSES, DocumentClass
from renkei.care.patients.models import Disposal, Patient, RetentionRule, TeamMember
from renkei.care.patients.people_to_tell import patients_watched_by
from renkei.care.patients.visibility import patients_visible_to
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock


def retention() -> list[DocumentClass]:
    """The classes with their years: the municipality's own, or those that ship."""
    own = {rule.document_class: rule for rule in RetentionRule.objects.all()}
    return [
        DocumentClass(one.code, one.label, own[one.code].years, own[one.code].basis)
        if one.code in own
        else one
        for one in DOCUMENT_CLASSES
    ]


def label_of_class(code: str) -> str:
    return next((one.label for one in DOCUMENT_CLASSES if one.code == code), code)


def years_after(day: date, years: int) -> date:
    """The same day some years later; of a 29 February the 1 March.

    Source: 民法第143条第2項 (a period ends the day before the corresponding one).
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def patients_ended_by(viewer: Viewer) -> QuerySet[Patient]:
    """Records the viewer's organisation hosts: it closes them, or opens them again."""
    # As ``queries.acts_as_host``: on the team, and not to look on only.
    own = TeamMember.objects.filter(
        Q(membership=viewer.membership_id)
        | Q(membership=None, organisation=viewer.organisation_id or 0),
        patient=OuterRef("pk"),
        left_at=None,
        joined_at__isnull=False,
        is_observer=False,
    )
    return patients_visible_to(viewer).filter(Exists(own), host=viewer.organisation_id)


def disposals_watched_by(viewer: Viewer) -> QuerySet[Disposal]:
    """Every class of every ended record this officer decides about, the first due first."""
    return (
        Disposal.objects.filter(patient__in=patients_watched_by(viewer))
        .select_related("patient__host", "approved_by__user")
        .order_by("due_on", "patient_id", "pk")
    )


def due_disposals(viewer: Viewer) -> QuerySet[Disposal]:
    """Those whose time is over and that are still there."""
    return disposals_watched_by(viewer).filter(disposed_at=None, due_on__lte=clock.today())


def certificate_rows(viewer: Viewer, patient: Patient) -> list[Disposal]:
    """What was destroyed of one record."""
    return list(
        disposals_watched_by(viewer)
        .filter(patient=patient, disposed_at__isnull=False)
        .order_by("disposed_at", "pk")
    )
