"""Answers that are files: never kept by a browser or proxy, never named after a person."""

from __future__ import annotations

import io

from django.http import HttpResponse

from renkei.foundation.common.media_types import PDF, XLSX


def workbook_response(stream: io.BytesIO, name: str) -> HttpResponse:
    """A workbook to keep."""
    return _file(stream.getvalue(), XLSX, f'attachment; filename="{name}"')


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """A PDF to look at and print."""
    return _file(content, PDF, f'inline; filename="{name}"')


def _file(content: bytes, media_type: str, disposition: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = disposition
    response["Cache-Control"] = "no-store"
    return response
