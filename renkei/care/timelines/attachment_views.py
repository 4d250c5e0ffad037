"""Files of an entry: seen only through the entry's own room, each look written down."""

from __future__ import annotations

import io
from typing import Final
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.reading import record_read
from renkei.care.timelines.attachment_queries import file_of, may_see_file
from renkei.care.timelines.models import Entry, EntryFile, Room
from renkei.care.timelines.presenters_rooms import head_of
from renkei.care.timelines.queries.doors import Door, door_to
from renkei.care.timelines.rules import may_take_part
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.media_types import PDF
from renkei.foundation.papers import pdfs
from renkei.foundation.papers.files import file_name, read_file
from renkei.foundation.papers.kinds import PICTURES
from renkei.foundation.papers.responses import file_response, thumbnail_response

PREVIEW_DPI: Final = 110


@require_safe
@care_page(may_take_part)
def file_detail(
    request: ViewerRequest, room_uid: UUID, entry_uid: UUID, file_uid: UUID
) -> HttpResponse:
    """The file as a page: its pictures, its name, and the way to save it."""
    door, hung = _found(request, room_uid, entry_uid, file_uid)
    stored = hung.stored_file
    context = {
        "head": head_of(door),
        "door": door,
        "hung": hung,
        "name": file_name(stored),
        "pages": range(1, stored.pages + 1) if stored.media_type == PDF else (),
        "is_picture": stored.media_type in PICTURES,
    }
    with transaction.atomic():
        response = render(request, "timelines/file_detail.html", context)
        _note(door)
    return response


@require_safe
@care_page(may_take_part)
def file_content(
    request: ViewerRequest, room_uid: UUID, entry_uid: UUID, file_uid: UUID
) -> HttpResponse:
    door, hung = _found(request, room_uid, entry_uid, file_uid)
    with transaction.atomic():
        response = file_response(hung.stored_file, inline="inline" in request.GET)
        _note(door)
    return response


@require_safe
@care_page(may_take_part)
def file_thumbnail(
    request: ViewerRequest, room_uid: UUID, entry_uid: UUID, file_uid: UUID
) -> HttpResponse:
    """A small picture inside the story, whose reading is logged as a whole."""
    _, hung = _found(request, room_uid, entry_uid, file_uid)
    return thumbnail_response(hung.stored_file)


@require_safe
@care_page(may_take_part)
def file_page(
    request: ViewerRequest, room_uid: UUID, entry_uid: UUID, file_uid: UUID, page: int
) -> HttpResponse:
    """One page of a PDF as a picture: nothing in it can run, and nothing is left on the device."""
    door, hung = _found(request, room_uid, entry_uid, file_uid)
    stored = hung.stored_file
    if stored.media_type != PDF or not 1 <= page <= stored.pages:
        raise Http404
    picture = pdfs.page_picture(read_file(stored), page - 1, dpi=PREVIEW_DPI)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    response = HttpResponse(stream.getvalue(), content_type="image/png")
    response["Cache-Control"] = "private, no-store"
    # Its address is enough to read it: the page around it need not have been opened.
    with transaction.atomic():
        _note(door)
    return response


def _found(
    request: ViewerRequest, room_uid: UUID, entry_uid: UUID, file_uid: UUID
) -> tuple[Door, EntryFile]:
    """Not allowed and not found look the same."""
    try:
        door = door_to(request.viewer, room_uid)
        hung = file_of(door, entry_uid, file_uid)
    except (Room.DoesNotExist, Entry.DoesNotExist, EntryFile.DoesNotExist):
        raise Http404 from None
    gone = hung.stored_file.destroyed_at is not None
    if door.patient is None or gone or not may_see_file(door, hung):
        raise Http404
    return door, hung


def _note(door: Door) -> None:
    if door.patient is not None:
        record_read(viewer=door.viewer, patient=door.patient, what="写真・ファイル", via=door.via)
