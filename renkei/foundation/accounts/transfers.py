"""人事異動: what higher rooms register so that no duty is left without a person.

A room that gives people duties (a care team, a task, a council seat) registers two things when it
starts: how to hand a membership's duties to another, and which duties a membership still holds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from renkei.foundation.audit.actors import Actor


class Handover(Protocol):
    """Moves the duties of one membership to another, inside the caller's transaction.

    Returns:
        How many duties moved; None counts as none.
    """

    def __call__(
        self, *, actor: Actor, from_membership_id: int, to_membership_id: int, on: date
    ) -> int | None: ...


@dataclass(frozen=True)
class Orphan:
    """One duty whose person is gone: in fixed words, without the name of the person cared for."""

    membership_id: int
    text: str
    path: str = ""


Orphans = Callable[[Collection[int], date], Iterable[Orphan]]

_HANDOVERS: list[Handover] = []
_ORPHANS: list[Orphans] = []


def register_handover(handover: Handover) -> None:
    """Add a room's way of handing over, from ``AppConfig.ready``; twice is once."""
    if handover not in _HANDOVERS:
        _HANDOVERS.append(handover)


def register_orphans(orphans: Orphans) -> None:
    """Add a room's ``(membership_ids, on) -> duties they still hold``; twice is once."""
    if orphans not in _ORPHANS:
        _ORPHANS.append(orphans)


def hand_over_duties(
    *, actor: Actor, from_membership_id: int, to_membership_id: int, on: date
) -> int:
    """Have every room hand over; part of the caller's transaction. Returns how many duties."""
    return sum(
        handover(
            actor=actor,
            from_membership_id=from_membership_id,
            to_membership_id=to_membership_id,
            on=on,
        )
        or 0
        for handover in _HANDOVERS
    )


def orphans_of(membership_ids: Collection[int], on: date) -> list[Orphan]:
    """The duties these memberships still hold on a day, over all rooms."""
    if not membership_ids:
        return []
    return [orphan for orphans in _ORPHANS for orphan in orphans(membership_ids, on)]
