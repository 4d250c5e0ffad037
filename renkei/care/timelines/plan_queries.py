"""Reading 訪問の予定: a member sees those of their own office, of persons they may read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from renkei.care.patients.models import ContentClass, GrantKind, Patient
from renkei.care.patients.visibility import grants_for_content
from renkei.care.timelines.models import PlannedVisit
from renkei.care.timelines.queries.people import Reader, present_memberships, team_of
from renkei.foundation.accounts.models import Membership
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock
from renkei.foundation.common.kept_queries import kept_with_plan


def patients_to_visit(viewer: Viewer) -> QuerySet[Patient]:
    """Persons whose visits this viewer plans: of their teams, while care goes on.

    Whoever only looks on plans nothing; a disaster's way in is none of these.
    """
    grants = grants_for_content(viewer, ContentClass.TIMELINE).filter(
        Q(member=None) | Q(member__is_observer=False),
        patient=OuterRef("pk"),
        kind=GrantKind.TEAM,
    )
    return Patient.objects.filter(
        Exists(grants), merged_into=None, disposed_at=None, closed_on=None
    ).order_by("kana_key", "pk")


def patient_to_visit(viewer: Viewer, uid: UUID) -> Patient | None:
    """One of them."""
    return patients_to_visit(viewer).filter(uid=uid).first()


def visitors_of(viewer: Viewer, patient: Patient) -> list[Reader]:
    """Who of the viewer's own office can be sent: they read this person's story themselves."""
    readers = {
        reader.membership_id: reader
        for reader in team_of(patient).readers
        if reader.organisation_id == viewer.organisation_id and not reader.observer
    }
    return list(readers.values())


def colleagues(viewer: Viewer) -> QuerySet[Membership]:
    """The people of the viewer's office who work in teams, by name."""
    return (
        present_memberships()
        .filter(Q(organisation_id=viewer.organisation_id))
        .order_by("user__kana", "user__name", "pk")
    )


def visits_between(viewer: Viewer, first: date, last: date) -> list[PlannedVisit]:
    """The office's visits of some days, of persons the viewer reads, by day and time."""
    return list(
        _with_people(PlannedVisit.objects.filter(on__gte=first, on__lte=last)).filter(
            patient__in=patients_to_visit(viewer).order_by(),
            membership__organisation_id=viewer.organisation_id or 0,
        )
    )


def visits_to(patient: Patient) -> list[PlannedVisit]:
    """Everybody's visits to one person from today on; the caller has checked the person."""
    return _visits_to(patient.pk)


@kept_with_plan
def _visits_to(patient_id: int) -> QuerySet[PlannedVisit]:
    coming = PlannedVisit.objects.filter(patient_id=patient_id, on__gte=clock.today())
    return _with_people(coming)


def own_visit(viewer: Viewer, patient: Patient, uid: UUID) -> PlannedVisit | None:
    """One coming visit of the viewer's office to this person."""
    return (
        _with_people(PlannedVisit.objects.filter(patient=patient, on__gte=clock.today()))
        .filter(uid=uid, membership__organisation_id=viewer.organisation_id or 0)
        .first()
    )


def without_visitor(visits: Sequence[PlannedVisit]) -> set[int]:
    """The visits whose member is gone: somebody else has to be found. One query, if any."""
    if not visits:
        return set()
    present = set(
        present_memberships()
        .filter(pk__in={visit.membership_id for visit in visits})
        .values_list("pk", flat=True)
    )
    return {visit.pk for visit in visits if visit.membership_id not in present}


def _with_people(visits: QuerySet[PlannedVisit]) -> QuerySet[PlannedVisit]:
    return visits.select_related(
        "patient", "membership__user", "membership__organisation"
    ).order_by("on", F("at").asc(nulls_last=True), "pk")
