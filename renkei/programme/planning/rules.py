"""Who may, as sentences. Which council, the queries say; a rule that is not here means no."""

from __future__ import annotations

from typing import Final

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer

# Somebody of any of these may sit on a council; who does, a query says.
GOERS: Final = frozenset(
    {
        Role.MUNICIPAL_STAFF,
        Role.PREFECTURE,
        Role.COUNCIL_MEMBER,
        Role.DESK,
        Role.PROFESSIONAL,
        Role.ORGANISATION_ADMIN,
        Role.SHARING_HOST,
        Role.FIRE_DISPATCH,
    }
)
# The municipality itself, and whoever it gave the clerical work to.
CLERKS: Final = frozenset({Role.MUNICIPAL_STAFF, Role.DESK})


def may_attend_councils(viewer: Viewer) -> bool:
    """Read the councils one sits on, runs or watches over."""
    return viewer.role in GOERS


def works_with_councils(viewer: Viewer) -> bool:
    """Whose everyday work councils are: they stand in the menu; others come by an invitation."""
    return viewer.role in CLERKS | {Role.COUNCIL_MEMBER, Role.PREFECTURE}


def may_clerk(viewer: Viewer) -> bool:
    """Do the clerical work of a council: answers, attendance, minutes, fees."""
    return viewer.role in CLERKS


def may_own_councils(viewer: Viewer) -> bool:
    """Found councils and set their agenda: that stays with the municipality (F-B-02)."""
    return viewer.role == Role.MUNICIPAL_STAFF


def watches_areas(viewer: Viewer) -> bool:
    """The prefecture and its 保健所 read what is public of their municipalities."""
    return viewer.role == Role.PREFECTURE


def reads_programme(viewer: Viewer) -> bool:
    """Contracts, money and what is due: the municipality, its centre, and the prefecture above."""
    return viewer.role in CLERKS | {Role.PREFECTURE}
