"""Puts the viewer on every request."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse

from renkei.foundation.accounts.viewers import ANYBODY, ViewerRequest


class ViewerMiddleware:
    """``request.viewer`` is always set; without a signed-in account it is anybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cast("ViewerRequest", request).viewer = ANYBODY
        return self.get_response(request)
