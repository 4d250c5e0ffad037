"""Measurements of a person: chart, table, workbook, and the person's own limits."""

from __future__ import annotations

import io
from typing import Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import person_page
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.presenters import person_head
from renkei.care.timelines.models import Room, RoomKind
from renkei.care.timelines.observation_charts import judgement, range_words, series_of
from renkei.care.timelines.observation_forms import LimitForm
from renkei.care.timelines.observation_queries import (
    limits_before,
    limits_of,
    observations_through,
    open_excursions,
)
from renkei.care.timelines.observation_services import end_limit, may_set_limits, set_limit
from renkei.care.timelines.observations import BY_CODE, MEASURES
from renkei.care.timelines.queries.doors import Door
from renkei.care.timelines.queries.people import team_of
from renkei.care.timelines.services.rooms import opened_doors_of
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.clock import TOKYO
from renkei.foundation.common.media_types import XLSX
from renkei.foundation.common.spreadsheets.write import Column, Kind, write_xlsx

PERIODS: Final = ((14, "2週間"), (90, "3か月"), (365, "1年"))
TAB: Final = "measurements"


def staff_door(viewer: Viewer, patient: Patient) -> Door:
    """The viewer's door to the staff room of a person they may read; 404 for every other way in."""
    try:
        return opened_doors_of(viewer, patient.uid)[RoomKind.STAFF]
    except (KeyError, Room.DoesNotExist):
        raise Http404 from None


@require_safe
@person_page("測定", content=ContentClass.TIMELINE)
def measurement_list(request: ViewerRequest, patient: Patient) -> HttpResponse:
    door = staff_door(request.viewer, patient)
    days = _days(request)
    limits = limits_of(patient)
    context = {
        "head": person_head(request.viewer, patient, current=TAB),
        "door": door,
        "series": series_of(observations_through(door, days=days), limits, large=True),
        "periods": [
            {"url": f"?days={number}", "label": word, "current": number == days}
            for number, word in PERIODS
        ],
        "days": days,
        "limits": [(BY_CODE[code], limit, range_words(limit)) for code, limit in limits.items()],
        "former": [(BY_CODE[one.code], one, range_words(one)) for one in limits_before(patient)],
        "excursions": open_excursions(patient),
        "measures": [measure for measure in MEASURES if measure.is_number],
        "may_set": may_set_limits(door),
    }
    return render(request, "timelines/measurement_list.html", context)


@require_safe
@person_page("測定（Excel）", content=ContentClass.TIMELINE)
def measurement_export(request: ViewerRequest, patient: Patient) -> HttpResponse:
    door = staff_door(request.viewer, patient)
    limits = limits_of(patient)
    stream = io.BytesIO()
    write_xlsx(
        stream,
        title="測定",
        columns=(
            Column("測った日時", width=18),
            Column("測定の種類", width=14),
            Column("値", Kind.NUMBER),
            Column("単位"),
            Column("ことば", width=30),
            Column("この人の範囲", width=22),
            Column("書いた人", width=18),
            Column("職種", width=14),
        ),
        rows=(
            (
                f"{one.measured_at.astimezone(TOKYO):%Y-%m-%d %H:%M}",
                one.get_code_display(),
                one.value,
                one.unit,
                one.text,
                judgement(one.value, limits.get(one.code))[0] if one.value is not None else "",
                one.entry.author_name,
                one.entry.author_profession,
            )
            for one in observations_through(door, days=_days(request))
        ),
        notes=(("療養者", patient.name), ("出した日", f"{clock.today()}")),
    )
    response = HttpResponse(stream.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="measurements.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
@person_page("測定の範囲", content=ContentClass.TIMELINE)
def limit_edit(request: ViewerRequest, patient: Patient, code: str) -> HttpResponse:
    door = staff_door(request.viewer, patient)
    measure = BY_CODE.get(code)
    if measure is None or not measure.is_number or not may_set_limits(door):
        raise Http404
    present = limits_of(patient).get(code)
    initial = (
        {
            "low": present.low,
            "high": present.high,
            "asks": present.ask_profession,
            "note": present.note,
        }
        if present
        else {}
    )
    form = LimitForm(
        request.POST if request.method == "POST" else None,
        professions=team_of(patient).professions,
        initial=initial,
    )
    if form.is_valid():
        try:
            set_limit(door=door, code=code, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"{measure.label}の範囲を決めました。")
            return redirect("timelines:measurement_list", patient.uid)
    context = {
        "head": person_head(request.viewer, patient, current=TAB),
        "form": form,
        "measure": measure,
        "present": present,
        "patient": patient,
    }
    status = 422 if form.is_bound else 200
    return render(request, "timelines/limit_edit.html", context, status=status)


@require_POST
@person_page("測定の範囲", content=ContentClass.TIMELINE)
def limit_end(request: ViewerRequest, patient: Patient, code: str) -> HttpResponse:
    door = staff_door(request.viewer, patient)
    if code not in BY_CODE or not may_set_limits(door):
        raise Http404
    end_limit(door=door, code=code)
    messages.success(request, f"{BY_CODE[code].label}の範囲を終えました。")
    return redirect("timelines:measurement_list", patient.uid)


def _days(request: ViewerRequest) -> int:
    asked = request.GET.get("days", "")
    return next((number for number, _ in PERIODS if str(number) == asked), PERIODS[0][0])
