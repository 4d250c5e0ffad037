"""What rooms above this one want to hear: plain functions, registered from ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from renkei.care.patients.models import Patient

TeamChanged = Callable[[Patient], None]
_TEAM_CHANGED: list[TeamChanged] = []


def on_team_changed(tell: TeamChanged) -> None:
    """Have ``tell(patient)`` called inside the transaction that changed a team or a consent."""
    if tell not in _TEAM_CHANGED:
        _TEAM_CHANGED.append(tell)


def team_changed(patient: Patient) -> None:
    """Tell the rooms above that a team or a consent changed."""
    for tell in _TEAM_CHANGED:
        tell(patient)


@dataclass(frozen=True)
class MergeHandler:
    """How a room above moves what it keeps of a person, and moves it back.

    ``move(merged, into)`` answers with JSON that ``undo(merged, into, moved)`` understands; both
    run inside the transaction of the merge.
    """

    name: str
    move: Callable[[Patient, Patient], Any]
    undo: Callable[[Patient, Patient, Any], None]


_MERGE_HANDLERS: dict[str, MergeHandler] = {}


def on_merge(handler: MergeHandler) -> None:
    """Register a room's part in merging two records."""
    _MERGE_HANDLERS[handler.name] = handler


def merge_handlers() -> tuple[MergeHandler, ...]:
    """The parts of the rooms above, in the order they registered."""
    return tuple(_MERGE_HANDLERS.values())
