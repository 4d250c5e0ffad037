"""Puts the viewer on every request, and holds back sessions that lack their second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from renkei.foundation.accounts.access import second_factor_first
from renkei.foundation.accounts.models import User
from renkei.foundation.accounts.queries import viewer_of
from renkei.foundation.accounts.second_factor import session_is_void
from renkei.foundation.accounts.viewers import ViewerRequest

# What a session may reach before it has proved its second factor: residents' pages, and those that
# prove the factor or end the session. Everything else, API and admin included, waits.
OPEN_NAMESPACES = frozenset({"portal"})
OPEN_PAGES = frozenset(
    {
        "healthz",
        "account_login",
        "account_logout",
        "account_reauthenticate",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)
# Only while the account has no factor: a stolen password must not add one beside the owner's.
SETUP_PAGES = frozenset({"accounts:second_factor_setup", "mfa_activate_totp", "mfa_add_webauthn"})


class ViewerMiddleware:
    """``request.viewer`` is always set; without a signed-in account it is anybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and session_is_void(request, user):
            logout(request)
        cast("ViewerRequest", request).viewer = viewer_of(request)
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        _args: object,
        _kwargs: object,
    ) -> HttpResponse | None:
        """Design §3.12: the second factor is required by role, whatever the view itself checks."""
        viewer = cast("ViewerRequest", request).viewer
        if not viewer.second_factor_missing:
            return None
        match = request.resolver_match
        if match is None or match.view_name in OPEN_PAGES:
            return None
        staff_page = hasattr(view, "staff_rule")
        if match.namespaces and match.namespaces[0] in OPEN_NAMESPACES and not staff_page:
            return None
        if match.view_name in SETUP_PAGES and not viewer.has_authenticator:
            return None
        return second_factor_first(request, viewer)
