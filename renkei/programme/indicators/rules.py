"""Who may see and bring in numbers, as sentences."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer

READERS = frozenset({Role.MUNICIPAL_STAFF, Role.PREFECTURE, Role.COUNCIL_MEMBER, Role.DESK})


def may_read_indicators(viewer: Viewer) -> bool:
    """The programme's people: municipality, prefecture, 拠点, members of councils."""
    return viewer.role in READERS


def may_bring_in_values(viewer: Viewer) -> bool:
    """The municipality brings in values, for its own area and of published sources."""
    return viewer.role == Role.MUNICIPAL_STAFF


def runs_programme(viewer: Viewer) -> bool:
    """Who sees contracts and reports beside the answers; a member of a council does not."""
    return viewer.role in READERS - {Role.COUNCIL_MEMBER}
