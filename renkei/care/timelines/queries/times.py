"""The waiting times of a municipality, as its staff see them."""

from __future__ import annotations

from django.db.models import Q

from renkei.care.timelines.models import EscalationTimes
from renkei.foundation.accounts.models import Organisation
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area


def area_of(viewer: Viewer) -> Area | None:
    """The area the viewer's organisation works for; None stands for the installation."""
    organisation = (
        Organisation.objects.select_related("area").filter(Q(pk=viewer.organisation_id)).first()
    )
    return organisation.area if organisation else None


def times_row(area: Area | None) -> EscalationTimes:
    """What is set for an area, or what the platform ships with."""
    return EscalationTimes.objects.filter(area=area).first() or EscalationTimes(area=area)
