"""The area a viewer's office speaks for."""

from __future__ import annotations

from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area


def area_of(viewer: Viewer) -> Area | None:
    """The area of the viewer's organisation; None where it has none."""
    office = (
        Organisation.objects.filter(pk=viewer.organisation_id or 0).select_related("area").first()
    )
    return office.area if office else None
