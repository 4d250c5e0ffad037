"""The waiting times of a municipality, as its staff see them."""

from __future__ import annotations

from renkei.care.timelines.models import EscalationTimes
from renkei.foundation.areas.models import Area


def times_row(area: Area | None) -> EscalationTimes:
    """What is set for an area, or what the platform ships with."""
    return EscalationTimes.objects.filter(area=area).first() or EscalationTimes(area=area)
