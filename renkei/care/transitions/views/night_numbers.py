"""Nights, calls at a sudden turn and reviews of an area: counts only, never a person."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.care.transitions import presenters_night_numbers as words
from renkei.care.transitions.queries.call_counts import call_counts
from renkei.care.transitions.queries.hole_minutes import hole_minutes
from renkei.care.transitions.queries.reviews import review_counts
from renkei.care.transitions.rules_duties import may_see_duty_map
from renkei.care.transitions.rules_numbers import sees_nights_of_area
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year

LONGEST_MONTH = 31


@staff_page(sees_nights_of_area)
@require_safe
def night_numbers(request: ViewerRequest) -> HttpResponse:
    """The year's calls and reviews, and a month's time without anybody to call."""
    today, area = clock.today(), own_area_of(request.viewer)
    years = words.years_offered(fiscal_year(today))
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one.year) == asked), years[0])
    month = words.month_asked(request.GET.get("month", ""), today)
    last = (month + timedelta(days=LONGEST_MONTH)).replace(day=1) - timedelta(days=1)
    holes = hole_minutes(area, month, last) if area else None
    context = {
        "area": area,
        "sees_map": may_see_duty_map(request.viewer),
        "year": year,
        "years": years,
        "month": month,
        "months": words.months_offered(today),
        "holes": words.hole_sentence(holes) if holes else "",
        "calls": words.call_table(call_counts(area, year.start, year.end)) if area else None,
        "reviews": words.review_tables(review_counts(area, since=year.start, until=year.end))
        if area
        else [],
    }
    return render(request, "transitions/numbers/nights.html", context)
