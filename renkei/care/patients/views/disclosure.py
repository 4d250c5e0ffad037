"""The council's table of documents and professions (T-ISM2). No person is on these pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.forms.governance import AtForm, DisclosureForm
from renkei.care.patients.models import DisclosureTable
from renkei.care.patients.queries_disclosure import (
    before_of,
    changes_between,
    rows_in_force,
    rows_of,
    table_in_force,
    tables_of,
)
from renkei.care.patients.rules_emergency import may_decide_on_disclosure
from renkei.care.patients.services import disclosure as services
from renkei.foundation.accounts.access import fresh_proof, staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock


@require_safe
@staff_page(may_decide_on_disclosure)
def disclosure_table(request: ViewerRequest) -> HttpResponse:
    """What is in force now, or was on a day, and every version."""
    form = AtForm(request.GET if "on" in request.GET else None)
    at = clock.now()
    if form.is_valid() and form.cleaned_data["on"]:
        at = datetime.combine(form.cleaned_data["on"], time.max, clock.TOKYO)
    areas = [own_area_of(request.viewer), None]
    context = {
        "form": form,
        "at": at,
        "table": table_in_force(areas, at),
        "rows": rows_in_force(areas, at),
        "versions": [_state(one) for one in tables_of(request.viewer)],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "patients/disclosure_table.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_page(may_decide_on_disclosure)
def disclosure_propose(request: ViewerRequest) -> HttpResponse:
    rows = rows_in_force([own_area_of(request.viewer), None])
    form = DisclosureForm(request.POST if request.method == "POST" else None, rows=rows)
    if form.is_valid():
        try:
            table = services.propose_table(
                viewer=request.viewer, rows=form.proposed(), reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "提案しました。別の2人が承認すると効力が始まります。")
            return redirect("patients:disclosure_version", table.uid)
    status = 422 if form.is_bound else 200
    return render(request, "patients/disclosure_propose.html", {"form": form}, status=status)


@require_safe
@staff_page(may_decide_on_disclosure)
def disclosure_version(request: ViewerRequest, table_uid: UUID) -> HttpResponse:
    table = get_object_or_404(tables_of(request.viewer), uid=table_uid)
    spoken = {one.user_id for one in (table.proposed_by, table.first_approved_by) if one}
    context = {
        **_state(table),
        "changes": changes_between(before_of(table), rows_of(table)),
        "may_approve": request.viewer.user_id not in spoken,
    }
    return render(request, "patients/disclosure_version.html", context)


@require_POST
@staff_page(may_decide_on_disclosure)
@fresh_proof
def disclosure_approve(request: ViewerRequest, table_uid: UUID) -> HttpResponse:
    return _decide(request, table_uid, services.approve_table, "承認しました。")


@require_POST
@staff_page(may_decide_on_disclosure)
def disclosure_refuse(request: ViewerRequest, table_uid: UUID) -> HttpResponse:
    return _decide(request, table_uid, services.refuse_table, "この提案を見送りました。")


def _decide(
    request: ViewerRequest, table_uid: UUID, service: Callable[..., object], sentence: str
) -> HttpResponse:
    table = get_object_or_404(tables_of(request.viewer), uid=table_uid)
    try:
        service(viewer=request.viewer, table=table)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, sentence)
    return redirect("patients:disclosure_version", table.uid)


def _state(table: DisclosureTable) -> dict[str, object]:
    if table.refused_at is not None:
        kind, word = "plain", "見送り"
    elif table.in_force_since is not None:
        kind, word = "done", "承認済み"
    elif table.first_approved_by_id is not None:
        kind, word = "soon", "あと1人の承認待ち"
    else:
        kind, word = "soon", "2人の承認待ち"
    return {"table": table, "kind": kind, "word": word, "waiting": kind == "soon"}
