"""Who may, as sentences. A rule that is not here means no; which room, the doors say."""

from __future__ import annotations

from renkei.care.patients.rules import may_take_part, may_work_in_teams
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer

__all__ = [
    "is_person_or_family",
    "may_read_hidden",
    "may_see_usage",
    "may_set_times",
    "may_take_part",
    "may_work_in_groups",
    "may_work_in_teams",
]


def may_work_in_groups(viewer: Viewer) -> bool:
    """Free groups and conversations of two: anybody who works here, never family."""
    return viewer.role not in {Role.RESIDENT, Role.PERSON_OR_FAMILY}


def is_person_or_family(viewer: Viewer) -> bool:
    """Start at わたしの連携, the page of those the team is there for."""
    return viewer.role == Role.PERSON_OR_FAMILY


def may_see_usage(viewer: Viewer) -> bool:
    """Monthly figures, in which no person can be found."""
    return viewer.role in {Role.MUNICIPAL_STAFF, Role.PREFECTURE}


def may_set_times(viewer: Viewer) -> bool:
    """How long the platform waits before it asks the next person."""
    return viewer.role == Role.MUNICIPAL_STAFF


def may_read_hidden(viewer: Viewer) -> bool:
    """The words of a hidden entry: the auditor of the municipality."""
    return viewer.role == Role.PRIVACY_OFFICER
