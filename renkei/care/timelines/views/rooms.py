"""The two rooms of a person: what was written, and a place to write."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.reading import record_read
from renkei.care.timelines import live
from renkei.care.timelines.composing import ShownPart, boxes_of
from renkei.care.timelines.forms import ComposerForm
from renkei.care.timelines.models import Entry, Room, RoomKind
from renkei.care.timelines.presenters import by_day, cards
from renkei.care.timelines.presenters_rooms import (
    composer_of,
    head_of,
    room_tabs,
    side_of,
)
from renkei.care.timelines.queries.doors import Door, door_to
from renkei.care.timelines.queries.entries import (
    EntryPage,
    entries_after,
    entry_of,
    is_written,
    page_of,
    seen_in,
    unread_in,
)
from renkei.care.timelines.rules import may_take_part
from renkei.care.timelines.services.posting import post_through
from renkei.care.timelines.services.reading import mark_seen
from renkei.care.timelines.services.rooms import opened_doors_of
from renkei.care.timelines.views.sending import accepted, from_outbox, refused, written_in
from renkei.care.timelines.visit_forms import uid_in
from renkei.care.timelines.visit_leases import lease_lost, own_lease
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock

ROOM_NAMES = {RoomKind.STAFF: "職員の部屋", RoomKind.FAMILY: "本人・家族の部屋"}


def number_in(request: ViewerRequest, name: str) -> int | None:
    """A number of the address; None where there is none or it is none."""
    return number_of(request.GET.get(name, ""))


def number_of(text: str) -> int | None:
    """A number as somebody sent it; Python refuses to read one of thousands of digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - of a 32-bit number


def door_or_404(request: ViewerRequest, room_uid: UUID) -> Door:
    """The room behind a uid. Not allowed and not found look the same."""
    try:
        return door_to(request.viewer, room_uid)
    except Room.DoesNotExist:
        raise Http404 from None


def doors_or_404(request: ViewerRequest, patient_uid: UUID) -> dict[str, Door]:
    """The rooms of one person that this viewer may open."""
    try:
        return opened_doors_of(request.viewer, patient_uid)
    except Room.DoesNotExist:
        raise Http404 from None


def entry_or_404(door: Door, entry_uid: UUID) -> Entry:
    """One entry of the room."""
    try:
        return entry_of(door, entry_uid)
    except Entry.DoesNotExist:
        raise Http404 from None


@care_page(may_take_part)
@require_http_methods(["GET", "POST"])
def timeline(request: ViewerRequest, patient_uid: UUID) -> HttpResponse:
    """The staff room; the family room for those who have no other."""
    doors = doors_or_404(request, patient_uid)
    return _room_page(request, doors, doors.get(RoomKind.STAFF) or doors[RoomKind.FAMILY])


@care_page(may_take_part)
@require_http_methods(["GET", "POST"])
def timeline_family(request: ViewerRequest, patient_uid: UUID) -> HttpResponse:
    doors = doors_or_404(request, patient_uid)
    return _room_page(request, doors, doors[RoomKind.FAMILY])


def _room_page(request: ViewerRequest, doors: dict[str, Door], door: Door) -> HttpResponse:
    if request.method == "POST":
        if "lease" in request.POST and own_lease(request) is None:
            return lease_lost()
        if _is_repeated(request, door):
            return _posted(request, door)
    seen = seen_in(door) if request.method == "GET" else None
    composer = composer_of(request, door, seen)
    form, parts = composer.form, composer.parts
    if request.method == "POST" and _valid(form, parts):
        try:
            _post(request, door, form, parts)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            return _posted(request, door)
    if form.is_bound and from_outbox(request):
        return refused(request, door, composer)
    seen = seen or seen_in(door)
    with transaction.atomic():
        page = page_of(door, before=number_in(request, "before"))
        unread = unread_in(list(doors.values()))
        mark_seen(door=door, up_to=page.newest)
        context = {
            "door": door,
            "head": head_of(door),
            "tabs": room_tabs(doors, door, unread),
            "composer": composer,
            "days": by_day(cards(door, page.entries, seen=seen)),
            "page": page,
            "live": live.config_for(door),
            **side_of(door, seen),
            "boxes": [] if door.as_family else boxes_of(door),
        }
        status = 422 if form.is_bound else 200
        response = render(request, "timelines/timeline.html", context, status=status)
        _note_reading(door, f"経過（{door.room.get_kind_display()}）")
    return response


def _is_repeated(request: ViewerRequest, door: Door) -> bool:
    """Its answer was lost on the way: asked before its files are cleaned and sealed once more."""
    client_uid = uid_in(request.POST.get("client_uid")) if request.FILES else None
    return client_uid is not None and is_written(door, client_uid)


def _posted(request: ViewerRequest, door: Door) -> HttpResponse:
    said = f"{ROOM_NAMES[RoomKind(door.room.kind)]}に出しました。"
    if from_outbox(request):
        return accepted(said)
    messages.success(request, said)
    return redirect(request.path)


def _valid(form: ComposerForm, parts: list[ShownPart]) -> bool:
    # Every part is asked, so that all its errors show at once.
    return all([form.is_valid(), *(shown.form.is_valid() for shown in parts)])


def _post(request: ViewerRequest, door: Door, form: ComposerForm, parts: list[ShownPart]) -> Entry:
    values: dict[str, Any] = form.values()
    for shown in parts:
        values |= shown.part.values(shown.form, door)
    if (written_at := written_in(request)) is not None:
        values["written_at"] = at = min(written_at, clock.now())
        measured = values.get("observations", ())
        values["observations"] = [replace(one, measured_at=at) for one in measured]
    return post_through(door, **values)


def _note_reading(door: Door, what: str) -> None:
    if door.patient is not None:
        record_read(viewer=door.viewer, patient=door.patient, what=what, via=door.via)


# Parts of the page ------------------------------------------------------------------------


@care_page(may_take_part)
@require_safe
def entry_fragment(request: ViewerRequest, room_uid: UUID) -> HttpResponse:
    """What is new after a number, or one entry as it looks now; for open pages.

    ``seen=1`` says that somebody is looking: a page in the background marks nothing.
    """
    door = door_or_404(request, room_uid)
    with transaction.atomic():
        page = _asked_for(request, door)
        if request.GET.get("seen") == "1" and page.entries:
            mark_seen(door=door, up_to=page.newest)
        context = {
            "door": door,
            "days": by_day(cards(door, page.entries, seen=seen_in(door))),
        }
        response = render(request, "timelines/_entries.html", context)
        if page.entries:
            _note_reading(door, f"経過の新しい書き込み（{door.room.get_kind_display()}）")
    response["Cache-Control"] = "no-store"
    return response


def _asked_for(request: ViewerRequest, door: Door) -> EntryPage:
    if "entry" in request.GET:
        try:
            return EntryPage([entry_or_404(door, UUID(request.GET["entry"]))], None)
        except ValueError:
            raise Http404 from None
    return entries_after(door, number_in(request, "after") or 0)


@care_page(may_take_part)
@require_POST
def room_seen(request: ViewerRequest, room_uid: UUID) -> HttpResponse:
    """Somebody came back to a page that had gone on in the background."""
    door = door_or_404(request, room_uid)
    number = number_of(request.POST.get("up_to", ""))
    if number is not None:
        mark_seen(door=door, up_to=min(number, door.room.last_number))
    return HttpResponse(status=204)


@care_page(may_take_part)
@require_safe
def live_token(request: ViewerRequest, room_uid: UUID) -> HttpResponse:
    """A short permission to hear that something is new in a room; ids only."""
    door = door_or_404(request, room_uid)
    response = JsonResponse({"token": live.token_through(door)})
    response["Cache-Control"] = "no-store"
    return response
