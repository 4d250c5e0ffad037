"""Who may, as sentences. A rule that is not here means no."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer


def may_edit_register(viewer: Viewer) -> bool:
    """Imports, corrections and publication of the resource register."""
    return viewer.role == Role.MUNICIPAL_STAFF


def may_read_staff_pages(viewer: Viewer) -> bool:
    """Any page that is not for residents."""
    return viewer.user_id is not None and viewer.role not in {Role.RESIDENT, Role.PERSON_OR_FAMILY}
