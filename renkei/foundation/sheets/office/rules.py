"""Who may keep an office's own workbooks."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer

_WRITERS = frozenset({Role.PROFESSIONAL, Role.SHARING_HOST, Role.ORGANISATION_ADMIN, Role.DESK})


def may_keep_office_workbooks(viewer: Viewer) -> bool:
    """Whoever fills in forms for an organisation may bring its own papers, and sees no person."""
    return viewer.role in _WRITERS
