"""One's own account: home, choosing the membership, setting up the second factor."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from renkei.foundation.accounts.access import sign_in_first
from renkei.foundation.accounts.viewers import ViewerRequest


def home(request: ViewerRequest) -> HttpResponseBase:
    if request.viewer.user_id is None:
        return sign_in_first(request)
    return render(request, "accounts/home.html")


def second_factor_setup(request: ViewerRequest) -> HttpResponse:
    if request.viewer.user_id is None:
        return sign_in_first(request)
    if not request.viewer.second_factor_missing:
        return redirect("accounts:home")
    return render(request, "accounts/second_factor_setup.html")
