"""What an office let pass, for those who are told of it and are on no team."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.care.patients.access import care_page
from renkei.care.transitions.presenters import next_label
from renkei.care.transitions.queries.office import overdue_of_office
from renkei.care.transitions.rules_office import may_see_office
from renkei.care.transitions.words import due_text
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.notifications.services import mark_read


@care_page(may_see_office)
@require_safe
def office_overdue(request: ViewerRequest) -> HttpResponse:
    """Which deadlines passed, and which colleague to ask: nothing about whose stay it is."""
    rows = [
        {
            "label": next_label(duty.case),
            "due": due_text(duty.case.next_due_at) if duty.case.next_due_at else "",
            "colleagues": duty.colleagues,
            "whole_office": duty.whole_office,
            "is_over": duty.is_over,
        }
        for duty in overdue_of_office(request.viewer)
    ]
    response = render(request, "transitions/office_overdue.html", {"rows": rows})
    mark_read(user_id=request.viewer.user_id or 0, path_prefix=request.path)
    return response
