"""Searching the audit trail. The trail itself knows no viewers, so its page lives here."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.forms import TrailSearchForm
from renkei.foundation.accounts.presenters import event_rows
from renkei.foundation.accounts.rules import may_read_audit
from renkei.foundation.accounts.services.trail import record_trail_read
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.audit.queries import events_matching

PER_PAGE = 100


@require_safe
@staff_page(may_read_audit)
def event_list(request: ViewerRequest) -> HttpResponse:
    form = TrailSearchForm(request.GET or None)
    page = None
    if form.is_valid():
        search = form.search()
        # Who reads the log is itself in the log, before the answer leaves.
        record_trail_read(actor=request.viewer.actor, search=search)
        page = Paginator(events_matching(search), PER_PAGE).get_page(request.GET.get("page"))
    status = 422 if form.is_bound and page is None else 200
    context = {"form": form, "page": page, "rows": event_rows(page or [])}
    return render(request, "accounts/trail.html", context, status=status)
