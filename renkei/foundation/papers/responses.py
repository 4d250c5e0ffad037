"""Files on their way out: never cached, never guessed at, never named after a person."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime

from renkei.foundation.common.media_types import JPEG, PDF, PNG
from renkei.foundation.papers.files import FileGone, read_file, thumbnail
from renkei.foundation.papers.kinds import ENDINGS, PICTURES
from renkei.foundation.papers.models import StoredFile
from renkei.foundation.papers.previews import page_preview

# What a browser shows without running anything; the rest is only ever downloaded.
SHOWN: Final = frozenset({PDF, JPEG, PNG})


def file_response(stored: StoredFile, *, inline: bool = False) -> HttpResponse:
    """The file as a download, or in the page where its kind allows.

    The caller has checked who asks and logged the reading.

    Raises:
        Http404: it was destroyed.
    """
    try:
        content = read_file(stored)
    except FileGone as error:
        raise Http404 from error
    show = inline and stored.media_type in SHOWN
    return _private(content, stored.media_type, attachment=not show, name=download_name(stored))


def thumbnail_response(stored: StoredFile) -> HttpResponse:
    """The small picture.

    Raises:
        Http404: there is none, or the file was destroyed.
    """
    try:
        content = thumbnail(stored)
    except FileGone as error:
        raise Http404 from error
    if content is None:
        raise Http404
    return _private(content, JPEG, attachment=False, name="small.jpg")


def preview_response(stored: StoredFile, *, page: int = 1) -> HttpResponse:
    """One page as a picture of A4 size.

    The caller has checked who asks and logged the reading.

    Raises:
        Http404: no such page, or the file was destroyed.
    """
    try:
        content = page_preview(stored, page=page)
    except FileGone as error:
        raise Http404 from error
    if content is None:
        raise Http404
    return picture_response(content)


def download_name(stored: StoredFile) -> str:
    """A name that tells the kind and the day; the given name may be a person's."""
    kind = "写真" if stored.media_type in PICTURES else "書類"
    day = localtime(stored.made_at).strftime("%Y%m%d")
    return f"{kind}-{day}-{stored.uid.hex[:8]}.{ENDINGS[stored.media_type]}"


def _private(content: bytes, media_type: str, *, attachment: bool, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    disposition = content_disposition_header(as_attachment=attachment, filename=name)
    response["Content-Disposition"] = disposition or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def picture_response(content: bytes) -> HttpResponse:
    """A picture made for one look."""
    return _private(content, JPEG, attachment=False, name="page.jpg")
