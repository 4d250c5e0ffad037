"""Who may do what with duty, as sentences. A rule that is not here means no."""

from __future__ import annotations

from renkei.care.patients.rules import may_work_in_teams
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer


def may_see_duty_map(viewer: Viewer) -> bool:
    """Whoever may have to call an office at night, and the municipality that looks for holes."""
    return may_work_in_teams(viewer) or viewer.role == Role.MUNICIPAL_STAFF


def keeps_rosters_of(viewer: Viewer, organisation_id: int) -> bool:
    """Anybody who works in teams, for the own organisation: whoever is on duty swaps at night."""
    return may_work_in_teams(viewer) and viewer.organisation_id == organisation_id
