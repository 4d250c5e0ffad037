"""Guarding staff pages: one decorator, so that every view answers a stranger in the same way."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import urlencode

from renkei.foundation.accounts.second_factor import second_factor_url
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest

View = Callable[..., HttpResponseBase]


def staff_page(rule: Callable[[Viewer], bool]) -> Callable[[View], View]:
    """Let only viewers for whom ``rule`` holds reach a view.

    Anybody without a session is sent to sign in, a session without its second factor to prove or
    set up one; a signed-in viewer who may not gets 404: not allowed and not found look the same.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            viewer = cast("ViewerRequest", request).viewer
            if viewer.user_id is None:
                return sign_in_first(request)
            if viewer.second_factor_missing:
                return second_factor_first(request, viewer)
            if not rule(viewer):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.staff_rule = rule  # type: ignore[attr-defined]  # read by the permission matrix
        return guarded

    return decorate


def fresh_proof(view: View) -> View:
    """Ask for password or code again before a sensitive act, unless that was a moment ago."""
    return cast("View", reauthentication_required(view))


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send somebody without a session to the sign-in page, and back here afterwards."""
    if _wants_json(request):
        return JsonResponse({"detail": "サインインしてください。"}, status=401)
    query = urlencode({"next": request.get_full_path()})
    return _go(request, f"{resolve_url(settings.LOGIN_URL)}?{query}")


def second_factor_first(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Send a session without its second factor to prove or set up one."""
    if _wants_json(request):
        return JsonResponse({"detail": "二段階の本人確認をしてください。"}, status=403)
    assert viewer.user_id is not None  # noqa: S101 - only called for signed-in viewers
    return _go(request, second_factor_url(viewer.user_id, then=request.get_full_path()))


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or request.headers.get("Accept") == "application/json"


def _go(request: HttpRequest, url: str) -> HttpResponse:
    # htmx would put the sign-in page into a part of the page; this makes the browser go there.
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
