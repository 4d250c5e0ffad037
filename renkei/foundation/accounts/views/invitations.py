"""Taking up an invitation: by the link of a mail, or by the code of a sheet of paper."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from renkei.foundation.accounts.forms import AcceptInvitationForm, InvitationCodeForm
from renkei.foundation.accounts.models import Invitation, User
from renkei.foundation.accounts.queries import account_with_address, invitation_with_code
from renkei.foundation.accounts.services import accept_invitation, join_by_invitation
from renkei.foundation.accounts.viewers import ViewerRequest

DEAD = "この案内は使えません。コードを確かめるか、組織の管理者に新しい案内を頼んでください。"
TOO_MANY = "続けて試しすぎました。5分ほど待ってから、もう一度入力してください。"


@never_cache
@require_http_methods(["GET", "POST"])
def invitation_enter(request: ViewerRequest) -> HttpResponse:
    form = InvitationCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        code = form.cleaned_data["code"]
        if not ratelimit.consume(request, action="invitation"):
            form.add_error("code", TOO_MANY)
        elif invitation_with_code(code) is None:
            form.add_error("code", DEAD)
        else:
            return redirect("accounts:invitation_accept", code)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/invitation_enter.html", {"form": form}, status=status)


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def invitation_accept(request: ViewerRequest, code: str) -> HttpResponse:
    invitation = invitation_with_code(code)
    if invitation is None:
        return render(request, "accounts/invitation_dead.html", {"sentence": DEAD}, status=404)
    account = account_with_address(invitation.email) if invitation.user is None else None
    if account is not None:
        return _join(request, invitation, account)
    form = AcceptInvitationForm(
        request.POST if request.method == "POST" else None, invitation=invitation
    )
    if form.is_valid():
        try:
            user = accept_invitation(
                invitation=invitation,
                name=form.cleaned_data.get("name", ""),
                password=form.cleaned_data["password"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            return _signed_in(request, user)
    status = 422 if form.is_bound else 200
    context = {"form": form, "invitation": invitation}
    return render(request, "accounts/invitation_accept.html", context, status=status)


def _join(request: ViewerRequest, invitation: Invitation, account: User) -> HttpResponse:
    """The person has an account already: they sign in and take the membership."""
    own = request.viewer.user_id == account.pk
    error = ""
    if own and request.method == "POST":
        try:
            join_by_invitation(actor=request.viewer.actor, invitation=invitation, user=account)
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, f"{invitation.organisation}の所属を受け取りました。")
            return redirect("accounts:start")
    context = {"invitation": invitation, "own": own, "error": error}
    status = 422 if error else 200
    return render(request, "accounts/invitation_join.html", context, status=status)


def _signed_in(request: ViewerRequest, user: User) -> HttpResponse:
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    # The password was typed a moment ago: setting up the second factor need not ask again.
    record_authentication(request, user, "password", reauthenticated=True)
    if user.login_name and not user.email:
        messages.success(
            request,
            f"あなたの利用者番号は {user.login_name} です。サインインで使うので、控えてください。",
        )
    return redirect("accounts:start")
