"""緊急閲覧 and its review (T-P3)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.forms.emergency import BreakGlassForm, ReviewForm
from renkei.care.patients.presenters_emergency import month_links, use_rows
from renkei.care.patients.queries_break_glass import (
    may_break_glass,
    uses_in_month,
    uses_watched_by,
)
from renkei.care.patients.queries_cards import open_grants_of
from renkei.care.patients.queries_read_log import reads_under, rows_of
from renkei.care.patients.rules_emergency import may_ask_to_break_the_glass, may_watch_access
from renkei.care.patients.services.break_glass import break_glass as open_by_force
from renkei.care.patients.services.break_glass import review_break_glass
from renkei.foundation.accounts.access import fresh_proof, staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock

# The same for a person who is not here, two of one name, and a refusal that binds.
NOT_OPENED = (
    "開けませんでした。氏名の全部と生年月日を確かめてください。"
    "この方の記録がないか、緊急時にも見せない意思が示されています。"
)
_YEARS = 100
TOO_MANY = "続けて試しすぎました。15分ほど待ってから、もう一度入力してください。"


@never_cache
@require_http_methods(["GET", "POST"])
@care_page(may_ask_to_break_the_glass)
@fresh_proof
def break_glass(request: ViewerRequest) -> HttpResponse:
    allowed = may_break_glass(request.viewer)
    form = BreakGlassForm(request.POST if request.method == "POST" and allowed else None)
    if form.is_valid():
        glass = open_by_force(viewer=request.viewer, **form.cleaned_data)
        if glass.use is not None:
            messages.warning(request, "緊急閲覧として記録し、連携ホストと管理者に知らせました。")
            return redirect("patients:emergency_screen", glass.use.grant.patient.uid)
        form.add_error(None, TOO_MANY if glass.locked else NOT_OPENED)
    status = 422 if form.is_bound else 200
    context = {
        "form": form,
        "allowed": allowed,
        "hours": settings.BREAK_GLASS_HOURS,
        "grants": open_grants_of(request.viewer) if allowed else (),
    }
    return render(request, "patients/break_glass.html", context, status=status)


@never_cache
@require_safe
@staff_page(may_watch_access)
def break_glass_reviews(request: ViewerRequest) -> HttpResponse:
    """What waits, and one month as a whole."""
    month = _month(request.GET.get("month", ""))
    context = {
        "waiting": use_rows(uses_watched_by(request.viewer).filter(reviewed_at=None)),
        "month": month,
        "rows": use_rows(uses_in_month(request.viewer, month)),
        "months": month_links(month),
    }
    return render(request, "patients/break_glass_reviews.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page(may_watch_access)
def break_glass_review(request: ViewerRequest, use_uid: UUID) -> HttpResponse:
    use = get_object_or_404(uses_watched_by(request.viewer), uid=use_uid)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            review_break_glass(viewer=request.viewer, use=use, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "緊急閲覧の確認を記録しました。")
            return redirect("patients:break_glass_reviews")
    status = 422 if form.is_bound else 200
    context = {
        "form": form,
        "row": use_rows([use])[0],
        # What was looked at meanwhile, by whom: no content of the record.
        "reads": rows_of(list(reads_under(use))),
    }
    return render(request, "patients/break_glass_review.html", context, status=status)


def _month(text: str) -> date:
    present = clock.today().replace(day=1)
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return present
    # Of other centuries there is nothing to review, and no month beside their first and last.
    return month if abs(month.year - present.year) < _YEARS else present
