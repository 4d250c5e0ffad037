"""For whom a viewer acts."""

from __future__ import annotations

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area


def organisation_of(viewer: Viewer) -> Organisation | None:
    """The viewer's organisation with its area."""
    return (
        Organisation.objects.filter(pk=viewer.organisation_id or 0).select_related("area").first()
    )


def area_of(viewer: Viewer) -> Area | None:
    """The area of the viewer's organisation; None where it has none: then nothing is in reach."""
    office = organisation_of(viewer)
    return office.area if office else None
