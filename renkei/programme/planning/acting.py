"""For whom a viewer acts."""

from __future__ import annotations

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer


def organisation_of(viewer: Viewer) -> Organisation | None:
    """The viewer's organisation with its area."""
    return (
        Organisation.objects.filter(pk=viewer.organisation_id or 0).select_related("area").first()
    )
