"""Who may do what with 協力医療機関 and with what an area agreed on, as sentences."""

from __future__ import annotations

from typing import Final

from renkei.care.patients.visibility import TEAM_ROLES
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer

SUPERVISORS: Final = frozenset({Role.MUNICIPAL_STAFF, Role.PREFECTURE})


def may_see_homes(viewer: Viewer) -> bool:
    """A home's own people see their home; town and prefecture those of their area."""
    return viewer.role in TEAM_ROLES | SUPERVISORS


def supervises_homes(viewer: Viewer) -> bool:
    """See the list of an area's homes: who has none, who has not confirmed."""
    return viewer.role in SUPERVISORS


def may_write_of_homes(viewer: Viewer) -> bool:
    """Write down what a home agreed on: its people, and the town for homes without an account."""
    return viewer.role in TEAM_ROLES | {Role.MUNICIPAL_STAFF}


def may_read_conditions(viewer: Viewer) -> bool:
    """What an area agreed on about wishes is no secret among those who act on it."""
    return viewer.role in TEAM_ROLES | SUPERVISORS | {Role.FIRE_DISPATCH}


def may_write_conditions(viewer: Viewer) -> bool:
    """The town keeps the agreement of its area."""
    return viewer.role == Role.MUNICIPAL_STAFF


def may_see_reviews(viewer: Viewer) -> bool:
    """Look back on events together; which reviews, taking part in them decides."""
    return viewer.role in TEAM_ROLES | {Role.FIRE_DISPATCH, Role.MUNICIPAL_STAFF}
