"""The list of indicators."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.programme.indicators.queries.catalogue import indicators_for
from renkei.programme.indicators.rules import may_read_indicators


@staff_page(may_read_indicators)
@require_safe
def indicator_list(request: ViewerRequest) -> HttpResponse:
    found = indicators_for(request.viewer)
    return render(request, "indicators/indicator_list.html", {"indicators": found})
