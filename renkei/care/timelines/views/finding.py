"""Searching one person's rooms, and copies of a period."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.reading import record_read
from renkei.care.timelines.documents import period_pdf
from renkei.care.timelines.exports import period_rows, period_xlsx
from renkei.care.timelines.forms import ExportForm
from renkei.care.timelines.presenters import cards
from renkei.care.timelines.presenters_rooms import head_of, page_url
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.queries.entries import seen_in
from renkei.care.timelines.queries.finding import entries_between, entries_found
from renkei.care.timelines.rules import may_take_part, may_work_in_teams
from renkei.care.timelines.services.printing import note_export
from renkei.care.timelines.views.rooms import doors_or_404
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock, eras
from renkei.foundation.common.media_types import PDF, XLSX


@care_page(may_take_part)
@require_safe
def timeline_search(request: ViewerRequest, patient_uid: UUID) -> HttpResponse:
    """Words in what this viewer may read of one person; never over several persons."""
    doors = doors_or_404(request, patient_uid)
    door = doors.get("staff") or doors["family"]
    words = request.GET.get("q", "")[:100]
    with transaction.atomic():
        found = entries_found(list(doors.values()), words)
        shown = []
        for each in doors.values():
            own = [entry for entry in found if entry.room_id == each.room.pk]
            shown.append((each, cards(each, own, seen=seen_in(each) if own else None)))
        context = {
            "door": door,
            "head": head_of(door),
            "words": words,
            "groups": [
                {"door": each, "label": each.room.get_kind_display(), "cards": own}
                for each, own in shown
            ],
            "count": len(found),
            "back": page_url(door),
        }
        response = render(request, "timelines/timeline_search.html", context)
        if door.patient is not None:
            record_read(
                viewer=request.viewer, patient=door.patient, what="経過の検索", via=door.via
            )
    return response


@care_page(may_work_in_teams)
@require_http_methods(["GET", "POST"])
def timeline_export(request: ViewerRequest, patient_uid: UUID) -> HttpResponse:
    """A copy of a period as PDF or workbook, for the chart or a disclosure request."""
    doors = doors_or_404(request, patient_uid)
    form = ExportForm(request.POST if request.method == "POST" else None, kinds=list(doors))
    if form.is_valid():
        return _copy(doors[form.cleaned_data["room"]], form)
    door = doors.get("staff") or doors["family"]
    context = {"door": door, "head": head_of(door), "form": form, "back": page_url(door)}
    status = 422 if form.is_bound else 200
    response = render(request, "timelines/timeline_export.html", context, status=status)
    if door.patient is not None:
        # The head of the page shows who it is.
        record_read(viewer=request.viewer, patient=door.patient, what="経過の写し", via=door.via)
    return response


def _copy(door: Door, form: ExportForm) -> HttpResponse:
    assert door.patient is not None  # noqa: S101 - a room of a person
    values = form.cleaned_data
    period = f"{eras.format_long(values['first'])}から{eras.format_long(values['last'])}まで"
    with transaction.atomic():
        rows = period_rows(entries_between(door, values["first"], values["last"]))
        if values["format"] == "pdf":
            content = period_pdf(door, rows, period=period, reason=values["reason"])
            kind, name = PDF, "timeline.pdf"
        else:
            notes = [
                ("氏名", door.patient.name),
                ("期間", period),
                ("部屋", str(door.room.get_kind_display())),
                ("目的", values["reason"]),
                ("作った日", eras.format_long(clock.today())),
            ]
            content, kind, name = period_xlsx(rows, notes=notes), XLSX, "timeline.xlsx"
        note_export(door=door, first=values["first"], last=values["last"], form=values["format"])
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
