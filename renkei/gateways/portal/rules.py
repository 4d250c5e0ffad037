"""Who may, as sentences. A rule that is not here means no."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer


def may_edit_site(viewer: Viewer) -> bool:
    """The region's name, its desk and its office, shown on every page."""
    return viewer.role == Role.MUNICIPAL_STAFF
