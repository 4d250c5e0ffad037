"""By which way a viewer came to a record: what its read event says (design §3b)."""

from __future__ import annotations

from typing import Final

from renkei.care.patients.models import ContentClass, GrantKind, Patient
from renkei.care.patients.visibility import grants_for_content
from renkei.foundation.accounts.viewers import Viewer

# Whoever has an everyday way in used that one; the ways of the night come after it.
_ORDER: Final = (
    GrantKind.TEAM,
    GrantKind.FAMILY_ROOM,
    GrantKind.EMERGENCY_CARD,
    GrantKind.BREAK_GLASS,
    GrantKind.ONE_TIME_LINK,
    GrantKind.OWN_LOG,
)


def way_in(viewer: Viewer, patient: Patient, content: ContentClass) -> GrantKind:
    """The way by which ``content`` of a visible person is open to this viewer. One query.

    Without any grant only a declared disaster can have opened it (``patients_visible_to``).
    """
    held = set(
        grants_for_content(viewer, content).filter(patient=patient).values_list("kind", flat=True)
    )
    return next((kind for kind in _ORDER if kind in held), GrantKind.DISASTER)
