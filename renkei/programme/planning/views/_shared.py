"""What the pages of this room share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.programme.planning.forms import ServiceForm
from renkei.programme.planning.models import Council, Meeting, Plan
from renkei.programme.planning.queries.councils import CouncilDoor, council_door
from renkei.programme.planning.queries.meetings import MeetingDoor, meeting_door
from renkei.programme.planning.queries.plans import PlanDoor, plan_door

INVALID = 422


def council_of(request: ViewerRequest, uid: UUID) -> CouncilDoor:
    """The council.

    Raises:
        Http404: not there, or not theirs to see.
    """
    try:
        return council_door(request.viewer, uid)
    except Council.DoesNotExist:
        raise Http404 from None


def meeting_of(request: ViewerRequest, uid: UUID) -> MeetingDoor:
    """The meeting.

    Raises:
        Http404: not there, or not theirs to see.
    """
    try:
        return meeting_door(request.viewer, uid)
    except Meeting.DoesNotExist:
        raise Http404 from None


def plan_of(request: ViewerRequest, uid: UUID) -> PlanDoor:
    """The plan.

    Raises:
        Http404: not there, or not theirs to see.
    """
    try:
        return plan_door(request.viewer, uid)
    except Plan.DoesNotExist:
        raise Http404 from None


def writable_plan(request: ViewerRequest, uid: UUID) -> PlanDoor:
    """The plan.

    Raises:
        Http404: not there, or not theirs to write.
    """
    door = plan_of(request, uid)
    only(door.may_write)
    return door


def only(allowed: bool) -> None:  # noqa: FBT001 - reads as a sentence: only(door.owns)
    """Let only those go on who may.

    Raises:
        Http404: everybody else.
    """
    if not allowed:
        raise Http404


def form_page(
    request: ViewerRequest,
    form: Any,
    *,
    title: str,
    button: str,
    back: str,
    crumbs: list[tuple[str, str]],
    **context: Any,
) -> HttpResponse:
    """A page that is one form. ``crumbs``: links before the title, as (address, word)."""
    context |= {"form": form, "title": title, "button": button, "back": back, "crumbs": crumbs}
    status = INVALID if form.is_bound else 200
    return render(request, "planning/form.html", context, status=status)


def download(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file to keep; named after its kind, never after a person."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def saved_or_form(
    request: ViewerRequest,
    form: ServiceForm,
    act: Callable[[], object],
    *,
    said: str,
    title: str,
    button: str,
    crumbs: list[tuple[str, str]],
    **words: str | bool,
) -> HttpResponse:
    """A page that is one form; when it is saved, back to the last crumb."""
    back = crumbs[-1][0]
    if form.is_valid():
        try:
            act()
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, said)
            return redirect(back)
    return form_page(request, form, title=title, button=button, back=back, crumbs=crumbs, **words)
