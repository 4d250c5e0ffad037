"""今日やること: over all persons of one member."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.reading import record_reads
from renkei.care.timelines.composing import patients_in, today_parts_of
from renkei.care.timelines.presenters_today import TodayPage
from renkei.care.timelines.queries.today import today_of
from renkei.care.timelines.rules import may_work_in_teams
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock


@care_page(may_work_in_teams)
@require_safe
def today(request: ViewerRequest) -> HttpResponse:
    """To answer, to confirm, overdue first; what one waits for; what is new."""
    with transaction.atomic():
        found = today_of(request.viewer)
        # The menu says the same number and need not count again.
        request.waiting_today = found.waiting_count
        page = TodayPage.of(found)
        parts = today_parts_of(request.viewer)
        context = {"today": page, "now": clock.now(), "parts": parts}
        response = render(request, "timelines/today.html", context)
        seen = {one.pk: one for one in [*page.patients, *patients_in(parts)]}
        record_reads(viewer=request.viewer, patients=list(seen.values()), what="今日やること")
    return response
