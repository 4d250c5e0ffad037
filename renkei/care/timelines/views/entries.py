"""One entry: its answers, who has seen it, and the small acts on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.reading import record_read
from renkei.care.timelines.documents import call_list_pdf
from renkei.care.timelines.forms import CorrectForm, HideForm
from renkei.care.timelines.models import Entry, EntryKind, Room
from renkei.care.timelines.presenters import Card, cards, entry_url, moment_words
from renkei.care.timelines.presenters_rooms import head_of, page_url
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.queries.entries import (
    first_seen,
    seen_in,
    thread_of,
)
from renkei.care.timelines.queries.hidden import hidden_entry_for
from renkei.care.timelines.rules import may_read_hidden, may_take_part, may_work_in_teams
from renkei.care.timelines.services.marks import hide_entry, react
from renkei.care.timelines.services.posting import post_entry
from renkei.care.timelines.services.printing import note_call_list, note_original_read
from renkei.care.timelines.services.reading import mark_seen
from renkei.care.timelines.services.settling import acknowledge, settle_question
from renkei.care.timelines.views.rooms import door_or_404, entry_or_404
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.media_types import PDF


@care_page(may_take_part)
@require_http_methods(["GET", "POST"])
def entry_detail(request: ViewerRequest, room_uid: UUID, entry_uid: UUID) -> HttpResponse:
    """An entry with its answers; a form to answer."""
    door = door_or_404(request, room_uid)
    entry = entry_or_404(door, entry_uid)
    error = ""
    if request.method == "POST":
        try:
            _reply(request, door, entry)
        except ValidationError as problem:
            error = " ".join(problem.messages)
        else:
            messages.success(request, "返事を出しました。")
            return redirect(entry_url(entry))
    with transaction.atomic():
        seen = seen_in(door)
        mark_seen(door=door, up_to=entry.number)
        replies = thread_of(door, entry)
        (card,) = cards(door, [entry], seen=seen)
        context = {
            "door": door,
            "head": head_of(door),
            "card": card,
            "replies": cards(door, replies, seen=seen),
            "readers": _readers(door, entry),
            "client_uid": _client_uid(request),
            "text": request.POST.get("text", ""),
            "error": error,
            "back": page_url(door),
        }
        response = render(
            request, "timelines/entry_detail.html", context, status=422 if error else 200
        )
        _note(door, "経過の書き込み")
    return response


def _reply(request: ViewerRequest, door: Door, entry: Entry) -> None:
    post_entry(
        viewer=request.viewer,
        room=door.room,
        kind=EntryKind.NOTICE,
        text=request.POST.get("text", ""),
        client_uid=_client_uid(request),
        reply_to=entry.uid,
    )


def _client_uid(request: ViewerRequest) -> UUID:
    try:
        return UUID(request.POST.get("client_uid", ""))
    except ValueError:
        return uuid4()


def _readers(door: Door, entry: Entry) -> list[dict[str, str]]:
    """Who has seen it and when first; nothing of it for family and outside a person's room."""
    if door.as_family or not door.room.belongs_to_a_person:
        return []
    return [
        {
            "name": step.name,
            "profession": step.profession,
            "organisation": step.organisation,
            "at": moment_words(step.at),
        }
        for step in first_seen(door, entry)
    ]


def _note(door: Door, what: str) -> None:
    if door.patient is not None:
        record_read(viewer=door.viewer, patient=door.patient, what=what, via=door.via)


# Acts -------------------------------------------------------------------------------------


def _answer(request: ViewerRequest, door: Door, entry_uid: UUID) -> HttpResponse:
    """The entry as it looks now for htmx, otherwise back to where the button stood."""
    entry = entry_or_404(door, entry_uid)
    if request.headers.get("HX-Request"):
        (card,) = cards(door, [entry], seen=seen_in(door))
        return render(request, "timelines/_entry.html", {"door": door, "card": card})
    if request.POST.get("from") == "today":
        return redirect("timelines:today")
    if request.POST.get("from") == "entry":
        return redirect(entry_url(entry))
    return redirect(f"{page_url(door)}#e-{entry.number}")


def _act(
    request: ViewerRequest, room_uid: UUID, entry_uid: UUID, act: Callable[..., object], **how: str
) -> HttpResponse:
    """Do a small act on an entry; why it cannot be done is said above the entry."""
    door = door_or_404(request, room_uid)
    entry = entry_or_404(door, entry_uid)
    try:
        act(door=door, entry=entry, **how)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return _answer(request, door, entry_uid)


@care_page(may_take_part)
@require_POST
def entry_acknowledge(request: ViewerRequest, room_uid: UUID, entry_uid: UUID) -> HttpResponse:
    return _act(request, room_uid, entry_uid, acknowledge)


@care_page(may_take_part)
@require_POST
def entry_react(request: ViewerRequest, room_uid: UUID, entry_uid: UUID) -> HttpResponse:
    return _act(request, room_uid, entry_uid, react, kind=request.POST.get("kind", ""))


@care_page(may_take_part)
@require_POST
def entry_settle(request: ViewerRequest, room_uid: UUID, entry_uid: UUID) -> HttpResponse:
    return _act(request, room_uid, entry_uid, settle_question)


@care_page(may_take_part)
@require_http_methods(["GET", "POST"])
def entry_hide(request: ViewerRequest, room_uid: UUID, entry_uid: UUID) -> HttpResponse:
    door = door_or_404(request, room_uid)
    entry = entry_or_404(door, entry_uid)
    card = _card_or_404(door, entry, act="hide_url")
    form = HideForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            hide_entry(door=door, entry=entry, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "書き込みを隠しました。原文は記録に残ります。")
            return redirect(page_url(door))
    return _act_page(request, door, card, form, "timelines/entry_hide.html")


@care_page(may_take_part)
@require_http_methods(["GET", "POST"])
def entry_correct(request: ViewerRequest, room_uid: UUID, entry_uid: UUID) -> HttpResponse:
    """A correction is a new entry that names the one it corrects."""
    door = door_or_404(request, room_uid)
    entry = entry_or_404(door, entry_uid)
    card = _card_or_404(door, entry, act="correct_url")
    data = request.POST if request.method == "POST" else None
    form = CorrectForm(data, initial={"client_uid": uuid4(), "text": entry.text})
    if form.is_valid():
        try:
            _correct(request, door, entry, form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "訂正を新しい書き込みとして出しました。")
            return redirect(page_url(door))
    return _act_page(request, door, card, form, "timelines/entry_correct.html")


def _correct(request: ViewerRequest, door: Door, entry: Entry, cleaned: dict[str, Any]) -> None:
    # What was asked of whom stays with the first entry; its correction tells the same people.
    record = entry.kind == EntryKind.RECORD
    post_entry(
        viewer=request.viewer,
        room=door.room,
        kind=EntryKind.RECORD if record else EntryKind.NOTICE,
        text=cleaned["text"],
        client_uid=cleaned["client_uid"],
        corrects=entry.uid,
        scene=entry.scene,
    )


def _card_or_404(door: Door, entry: Entry, *, act: str) -> Card:
    (card,) = cards(door, [entry], seen=None)
    if not getattr(card, act):
        raise Http404
    return card


def _act_page(
    request: ViewerRequest, door: Door, card: Card, form: Any, template: str
) -> HttpResponse:
    with transaction.atomic():
        context = {
            "door": door,
            "head": head_of(door),
            "card": card,
            "form": form,
            "back": page_url(door),
        }
        response = render(request, template, context, status=422 if form.is_bound else 200)
        _note(door, "経過の書き込み")
    return response


# The call list and the auditor ------------------------------------------------------------


@care_page(may_work_in_teams)
@require_safe
def call_list(request: ViewerRequest, room_uid: UUID, entry_uid: UUID) -> HttpResponse:
    """Whom to telephone about an 緊急 that nobody confirmed, on one sheet of paper (T-D2b)."""
    door = door_or_404(request, room_uid)
    entry = entry_or_404(door, entry_uid)
    if entry.kind != EntryKind.URGENT or door.patient is None:
        raise Http404
    with transaction.atomic():
        pdf = call_list_pdf(door, entry)
        note_call_list(door=door, entry=entry)
    response = HttpResponse(pdf, content_type=PDF)
    response["Content-Disposition"] = 'inline; filename="call-list.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@staff_page(may_read_hidden)
@require_safe
def hidden_entry(request: ViewerRequest, entry_uid: UUID) -> HttpResponse:
    """The words of a hidden entry for the auditor of the municipality; each look is logged."""
    try:
        entry = hidden_entry_for(request.viewer, entry_uid)
    except (Entry.DoesNotExist, Room.DoesNotExist):
        raise Http404 from None
    with transaction.atomic():
        response = render(
            request,
            "timelines/hidden_entry.html",
            {"entry": entry, "hidden": moment_words(entry.hidden_at or entry.posted_at)},
        )
        note_original_read(viewer=request.viewer, entry=entry)
    return response
