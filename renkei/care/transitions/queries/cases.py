"""Stays, for those who may know of them. Every read starts at the gate of ``patients``."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.queries import writes_about
from renkei.care.patients.visibility import patients_of_team
from renkei.care.timelines.models import Room, RoomKind
from renkei.care.transitions.models import (
    CaseFact,
    CoordinationCase,
    FactKind,
    FormSending,
    Side,
)
from renkei.foundation.accounts.viewers import Viewer


@dataclass(frozen=True)
class CaseDoor:
    """One stay as one viewer may use it. ``opens_content``: free text may be read and written."""

    case: CoordinationCase
    viewer: Viewer
    side: Side
    opens_content: bool
    may_write: bool

    @property
    def patient(self) -> Patient:
        return self.case.patient


def team_patients(viewer: Viewer, content: ContentClass = ContentClass.BASIC) -> QuerySet[Patient]:
    """Those of the viewer's persons they reach as the team; never through an emergency's way in."""
    return patients_of_team(viewer, content)


def cases_visible_to(viewer: Viewer) -> QuerySet[CoordinationCase]:
    """The stays of the viewer's persons: the most overdue first, what is done last.

    A host knows of its own person's stay without consent; it then holds no free text.
    """
    return (
        CoordinationCase.objects.filter(patient__in=team_patients(viewer))
        .select_related("patient", "hospital", "care_office", "rule_version__rule")
        .order_by("-is_open", F("next_due_at").asc(nulls_last=True), "-opened_at", "pk")
    )


def case_for(viewer: Viewer, uid: UUID) -> CaseDoor:
    """One stay.

    Raises:
        CoordinationCase.DoesNotExist: unknown, or not for this viewer: the same in every respect.
    """
    case = (
        cases_visible_to(viewer).select_related("patient__host", "care_member__user").get(uid=uid)
    )
    return door_of(viewer, case)


def door_of(viewer: Viewer, case: CoordinationCase) -> CaseDoor:
    """How the viewer, who may know of this stay, may use it."""
    return CaseDoor(
        case=case,
        viewer=viewer,
        side=side_of(viewer, case),
        opens_content=opens_content(viewer, case.patient),
        may_write=writes_about(viewer, case.patient),
    )


def opens_content(viewer: Viewer, patient: Patient) -> bool:
    """Whether free text about this person may be read and written by the viewer now."""
    return team_patients(viewer, ContentClass.TIMELINE).filter(pk=patient.pk).exists()


def side_of(viewer: Viewer, case: CoordinationCase) -> Side:
    """The hospital's own people act for the hospital, everybody else on the team for care."""
    own = case.hospital_id is not None and case.hospital_id == viewer.organisation_id
    return Side.HOSPITAL if own else Side.CARE


def facts_of(case: CoordinationCase) -> QuerySet[CaseFact]:
    """Everything recorded of a stay, corrected and taken back as well; by the time it happened."""
    return case.facts.select_related("corrects").order_by("at", "pk")


def pointers_of(door: CaseDoor) -> tuple[dict[int, UUID], UUID | None]:
    """Handed-over forms by the id of their fact, and the room in which entries stand."""
    sendings = FormSending.objects.filter(fact__case=door.case).values_list("fact_id", "uid")
    room = Room.objects.filter(patient=door.patient, kind=RoomKind.STAFF).first()
    return dict(sendings), room.uid if room else None


def fact_of(door: CaseDoor, uid: UUID) -> CaseFact:
    """One fact of this stay.

    Raises:
        CaseFact.DoesNotExist: none of this stay.
    """
    return facts_of(door.case).get(uid=uid)


def correctable(door: CaseDoor) -> set[int]:
    """Facts that hold and may be corrected; a correction itself can be corrected again."""
    rows = list(facts_of(door.case))
    replaced = {row.corrects_id for row in rows}
    return {row.pk for row in rows if row.pk not in replaced and row.kind != FactKind.RETRACTED}


def cases_of(viewer: Viewer, patient: Patient) -> QuerySet[CoordinationCase]:
    """The stays of one person, the newest first."""
    return cases_visible_to(viewer).filter(patient=patient).order_by("-opened_at", "-pk")
