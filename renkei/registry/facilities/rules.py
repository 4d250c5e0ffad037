"""Who may, as sentences. A rule that is not here means no."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer

BOOKLET_MAKERS = frozenset({Role.MUNICIPAL_STAFF, Role.DESK})


def may_make_booklets(viewer: Viewer) -> bool:
    """Have booklets made and take them: the town and its desks, who hand them out."""
    return viewer.role in BOOKLET_MAKERS


def may_publish(viewer: Viewer) -> bool:
    """Release booklets and open data to everybody."""
    return viewer.role == Role.MUNICIPAL_STAFF
