"""Who may see which numbers, as sentences."""

from __future__ import annotations

from renkei.care.patients.rules import may_work_in_teams
from renkei.foundation.accounts.models import Role
from renkei.foundation.accounts.viewers import Viewer


def sees_the_area(viewer: Viewer) -> bool:
    """The municipality sees its area, suppressed; never a person."""
    return viewer.role == Role.MUNICIPAL_STAFF


def sees_areas_side_by_side(viewer: Viewer) -> bool:
    """The prefecture and its 保健所 see their municipalities beside each other."""
    return viewer.role == Role.PREFECTURE


def sees_nights_of_area(viewer: Viewer) -> bool:
    """Nights, refusals and reviews are counted for whoever answers for an area."""
    return sees_the_area(viewer) or sees_areas_side_by_side(viewer)


def may_see_numbers(viewer: Viewer) -> bool:
    """An office or hospital sees itself and the mean; the others as above."""
    return may_work_in_teams(viewer) or sees_the_area(viewer) or sees_areas_side_by_side(viewer)
