"""Who may, around emergencies, the read log, the end of care and what the council decides."""

from __future__ import annotations

from typing import Final

from renkei.care.patients.visibility import DISASTER_ROLES, TEAM_ROLES
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer

# Who may ask to break the glass at all; their profession is asked as well
# (queries_break_glass.may_break_glass). Source: domain/information-sharing.md §7.4.
BREAK_GLASS_ROLES: Final = frozenset(
    {Role.PROFESSIONAL, Role.SHARING_HOST, Role.ORGANISATION_ADMIN, Role.FIRE_DISPATCH}
)


def may_see_emergency_screens(viewer: Viewer) -> bool:
    """The team, the person and family, a fire desk by card, the town hall in a disaster."""
    return viewer.role in TEAM_ROLES | DISASTER_ROLES | {Role.PERSON_OR_FAMILY}


def may_keep_emergency_profiles(viewer: Viewer) -> bool:
    """Write down what a rescuer needs, issue cards, close a record: the team's work."""
    return viewer.role in TEAM_ROLES


def may_keep_wishes(viewer: Viewer) -> bool:
    """Wishes are the person's: they write and share them themselves or with somebody's help."""
    return viewer.role in TEAM_ROLES | {Role.PERSON_OR_FAMILY}


def may_run_the_emergency_desk(viewer: Viewer) -> bool:
    """A fire department's desk."""
    return viewer.role == Role.FIRE_DISPATCH


def may_ask_to_break_the_glass(viewer: Viewer) -> bool:
    """Open the page of 緊急閲覧."""
    return viewer.role in BREAK_GLASS_ROLES


def may_watch_access(viewer: Viewer) -> bool:
    """Go through break-glass uses, disaster reads and disposals: 個人情報保護責任者."""
    return viewer.role == Role.PRIVACY_OFFICER


def may_see_read_logs(viewer: Viewer) -> bool:
    """The host, the person and family where the town allows it, and the officer."""
    return viewer.role in TEAM_ROLES | {Role.PERSON_OR_FAMILY, Role.PRIVACY_OFFICER}


def may_switch_disaster_mode(viewer: Viewer) -> bool:
    """One of the two persons it takes."""
    return viewer.role in {Role.MUNICIPAL_STAFF, Role.PRIVACY_OFFICER}


def may_see_disaster_lists(viewer: Viewer) -> bool:
    """The list of those who depend on power and help; whom it shows, the gate says."""
    return viewer.role in DISASTER_ROLES


def may_decide_on_disclosure(viewer: Viewer) -> bool:
    """Propose and approve the table of documents and professions. No person is on these pages."""
    return viewer.role in {Role.MUNICIPAL_STAFF, Role.COUNCIL_MEMBER}


def may_choose_for_the_municipality(viewer: Viewer) -> bool:
    """Retention periods, and whether family sees the read log."""
    return viewer.role == Role.MUNICIPAL_STAFF
