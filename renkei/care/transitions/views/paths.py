"""地域連携クリティカルパス: the paths there are, and a person's way along one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renkei.care.patients.access import care_page, member_who_writes, person_page
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.presenters import person_head
from renkei.care.patients.queries import writes_about
from renkei.care.transitions.forms_paths import PathEventForm, StartPathForm
from renkei.care.transitions.models import PathAct, PathVersion
from renkei.care.transitions.path_content import parse
from renkei.care.transitions.path_prints import path_pdf
from renkei.care.transitions.presenters_paths import path_page
from renkei.care.transitions.queries.paths import (
    PathDoor,
    events_of_path,
    path_for,
    path_version_of,
    paths_of,
    places_of,
    versions_to_start,
)
from renkei.care.transitions.rules_keeping import may_keep_contacts, may_keep_rules
from renkei.care.transitions.services.paths import NewPathEvent, record_on_path, start_path
from renkei.care.transitions.views._shared import DoorView, door_page
from renkei.foundation.accounts.access import View
from renkei.foundation.accounts.queries import organisation_of
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.media_types import PDF
from renkei.foundation.notifications.services import mark_read

TAB = "transitions"
WHAT = "地域連携パス"


def path_view(what: str) -> Callable[[DoorView[PathDoor]], View]:
    """A page of one person's path."""
    return door_page(what, uid="path_uid", find=path_for)


@care_page()
@require_safe
def path_list(request: ViewerRequest) -> HttpResponse:
    """The paths one can start."""
    return render(request, "transitions/paths/list.html", {"versions": versions_to_start()})


@care_page(may_keep_contacts)
@require_safe
def path_version_detail(request: ViewerRequest, version_uid: UUID) -> HttpResponse:
    """One edition: phases, goals with criteria, variance codes."""
    try:
        version = path_version_of(version_uid)
    except PathVersion.DoesNotExist:
        raise Http404 from None
    keeps = may_keep_rules(request.viewer)
    context = {"version": version, "path": parse(version.content), "keeps": keeps}
    return render(request, "transitions/paths/version.html", context)


@never_cache
@person_page(WHAT, content=ContentClass.TIMELINE)
@require_safe
def patient_paths(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """The paths of one person."""
    context = {
        "head": person_head(request.viewer, patient, current=TAB),
        "paths": paths_of(request.viewer, patient),
        "may_start": writes_about(request.viewer, patient),
    }
    return render(request, "transitions/paths/of_person.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@person_page(WHAT, content=ContentClass.TIMELINE)
def path_start(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """Put a person on a path."""
    member_who_writes(request, patient)
    form = StartPathForm(
        request.POST if request.method == "POST" else None,
        versions=versions_to_start(),
        places=places_of(patient),
        own=str(organisation_of(request.viewer).uid),
    )
    if form.is_valid():
        try:
            path = start_path(
                viewer=request.viewer,
                patient=patient,
                version=form.chosen_version(),
                began_on=form.cleaned_data["on"],
                place=form.chosen_place(),
                client_uid=form.cleaned_data["client_uid"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "パスを始めました。")
            return redirect("transitions:path_detail", path.uid)
    context = {"head": person_head(request.viewer, patient, current=TAB), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "transitions/paths/start.html", context, status=status)


@never_cache
@path_view(WHAT)
@require_safe
def path_detail(request: ViewerRequest, door: PathDoor) -> HttpResponse:
    """The overview on one sheet."""
    mark_read(user_id=request.viewer.user_id or 0, path_prefix=request.path)
    context = {**_frame(request, door), "shown": path_page(door)}
    return render(request, "transitions/paths/detail.html", context)


@never_cache
@path_view("地域連携パス（印刷）")
@require_safe
def path_sheet(request: ViewerRequest, door: PathDoor) -> HttpResponse:  # noqa: ARG001 - a view
    """The same on A4."""
    response = HttpResponse(path_pdf(door), content_type=PDF)
    response["Content-Disposition"] = 'attachment; filename="path.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_http_methods(["GET", "POST"])
@path_view(WHAT)
def path_record(request: ViewerRequest, door: PathDoor, act: str) -> HttpResponse:
    """Write one thing down."""
    if act not in PathAct.values or act == PathAct.RETRACTED or not _writes(door):
        raise Http404
    form = PathEventForm(
        request.POST if request.method == "POST" else None,
        act=PathAct(act),
        content=door.content,
        overview=door.overview,
        places=places_of(door.patient),
        own=str(organisation_of(request.viewer).uid),
        goal=request.GET.get("goal", ""),
    )
    if form.is_valid():
        try:
            record_on_path(viewer=request.viewer, path=door.path, new=form.new_event(door.overview))
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "記録しました。")
            return redirect("transitions:path_detail", door.path.uid)
    context = {**_frame(request, door), "form": form, "title": PathAct(act).label}
    status = 422 if form.is_bound else 200
    return render(request, "transitions/paths/record.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@path_view(WHAT)
def path_retract(request: ViewerRequest, door: PathDoor, event_uid: UUID) -> HttpResponse:
    """Take a mistake back; it stays to be read."""
    event = events_of_path(door.path).filter(uid=event_uid).first()
    if event is None or event.act == PathAct.RETRACTED or not door.may_write:
        raise Http404
    if request.method == "POST":
        new = NewPathEvent(PathAct.RETRACTED, on=clock.today(), corrects=event.uid)
        try:
            record_on_path(viewer=request.viewer, path=door.path, new=new)
        except ValidationError as error:
            messages.error(request, "".join(error.messages))
        else:
            messages.success(request, "取り消しました。記録は「取り消し」として残ります。")
        return redirect("transitions:path_detail", door.path.uid)
    context: dict[str, Any] = {**_frame(request, door), "event": event}
    return render(request, "transitions/paths/retract.html", context)


def _writes(door: PathDoor) -> bool:
    return door.may_write and door.overview.is_open


def _frame(request: ViewerRequest, door: PathDoor) -> dict[str, Any]:
    return {
        "head": person_head(request.viewer, door.patient, current=TAB),
        "path": door.path,
    }
