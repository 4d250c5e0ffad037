"""Paths and the persons on them. A person's way is content: it opens with their story."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.queries import team_of, writes_about
from renkei.care.transitions.models import (
    PathEvent,
    PathVersion,
    PatientPath,
    VersionState,
)
from renkei.care.transitions.path_content import PathContent, parse
from renkei.care.transitions.path_states import Overview, derive
from renkei.care.transitions.queries.cases import team_patients
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock


@dataclass(frozen=True)
class PathDoor:
    """One person's path as one viewer may use it."""

    path: PatientPath
    viewer: Viewer
    content: PathContent
    overview: Overview
    may_write: bool

    @property
    def patient(self) -> Patient:
        return self.path.patient


def versions_to_start() -> list[PathVersion]:
    """The newest published edition of each path."""
    newest: dict[int, PathVersion] = {}
    rows = PathVersion.objects.filter(state=VersionState.PUBLISHED).select_related("definition")
    for row in rows.order_by("definition__name", "number"):
        newest[row.definition_id] = row
    return list(newest.values())


def path_version_of(uid: UUID) -> PathVersion:
    """One published edition.

    Raises:
        PathVersion.DoesNotExist: unknown, or a draft.
    """
    rows = PathVersion.objects.select_related("definition").exclude(state=VersionState.DRAFT)
    return rows.get(uid=uid)


def paths_visible_to(viewer: Viewer) -> QuerySet[PatientPath]:
    """The paths of persons whose story the viewer reads as the team, the newest first."""
    return (
        PatientPath.objects.filter(patient__in=team_patients(viewer, ContentClass.TIMELINE))
        .select_related("patient__host", "version__definition")
        .order_by("-is_open", "-started_at", "-pk")
    )


def path_for(viewer: Viewer, uid: UUID) -> PathDoor:
    """One path.

    Raises:
        PatientPath.DoesNotExist: unknown, or not for this viewer: the same in every respect.
    """
    path = paths_visible_to(viewer).get(uid=uid)
    content = parse(path.version.content)
    writes = writes_about(viewer, path.patient)
    overview = derive(content, events_of_path(path), clock.today())
    return PathDoor(path, viewer, content, overview, writes)


def events_of_path(path: PatientPath) -> QuerySet[PathEvent]:
    """Everything written down, what was taken back as well."""
    return path.events.order_by("on", "pk")


def paths_of(viewer: Viewer, patient: Patient) -> list[PatientPath]:
    """The paths of one person."""
    return list(paths_visible_to(viewer).filter(patient=patient))


def places_of(patient: Patient) -> dict[str, Organisation]:
    """Where the person can be: the offices on the team, by a key for the form."""
    return {str(one.organisation.uid): one.organisation for one in team_of(patient)}
