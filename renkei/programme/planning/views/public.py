"""What residents are shown: looked at first, then put on the portal or taken down."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.eras import FiscalYear
from renkei.programme.planning.models import Plan
from renkei.programme.planning.queries.plans import plan_door
from renkei.programme.planning.queries.public import members_by_profession, summary_of
from renkei.programme.planning.rules import may_keep_plans, may_own_councils
from renkei.programme.planning.services.public import show_members, show_plan
from renkei.programme.planning.views._shared import council_of, only

SHOWN, HIDDEN = "住民向けページに載せました。", "住民向けページから下ろしました。"


@staff_page(may_keep_plans)
@require_http_methods(["GET", "POST"])
def plan_portal(request: ViewerRequest, plan_uid: UUID) -> HttpResponse:
    """The summary of a plan as residents will read it."""
    try:
        door = plan_door(request.viewer, plan_uid)
    except Plan.DoesNotExist:
        raise Http404 from None
    only(door.may_write)
    if request.method == "POST":
        show = request.POST.get("show") == "1"
        show_plan(door=door, show=show)
        messages.success(request, SHOWN if show else HIDDEN)
        return redirect("planning:plan_portal", plan_uid)
    context = {
        "plan": door.plan,
        "scenes": summary_of(door.plan),
        "is_shown": hasattr(door.plan, "on_portal"),
        "back": reverse("planning:plan_detail", args=[plan_uid]),
        "name": f"{FiscalYear(door.plan.fiscal_year).label}の計画",
    }
    return render(request, "planning/public/plan.html", context)


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def members_portal(request: ViewerRequest, council_uid: UUID) -> HttpResponse:
    """How many members of each profession, without a name."""
    door = council_of(request, council_uid)
    only(door.owns)
    if request.method == "POST":
        show = request.POST.get("show") == "1"
        show_members(door=door, show=show)
        messages.success(request, SHOWN if show else HIDDEN)
        return redirect("planning:members_portal", council_uid)
    context = {
        "council": door.council,
        "members": members_by_profession(door.council),
        "is_shown": hasattr(door.council, "on_portal"),
        "back": reverse("planning:council_detail", args=[council_uid]),
    }
    return render(request, "planning/public/members.html", context)
