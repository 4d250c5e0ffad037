"""The numbers of an area, or of an organisation beside the mean of its area."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from renkei.care.transitions.exports_numbers import numbers_workbook
from renkei.care.transitions.presenters_numbers import NumbersPage, numbers_page
from renkei.care.transitions.queries.numbers_pages import numbers_for, read_query, splits_for
from renkei.care.transitions.rules_numbers import may_see_numbers, sees_nights_of_area
from renkei.care.transitions.services.numbers import note_export
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.media_types import XLSX


@staff_page(may_see_numbers)
@require_safe
def numbers(request: ViewerRequest) -> HttpResponse:
    context = {"shown": _page(request), "sees_nights": sees_nights_of_area(request.viewer)}
    return render(request, "transitions/numbers/numbers.html", context)


@staff_page(may_see_numbers)
@require_safe
def numbers_xlsx(request: ViewerRequest) -> HttpResponse:
    content = numbers_workbook(_page(request))
    note_export(viewer=request.viewer, what="numbers")
    return attachment(content, XLSX, "transitions-numbers.xlsx")


def attachment(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A file that no cache keeps."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _page(request: ViewerRequest) -> NumbersPage:
    asked = read_query(request.GET, splits_for(request.viewer))
    return numbers_page(asked, numbers_for(request.viewer, asked))
