"""Rooms, what is written in them, who has read it, and what follows when nobody does."""

from renkei.care.timelines.models.entries import (
    Addressee,
    Entry,
    EntryFile,
    EntryKind,
    Reaction,
    ReactionKind,
    Scene,
)
from renkei.care.timelines.models.escalation import (
    Escalation,
    EscalationStep,
    EscalationTimes,
)
from renkei.care.timelines.models.links import LinkEnd, LinkKind, OutsideLink
from renkei.care.timelines.models.observations import (
    Excursion,
    Limit,
    Observation,
    ObservationCode,
)
from renkei.care.timelines.models.papers import PrintedSheet
from renkei.care.timelines.models.reading import Acknowledgement, ReadAdvance, ReadPosition
from renkei.care.timelines.models.rooms import MoveRequest, Room, RoomKind, RoomMember
from renkei.care.timelines.models.visits import LeasedPatient, PlannedVisit, VisitLease

__all__ = [
    "Acknowledgement",
    "Addressee",
    "Entry",
    "EntryFile",
    "EntryKind",
    "Escalation",
    "EscalationStep",
    "EscalationTimes",
    "Excursion",
    "LeasedPatient",
    "Limit",
    "LinkEnd",
    "LinkKind",
    "MoveRequest",
    "Observation",
    "ObservationCode",
    "OutsideLink",
    "PlannedVisit",
    "PrintedSheet",
    "Reaction",
    "ReactionKind",
    "ReadAdvance",
    "ReadPosition",
    "Room",
    "RoomKind",
    "RoomMember",
    "Scene",
    "VisitLease",
]
