"""Doubtful pairs: one place or two? A person decides once."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries import names_of
from renkei.foundation.accounts.rules import may_edit_register
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.registry.facilities.presenters_places import shown_decisions, shown_pair
from renkei.registry.facilities.queries_places import open_pairs, place_decisions
from renkei.registry.facilities.services.place_undo import undo_decision
from renkei.registry.facilities.services.places import decide_pair

PAGE_SIZE = 10
DECISIONS_SHOWN = 20


@staff_page(may_edit_register)
@require_safe
def place_list(request: ViewerRequest) -> HttpResponse:
    page = Paginator(open_pairs(), PAGE_SIZE).get_page(request.GET.get("page"))
    decisions = list(place_decisions()[:DECISIONS_SHOWN])
    context = {
        "page": page,
        "pairs": [shown_pair(pair, number) for number, pair in enumerate(page, page.start_index())],
        "decisions": shown_decisions(decisions),
        "people": names_of({row.decided_by_id for row in decisions}),
    }
    return render(request, "facilities/place_list.html", context)


@staff_page(may_edit_register)
@require_POST
def place_decide(request: ViewerRequest, pair_id: int) -> HttpResponse:
    pair = get_object_or_404(open_pairs(), pk=pair_id)
    same = request.POST.get("same")
    if same not in {"yes", "no"}:
        messages.error(request, "「同じ場所」か「別の場所」を選んでください。")
        return redirect("facilities:place_list")
    decide_pair(actor=request.viewer.actor, pair=pair, same=same == "yes")
    word = "同じ場所" if same == "yes" else "別の場所"
    messages.success(request, f"「{word}」と決めました。次の取り込みでも、この決定を使います。")
    return redirect("facilities:place_list")


@staff_page(may_edit_register)
@require_POST
def place_undo(request: ViewerRequest, decision_id: int) -> HttpResponse:
    decision = get_object_or_404(place_decisions(), pk=decision_id)
    undo_decision(actor=request.viewer.actor, decision=decision)
    messages.success(request, "決定を取り消しました。もう一度決められます。")
    return redirect("facilities:place_list")
