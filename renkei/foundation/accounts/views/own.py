"""One's own account: home, choosing the membership, setting up the second factor."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from renkei.foundation.accounts.access import sign_in_first, staff_page
from renkei.foundation.accounts.landings import landing_for
from renkei.foundation.accounts.queries import (
    MEMBERSHIP_SESSION_KEY,
    account_of,
    active_memberships,
    own_factors,
)
from renkei.foundation.accounts.rules import is_signed_in
from renkei.foundation.accounts.services import choose_membership
from renkei.foundation.accounts.viewers import ViewerRequest

START = "accounts:start"


@require_safe
@staff_page(is_signed_in)
def start(request: ViewerRequest) -> HttpResponse:
    """Lead on to the first page of the viewer's role: after signing in, and from the logo."""
    return redirect(landing_for(request.viewer))


@require_safe
@staff_page(is_signed_in)
def home(request: ViewerRequest) -> HttpResponse:
    user = account_of(request.viewer)
    context = {
        "user": user,
        "memberships": active_memberships(user.pk),
        "factors": own_factors(user.pk),
        "landing": landing_for(request.viewer),
    }
    return render(request, "accounts/home.html", context)


@require_POST
@staff_page(is_signed_in)
def membership_choose(request: ViewerRequest, membership_uid: UUID) -> HttpResponse:
    own = active_memberships(account_of(request.viewer).pk)
    membership = get_object_or_404(own, uid=membership_uid)
    choose_membership(actor=request.viewer.actor, membership=membership)
    request.session[MEMBERSHIP_SESSION_KEY] = membership.pk
    messages.success(request, f"{membership}として操作します。")
    return redirect(START)


@require_safe
def second_factor_setup(request: ViewerRequest) -> HttpResponse:
    if request.viewer.user_id is None:
        return sign_in_first(request)
    if not request.viewer.second_factor_missing:
        return redirect(START)
    return render(request, "accounts/second_factor_setup.html")
