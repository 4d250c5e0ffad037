"""The 24-hour map of an area: which office is on duty when; no person is in it."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from renkei.care.transitions.duty_times import instant_of
from renkei.care.transitions.presenters_duties import WEEK
from renkei.care.transitions.presenters_duty_map import map_page
from renkei.care.transitions.queries.duty_map import duty_map
from renkei.care.transitions.rules_duties import may_see_duty_map
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock

# Further away nobody has planned, and nobody looks back.
FURTHEST = timedelta(days=400)


@never_cache
@staff_page(may_see_duty_map)
@require_safe
def duty_map_week(request: ViewerRequest) -> HttpResponse:
    """A week from the chosen day's Monday, and that day in words."""
    chosen = _day(request.GET.get("on", ""))
    first = chosen - timedelta(days=chosen.weekday())
    last = first + timedelta(days=WEEK)
    found = duty_map(request.viewer, since=instant_of(first, 0), until=instant_of(last, 0))
    context = {
        "shown": map_page(found, first=first, chosen=chosen),
        "earlier": f"?on={(first - timedelta(days=WEEK)).isoformat()}",
        "later": f"?on={last.isoformat()}",
    }
    return render(request, "transitions/duty_map.html", context)


def _day(text: str) -> date:
    today = clock.today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs(day - today) < FURTHEST else today
