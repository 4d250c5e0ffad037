"""Who may do what with forms, as sentences. A rule that is not here means no."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer


def may_edit_forms(viewer: Viewer) -> bool:
    """See the editor, write and publish the forms of one's municipality."""
    return viewer.role == Role.MUNICIPAL_STAFF
