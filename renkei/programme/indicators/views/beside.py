"""One indicator over the municipalities around."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.areas.models import AreaLevel
from renkei.programme.indicators.presenters import Link
from renkei.programme.indicators.presenters_beside import beside_page
from renkei.programme.indicators.queries.beside import (
    GROUPS,
    PREFECTURE,
    beside,
    members_of,
    newest_period,
    periods_of,
)
from renkei.programme.indicators.rules import may_read_indicators
from renkei.programme.indicators.views.catalogue import found_for


@staff_page(may_read_indicators)
@require_safe
def indicator_beside(request: ViewerRequest, code: str) -> HttpResponse:
    viewer = request.viewer
    indicator, areas = found_for(request, code)
    own = own_area_of(viewer)
    towns = [area for area in areas if area.level == AreaLevel.MUNICIPALITY]
    if (own is None or own.level != AreaLevel.MUNICIPALITY or request.GET.get("area")) and towns:
        own = towns[0]
    if own is None:
        raise Http404
    group = request.GET.get("group", PREFECTURE)
    group = group if group in GROUPS else PREFECTURE
    version = indicator.latest
    periods = periods_of(viewer, version, own)
    asked = next((one for one in periods if one.key == request.GET.get("period")), None)
    period = asked or newest_period(viewer, version, members_of(viewer, own, group))
    found = beside(viewer, version, own, period, group) if period else None
    at = f"area={own.pk}"
    context = {
        "indicator": indicator,
        "version": version,
        "own": own,
        "period": period,
        "page": beside_page(found) if found else None,
        "groups": [
            Link(f"?group={key}&{at}", words, key == group) for key, words in GROUPS.items()
        ],
        "periods": [
            Link(f"?group={group}&{at}&period={one.key}", one.label, one == period)
            for one in periods
        ],
    }
    return render(request, "indicators/beside.html", context)
