"""Who may see what an office left undone."""

from __future__ import annotations

from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer


def may_see_office(viewer: Viewer) -> bool:
    """Its administrators: they are told of it (``services.escalation``)."""
    return viewer.role == Role.ORGANISATION_ADMIN
