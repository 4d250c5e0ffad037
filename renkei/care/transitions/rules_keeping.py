"""Who may read rules and contact lists, and who keeps them. A rule that is not here means no."""

from __future__ import annotations

from typing import Final

from renkei.care.patients.visibility import TEAM_ROLES
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer

# Nothing here is about a person: whoever works by the rule, or sits in the meeting that makes it.
READERS: Final = TEAM_ROLES | {Role.MUNICIPAL_STAFF, Role.PREFECTURE, Role.COUNCIL_MEMBER}
CONTACT_KEEPERS: Final = TEAM_ROLES | {Role.MUNICIPAL_STAFF}


def may_read_rules(viewer: Viewer) -> bool:
    """Read the rules, the contact list and the announcements."""
    return viewer.role in READERS


def may_keep_contacts(viewer: Viewer) -> bool:
    """Write the contact points of one's own office."""
    return viewer.role in CONTACT_KEEPERS  # a role comes with a membership and its organisation


def may_keep_rules(viewer: Viewer) -> bool:
    """Sit in the working group: write, publish, adopt and announce; which rule, a query says."""
    return viewer.role == Role.MUNICIPAL_STAFF
