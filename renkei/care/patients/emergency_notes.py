"""What rooms above say beside a wish on the emergency screen; registered from ``ready``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from renkei.care.patients.models import Patient, Wish
from renkei.foundation.accounts.viewers import Viewer


@dataclass(frozen=True)
class EmergencyNote:
    """One line in one word with its mark, and what stands behind it where all is written out.

    It stands beside the record of a wish and must never read like an order (design §3.14).
    """

    mark: str
    word: str
    lines: tuple[str, ...] = ()
    phones: tuple[tuple[str, str], ...] = ()


Teller = Callable[[Viewer, Patient, Wish | None], EmergencyNote | None]
_TELLERS: dict[str, Teller] = {}


def register(name: str, tell: Teller) -> None:
    """Have ``tell(viewer, patient, wish)`` asked, only where the viewer may see wishes."""
    _TELLERS[name] = tell


def notes_beside(viewer: Viewer, patient: Patient, wish: Wish | None) -> tuple[EmergencyNote, ...]:
    """What the rooms above have to say."""
    found = (tell(viewer, patient, wish) for tell in _TELLERS.values())
    return tuple(note for note in found if note is not None)
