"""Who may, as sentences. A rule that is not here means no."""

from __future__ import annotations

from datetime import date

from renkei.care.patients.models import Consent, ConsentDecision, ConsentState, Patient
from renkei.care.patients.visibility import TEAM_ROLES
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer


def may_work_in_teams(viewer: Viewer) -> bool:
    """Open the list of one's persons, whoever is on it."""
    return viewer.role in TEAM_ROLES  # a role other than 住民 comes with a membership


def may_take_part(viewer: Viewer) -> bool:
    """Open pages that family share with the team: their own room."""
    return may_work_in_teams(viewer) or viewer.role == Role.PERSON_OR_FAMILY


def may_register_patients(viewer: Viewer) -> bool:
    """Open a record for a new person; one's organisation becomes the host."""
    return may_work_in_teams(viewer)


def hosts(viewer: Viewer, patient: Patient) -> bool:
    """Invite, take consent, close: the host's work."""
    return may_work_in_teams(viewer) and viewer.organisation_id == patient.host_id


def corrects(viewer: Viewer, patient: Patient) -> bool:
    """Correct the basics: whoever reads them in a team, while care goes on."""
    return may_work_in_teams(viewer) and not patient.is_closed


# Consent ---------------------------------------------------------------------------------


def consent_state(consent: Consent | None, on: date) -> ConsentState:
    """What the present decision of a person or relative amounts to on a day (T-P2).

    未取得 is no refusal, a refusal is no withdrawal, and what ran out is neither.
    """
    if consent is None:
        return ConsentState.NOT_OBTAINED
    if consent.withdrawn_at is not None:
        return ConsentState.WITHDRAWN
    if consent.decision == ConsentDecision.REFUSED:
        return ConsentState.REFUSED
    if consent.period.lower and on < consent.period.lower:
        return ConsentState.NOT_YET
    if consent.period.upper and on >= consent.period.upper:
        return ConsentState.EXPIRED
    return ConsentState.BY_PROXY if consent.proxy_id else ConsentState.AGREED


def is_in_force(state: ConsentState) -> bool:
    """Whether content flows in this state."""
    return state in {ConsentState.AGREED, ConsentState.BY_PROXY}
