"""What the services of referrals are given: plain values, checked there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from renkei.care.transitions.models import Channel, ReferralAct, ReferralKind
from renkei.foundation.accounts.models import Organisation


@dataclass(frozen=True)
class Receiver:
    """Whom one asks: an office here, or a name and numbers."""

    organisation: Organisation | None = None
    name: str = ""
    person: str = ""
    phone: str = ""
    fax: str = ""


@dataclass(frozen=True)
class NewReferral:
    """A referral to send."""

    receiver: Receiver
    service: str
    expires_at: datetime
    asked_on: date
    asked_by_way: str
    kind: str = ReferralKind.REFERRAL
    words: str = ""
    wanted_on: date | None = None
    content_classes: tuple[str, ...] = ()
    answers: tuple[UUID, ...] = ()
    client_uid: UUID | None = None


@dataclass(frozen=True)
class NewAct:
    """Something that happened to a referral. ``counterpart``: who told it, outside."""

    act: ReferralAct
    channel: str = Channel.SYSTEM
    counterpart: str = ""
    reason_code: str = ""
    reason: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)
