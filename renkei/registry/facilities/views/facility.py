"""One place as professionals and staff see it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.rules import may_edit_register, may_read_staff_pages
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.registry.facilities.presenters import facility_page
from renkei.registry.facilities.queries import facility_for


@staff_page(may_read_staff_pages)
@require_safe
def facility_detail(request: ViewerRequest, facility_id: int) -> HttpResponse:
    place = facility_for(facility_id, viewer=request.viewer)
    context = {
        "page": facility_page(place, now=clock.now()),
        "may_edit": may_edit_register(request.viewer),
    }
    return render(request, "facilities/facility_detail.html", context)
