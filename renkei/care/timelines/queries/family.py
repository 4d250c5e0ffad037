"""What the person or family may open of theirs: the family room, and the pages beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from renkei.care.patients.models import ContentClass, GrantKind, Patient
from renkei.care.patients.presenters_team import TeamList, team_list
from renkei.care.patients.queries_read_log import patients_whose_log_is_open_to
from renkei.care.patients.visibility import grants_for_content, patients_visible_to
from renkei.care.timelines.models import Entry
from renkei.care.timelines.queries.doors import Door, entries_through
from renkei.care.timelines.queries.entries import unread_in
from renkei.foundation.accounts.viewers import Viewer

NEWEST = 3


@dataclass(frozen=True)
class FamilyRoom:
    """One person's family room as this viewer finds it."""

    patient: Patient
    new_count: int
    newest: list[Entry]
    team: TeamList
    sees_wishes: bool
    sees_emergency: bool
    sees_log: bool


def family_patients(viewer: Viewer) -> list[Patient]:
    """The persons whose family room this viewer may open now, by name."""
    rooms = grants_for_content(viewer, ContentClass.TIMELINE).filter(kind=GrantKind.FAMILY_ROOM)
    return list(
        patients_visible_to(viewer, ContentClass.TIMELINE)
        .filter(pk__in=rooms.values("patient"))
        .order_by("kana_key", "pk")
    )


def family_rooms(viewer: Viewer, doors: Sequence[Door]) -> list[FamilyRoom]:
    """The rooms with what is new in each. A family has one, sometimes two: asked one by one."""
    unread = unread_in(doors)
    wishes = _open(viewer, ContentClass.WISHES)
    emergency = _open(viewer, ContentClass.EMERGENCY)
    logs = set(patients_whose_log_is_open_to(viewer).values_list("pk", flat=True))
    return [
        FamilyRoom(
            patient=patient,
            new_count=unread.get(door.room.pk, 0),
            newest=list(entries_through(door).filter(hidden_at=None)[:NEWEST]),
            team=team_list(viewer, patient),
            sees_wishes=patient.pk in wishes,
            sees_emergency=patient.pk in emergency,
            sees_log=patient.pk in logs,
        )
        for door in doors
        if (patient := door.patient) is not None
    ]


def _open(viewer: Viewer, content: ContentClass) -> set[int]:
    return set(patients_visible_to(viewer, content).values_list("pk", flat=True))
