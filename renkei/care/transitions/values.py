"""What the services of the room are given: plain values, checked there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from renkei.care.transitions.models import Channel, PatientClass, Side
from renkei.foundation.accounts.models import Membership, Organisation
from renkei.registry.facilities.models import Facility


@dataclass(frozen=True)
class Hospital:
    """A hospital: an organisation here, or just its name and numbers."""

    organisation: Organisation | None = None
    facility: Facility | None = None
    name: str = ""
    phone: str = ""
    fax: str = ""
    person: str = ""


@dataclass(frozen=True)
class CareManager:
    """The person's care manager: somebody here, or just a name and numbers."""

    member: Membership | None = None
    office: Organisation | None = None
    office_name: str = ""
    person: str = ""
    phone: str = ""
    fax: str = ""
    hours: str = ""

    @property
    def is_known(self) -> bool:
        return bool(self.member or self.office or self.office_name or self.person)


@dataclass(frozen=True)
class NewStay:
    """A stay to open. Without ``admitted_at`` it is planned."""

    hospital: Hospital
    admitted_at: datetime | None = None
    ward: str = ""
    patient_class: PatientClass | None = None
    way: str = ""
    note: str = ""
    channel: Channel = Channel.SYSTEM
    counterpart: str = ""
    care_manager: CareManager | None = None
    client_uid: UUID | None = None


@dataclass(frozen=True)
class NewFact:
    """A fact to record. ``side`` None: whoever usually does this."""

    kind: str
    at: datetime
    channel: str = Channel.SYSTEM
    side: Side | None = None
    counterpart: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
    corrects: UUID | None = None
    client_uid: UUID | None = None


@dataclass(frozen=True)
class FormLetter:
    """Where a form goes, and what its cover adds."""

    organisation: str
    recipient: str = ""
    fax: str = ""
    own_fax: str = ""
    notes: str = ""


@dataclass(frozen=True)
class NewConference:
    """A meeting to plan."""

    kind: str
    planned_at: datetime
    minutes: int = 30
    means: str = "room"
    place: str = ""
    agenda: str = ""
    client_uid: UUID | None = None


@dataclass(frozen=True)
class NewSeat:
    """Somebody to ask: a reader of the team, or somebody named by work and profession."""

    profession: str
    membership_id: int | None = None
    name: str = ""
    organisation_name: str = ""
    fax: str = ""
    side: Side = Side.CARE
