"""Who acts, as plain values: the audit knows ids, never names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """A signed-in person, the system itself, or somebody without an account."""

    USER = "user"
    SYSTEM = "system"
    PUBLIC = "public"


@dataclass(frozen=True)
class Actor:
    """One acting party: the account and the membership it acted under."""

    kind: ActorKind
    user_id: int | None = None
    membership_id: int | None = None


SYSTEM = Actor(ActorKind.SYSTEM)
PUBLIC = Actor(ActorKind.PUBLIC)
