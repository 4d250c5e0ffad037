"""会議の記録と計画, as far as they are published."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.foundation.common.eras import FiscalYear
from renkei.foundation.common.media_types import PDF
from renkei.programme.planning.documents.councils import (
    name_of,
    paper_called,
    paper_file,
    when_text,
    where_text,
)
from renkei.programme.planning.models import Meeting, Plan
from renkei.programme.planning.queries.meetings import items_of, lines_of
from renkei.programme.planning.queries.public import (
    digest_called,
    public_councils,
    public_plan,
    public_plans,
    summary_of,
    who_came,
)


@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    """Days to come, published 要旨, and the plans a town shows."""
    councils = [
        {
            "council": one.council,
            "next": [(when_text(each), where_text(each), each.audience) for each in one.next],
            "digests": [(each, name_of(each), when_text(each)) for each in one.digests],
            "members": one.members,
        }
        for one in public_councils()
    ]
    plans = [(one, FiscalYear(one.fiscal_year).label) for one in public_plans()]
    return render(request, "portal/programme.html", {"councils": councils, "plans": plans})


@require_safe
def digest(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The 要旨 of one meeting; what is closed is not hidden in it, it was never there."""
    meeting = _digest(uid)
    lines = lines_of(meeting, public=True)
    items = [
        (one, [line for line in lines if line.item_id == one.pk])
        for one in items_of(meeting, public=True)
    ]
    context = {
        "meeting": meeting,
        "name": name_of(meeting),
        "when": when_text(meeting),
        "where": where_text(meeting),
        "items": items,
        "others": [line for line in lines if line.item_id is None],
        "came": who_came(meeting),
    }
    return render(request, "portal/digest.html", context)


@require_safe
def digest_pdf(request: HttpRequest, uid: UUID) -> HttpResponse:  # noqa: ARG001 - a view
    """The same on paper."""
    meeting = _digest(uid)
    paper = paper_called("summary")
    if paper is None:  # pragma: no cover - one of the shipped papers
        raise Http404
    headers = {"Content-Disposition": 'inline; filename="summary.pdf"'}
    return HttpResponse(paper_file(meeting, paper, "pdf"), content_type=PDF, headers=headers)


def _digest(uid: UUID) -> Meeting:
    try:
        return digest_called(uid)
    except Meeting.DoesNotExist:
        raise Http404 from None


@require_safe
def plan(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What a town aims at and does, scene by scene, with published numbers."""
    try:
        found = public_plan(uid)
    except Plan.DoesNotExist:
        raise Http404 from None
    context = {
        "plan": found,
        "name": f"{found.area.name}　{FiscalYear(found.fiscal_year).label}の計画",
        "scenes": summary_of(found),
    }
    return render(request, "portal/plan.html", context)
