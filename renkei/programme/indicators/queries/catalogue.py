"""Which indicators a viewer finds."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import Viewer
from renkei.foundation.areas.models import Area
from renkei.programme.indicators.models import Indicator
from renkei.programme.indicators.rules import may_read_indicators


def indicators_for(viewer: Viewer) -> QuerySet[Indicator]:
    """The shipped indicators and those of the viewer's own area, in the catalogue's order."""
    if not may_read_indicators(viewer):
        return Indicator.objects.none()
    own = own_area_of(viewer)
    mine = Q(owner=None) | Q(owner=own) if own else Q(owner=None)
    return Indicator.objects.filter(mine).prefetch_related("versions")


def indicator_for(viewer: Viewer, code: str) -> Indicator:
    """One of them.

    Raises:
        Indicator.DoesNotExist: there is none, or the viewer may not find it.
    """
    return indicators_for(viewer).get(code=code)


def neighbours_in_catalogue(viewer: Viewer, indicator: Indicator) -> list[Indicator]:
    """Those of the same scene and kind beside it, for 「あわせて見る」."""
    version = indicator.latest
    found = [
        one
        for one in indicators_for(viewer)
        if one.pk != indicator.pk
        and set(one.latest.scenes) & set(version.scenes)
        and one.latest.kind == version.kind
    ]
    found.sort(key=lambda one: abs(one.position - indicator.position))
    return sorted(found[:4], key=lambda one: one.position)


def area_names(ids: Collection[int]) -> dict[int, str]:
    """The names of areas; public."""
    return dict(Area.objects.filter(pk__in=ids).values_list("pk", "name"))
