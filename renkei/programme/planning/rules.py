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


# Regions ------------------------------------------------------------------------------------------

AREAS: Final = frozenset({Role.MUNICIPAL_STAFF, Role.PREFECTURE})


def may_use_support(viewer: Viewer) -> bool:
    """Ask for support and read it: municipalities; give it: the prefecture and its 保健所."""
    return viewer.role in AREAS


def may_keep_plans(viewer: Viewer) -> bool:
    """Write the plan and the issues of one's own area: a municipality's, or a prefecture's."""
    return viewer.role in AREAS


def may_see_bases(viewer: Viewer) -> bool:
    """連携の拠点: its own people (相談窓口), its municipalities, the prefecture."""
    return viewer.role in AREAS | {Role.DESK}


def may_designate(viewer: Viewer) -> bool:
    """Name a base: the prefecture, in its 医療計画."""
    return viewer.role == Role.PREFECTURE


def may_keep_tools(viewer: Viewer) -> bool:
    """Look after sharing tools: the municipality and whoever does its clerical work."""
    return viewer.role in CLERKS


def may_see_tools(viewer: Viewer) -> bool:
    """Read how sharing tools stand."""
    return viewer.role in CLERKS | {Role.COUNCIL_MEMBER, Role.PREFECTURE}


def may_see_review_actions(viewer: Viewer) -> bool:
    """Read what reviews of events left to do: the municipality, counts also the prefecture."""
    return viewer.role in AREAS


def gives_support(viewer: Viewer) -> bool:
    """Answer, visit, publish materials."""
    return viewer.role == Role.PREFECTURE


def asks_for_support(viewer: Viewer) -> bool:
    """Ask, and write good cases."""
    return viewer.role == Role.MUNICIPAL_STAFF
