"""事例の検証から: what was decided there, and how often what was found."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from renkei.care.transitions.models import ReviewAction
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.eras import fiscal_year
from renkei.programme.planning.queries.councils import door_of
from renkei.programme.planning.queries.reviews import (
    council_for_reviews,
    counts_shown,
    review_row,
    review_rows,
)
from renkei.programme.planning.queries.support import hidden_rule
from renkei.programme.planning.rules import may_own_councils, may_see_review_actions
from renkei.programme.planning.services.reviews import take_up

NO_COUNCIL = "引き継ぐ会議体がありません。協議会か、急変時の部会を登録してください。"


@staff_page(may_see_review_actions)
@require_safe
def review_actions(request: ViewerRequest) -> HttpResponse:
    year = fiscal_year(clock.today())
    context = {
        "rows": review_rows(request.viewer),
        "table": counts_shown(request.viewer, year),
        "year": year.label,
        "hidden_rule": hidden_rule(),
        "owns": may_own_councils(request.viewer),
    }
    return render(request, "planning/reviews/list.html", context)


@staff_page(may_own_councils)
@require_POST
def review_take_up(request: ViewerRequest, row_uid: UUID) -> HttpResponse:
    """A decision that found no council on the day the review was closed."""
    try:
        row = review_row(request.viewer, row_uid)
    except ReviewAction.DoesNotExist:
        raise Http404 from None
    area = own_area_of(request.viewer)
    council = council_for_reviews(area) if area else None
    if council is None:
        messages.error(request, NO_COUNCIL)
        return redirect("planning:review_actions")
    try:
        take_up(door=door_of(request.viewer, council), row=row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "会議のすべきことにしました。")
    return redirect("planning:review_actions")
