"""Who may, as sentences. A rule that is not here means no."""

from __future__ import annotations

from renkei.care.patients.models import Patient
from renkei.care.patients.visibility import TEAM_ROLES
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer


def may_work_in_teams(viewer: Viewer) -> bool:
    """Open the list of one's persons, whoever is on it."""
    return viewer.role in TEAM_ROLES and viewer.membership_id is not None


def may_take_part(viewer: Viewer) -> bool:
    """Open pages that family share with the team: their own room."""
    return may_work_in_teams(viewer) or viewer.role == Role.PERSON_OR_FAMILY


def may_register_patients(viewer: Viewer) -> bool:
    """Open a record for a new person; one's organisation becomes the host."""
    return may_work_in_teams(viewer)


def hosts(viewer: Viewer, patient: Patient) -> bool:
    """Invite, take consent, close: the host's work."""
    return may_work_in_teams(viewer) and viewer.organisation_id == patient.host_id
