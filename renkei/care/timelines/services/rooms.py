"""The two rooms of a person: there from the moment somebody first needs them."""

from __future__ import annotations

from uuid import UUID

from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.visibility import patients_visible_to
from renkei.care.timelines.models import Room, RoomKind
from renkei.care.timelines.models.rooms import ROOMS_OF_A_PERSON
from renkei.care.timelines.queries.doors import Door, doors_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.common import clock


def room_of(patient: Patient, kind: RoomKind = RoomKind.STAFF) -> Room:
    """A room of the person, made when it is first needed; a person with one room has both."""
    room = Room.objects.filter(patient=patient, kind=kind).first()
    if room is not None:
        return room
    now = clock.now()
    made = {
        each: Room.objects.get_or_create(patient=patient, kind=each, defaults={"made_at": now})[0]
        for each in ROOMS_OF_A_PERSON
    }
    return made[kind]


def opened_doors_of(viewer: Viewer, patient_uid: UUID) -> dict[str, Door]:
    """The rooms of a person for this viewer; made where the person has none yet.

    Raises:
        Room.DoesNotExist: none, or no such person: the same in every respect.
    """
    try:
        return doors_of(viewer, patient_uid)
    except Room.DoesNotExist:
        patient = patients_visible_to(viewer, ContentClass.TIMELINE).filter(uid=patient_uid).first()
        if patient is None:
            raise
    room_of(patient)
    return doors_of(viewer, patient_uid)
