"""How the eight items stand: contracts, reports, evidence; and the sections one works with."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries_agreements import own_area_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.areas.models import Area
from renkei.foundation.papers.responses import file_response
from renkei.programme.planning.forms_programme import (
    SISTERS,
    ArrangementForm,
    ReportForm,
    SisterForm,
    arrangement_initial,
    report_initial,
    sister_initial,
)
from renkei.programme.planning.frames import Item
from renkei.programme.planning.models import Arrangement, ReportDue, SisterProgramme
from renkei.programme.planning.presenters_programme import progress_page_of, side_lines
from renkei.programme.planning.queries.programme import (
    ArrangementDoor,
    arrangement_door,
    programme_area,
    programme_areas,
    progress_for,
    report_of,
    sisters_of,
    survey_day,
    writes_programme_of,
)
from renkei.programme.planning.rules import may_clerk, may_own_councils, reads_programme
from renkei.programme.planning.services.programme import (
    write_arrangement,
    write_report,
    write_sister,
)
from renkei.programme.planning.views._shared import form_page, only

PLANS = ("/planning/plans/", "計画")
LIST = ("/planning/programme/", "事業の進み具合")
RELATED = ("/planning/programme/related/", "関係する事業と課")


@staff_page(reads_programme)
@require_safe
def programme(request: ViewerRequest) -> HttpResponse:
    """The own municipality, or all that one watches over side by side."""
    areas = programme_areas(request.viewer)
    if may_clerk(request.viewer) and areas:
        return _one(request, areas[0])
    context = {
        "lines": side_lines(progress_for(request.viewer, areas)),
        "items": Item,
        "survey": survey_day(request.viewer),
    }
    return render(request, "planning/programme/side_by_side.html", context)


@staff_page(reads_programme)
@require_safe
def programme_of(request: ViewerRequest, code: str) -> HttpResponse:
    """One municipality."""
    try:
        area = programme_area(request.viewer, code)
    except Area.DoesNotExist:
        raise Http404 from None
    return _one(request, area)


def _one(request: ViewerRequest, area: Area) -> HttpResponse:
    (progress,) = progress_for(request.viewer, [area])
    context = {
        "area": area,
        "shown": progress_page_of(progress),
        "writes": writes_programme_of(request.viewer, area),
        "survey": survey_day(request.viewer),
        "beside": not may_clerk(request.viewer),
    }
    return render(request, "planning/programme/one.html", context)


def _door(request: ViewerRequest, uid: UUID) -> ArrangementDoor:
    try:
        return arrangement_door(request.viewer, uid)
    except Arrangement.DoesNotExist:
        raise Http404 from None


def _writing(request: ViewerRequest, uid: UUID) -> Arrangement:
    door = _door(request, uid)
    only(door.may_write)
    return door.arrangement


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def arrangement_add(request: ViewerRequest) -> HttpResponse:
    """A new one; the item, and which one it follows, may stand in the address."""
    initial = _followed(request)
    item = request.GET.get("item", "")
    if item in Item.values:
        initial["items"] = [item]
    return _arrangement_form(request, None, initial)


def _followed(request: ViewerRequest) -> dict[str, object]:
    """What the next contract takes over from the one it follows."""
    try:
        one = arrangement_door(request.viewer, UUID(request.GET.get("after", ""))).arrangement
    except (ValueError, Arrangement.DoesNotExist):
        return {}
    values = arrangement_initial(one) | {"last_day": None, "outline_on": None}
    if one.last_day is not None:
        values["first_day"] = one.last_day + timedelta(days=1)
    return values


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def arrangement_edit(request: ViewerRequest, arrangement_uid: UUID) -> HttpResponse:
    one = _writing(request, arrangement_uid)
    return _arrangement_form(request, one, arrangement_initial(one))


def _arrangement_form(
    request: ViewerRequest, one: Arrangement | None, initial: dict[str, object]
) -> HttpResponse:
    form = ArrangementForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial=initial,
    )
    if form.is_valid():
        try:
            write_arrangement(
                viewer=request.viewer,
                fields=form.fields_of(),
                arrangement=one,
                outline=form.upload(),
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "契約・実施のかたちを書きました。")
            return redirect(LIST[0])
    return form_page(
        request, form, title="契約・実施のかたち", button="書く", back=LIST[0],
        crumbs=[PLANS, LIST], multipart=True,
    )  # fmt: skip


@staff_page(reads_programme)
@require_safe
def outline_file(request: ViewerRequest, arrangement_uid: UUID) -> HttpResponse:
    """実施要綱 as it was given in."""
    stored = _door(request, arrangement_uid).arrangement.outline_file
    if stored is None:
        raise Http404
    return file_response(stored, inline=True)


@staff_page(reads_programme)
@require_safe
def report_file(request: ViewerRequest, report_uid: UUID) -> HttpResponse:
    """A report as it came."""
    try:
        _, report = report_of(request.viewer, report_uid)
    except ReportDue.DoesNotExist:
        raise Http404 from None
    if report.file is None:
        raise Http404
    return file_response(report.file, inline=True)


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def report_add(request: ViewerRequest, arrangement_uid: UUID) -> HttpResponse:
    return _report_form(request, _writing(request, arrangement_uid), None)


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def report_edit(request: ViewerRequest, report_uid: UUID) -> HttpResponse:
    try:
        door, report = report_of(request.viewer, report_uid)
    except ReportDue.DoesNotExist:
        raise Http404 from None
    only(door.may_write)
    return _report_form(request, door.arrangement, report)


def _report_form(
    request: ViewerRequest, arrangement: Arrangement, report: ReportDue | None
) -> HttpResponse:
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial=report_initial(report) if report else None,
    )
    if form.is_valid():
        try:
            write_report(
                viewer=request.viewer,
                arrangement=arrangement,
                fields=form.fields_of(),
                report=report,
                file=form.upload(),
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "報告の期限と受け取りを書きました。")
            return redirect(LIST[0])
    return form_page(
        request, form, title="受け取る報告", button="書く", back=LIST[0],
        crumbs=[PLANS, LIST], lead=str(arrangement), multipart=True,
    )  # fmt: skip


@staff_page(reads_programme)
@require_safe
def sister_list(request: ViewerRequest) -> HttpResponse:
    """関係する事業 of the own municipality with their sections."""
    area = own_area_of(request.viewer)
    found = list(sisters_of(area).prefetch_related("activities__plan")) if area else []
    known = {one.name for one in found}
    context = {
        "sisters": found,
        "missing": [name for name in SISTERS if name not in known],
        "writes": may_own_councils(request.viewer),
        "crumbs": [PLANS],
    }
    return render(request, "planning/programme/sisters.html", context)


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def sister_add(request: ViewerRequest) -> HttpResponse:
    return _sister_form(request, None, {"name": request.GET.get("name", "")[:100]})


@staff_page(may_own_councils)
@require_http_methods(["GET", "POST"])
def sister_edit(request: ViewerRequest, sister_uid: UUID) -> HttpResponse:
    area = own_area_of(request.viewer)
    one = sisters_of(area).filter(uid=sister_uid).first() if area else None
    only(one is not None)
    return _sister_form(request, one, sister_initial(one) if one else {})


def _sister_form(
    request: ViewerRequest, one: SisterProgramme | None, initial: dict[str, object]
) -> HttpResponse:
    form = SisterForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            write_sister(viewer=request.viewer, fields=form.cleaned_data, sister=one)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "関係する事業と課を書きました。")
            return redirect(reverse("planning:sister_list"))
    return form_page(
        request, form, title="関係する事業", button="書く", back=RELATED[0],
        crumbs=[PLANS, RELATED],
    )  # fmt: skip
