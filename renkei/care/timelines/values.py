"""What the services of the room are given: plain values, checked there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from renkei.care.timelines.models import EntryKind, RoomKind

TEXT_LIMIT: Final = 4000

# What may be written where. Only the team's own room knows orders and emergencies.
KINDS_OF: Final[dict[str, tuple[EntryKind, ...]]] = {
    RoomKind.STAFF: tuple(EntryKind),
    RoomKind.FAMILY: (EntryKind.NOTICE, EntryKind.QUESTION),
    RoomKind.GROUP: (EntryKind.NOTICE,),
    RoomKind.DIRECT: (EntryKind.NOTICE,),
}
# These ask somebody to act, so they say whom.
ADDRESSED: Final = frozenset({EntryKind.QUESTION, EntryKind.ORDER, EntryKind.URGENT})
# 「確認しました」 is an act of its own on these.
CONFIRMED: Final = frozenset({EntryKind.ORDER, EntryKind.URGENT})
CALL: Final = "電話してください"


@dataclass(frozen=True)
class To:
    """One addressee: a profession of the team, or one of its members (a person, or an office)."""

    profession: str = ""
    member_uid: UUID | None = None


@dataclass(frozen=True)
class NewObservation:
    """One measured value to hang on an entry."""

    code: str
    measured_at: datetime
    value: Decimal | None = None
    unit: str = ""
    text: str = ""
