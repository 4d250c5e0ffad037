"""The offline visit: an empty shell, and the addresses its island talks to."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from renkei.care.patients import rules
from renkei.care.patients.access import care_page
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.visibility import room_access
from renkei.care.timelines import visit_services
from renkei.care.timelines.models import RoomKind
from renkei.care.timelines.observations import MEASURES
from renkei.care.timelines.services.rooms import opened_doors_of
from renkei.care.timelines.sheet_queries import PersonSheet, written_sheets
from renkei.care.timelines.visit_forms import uid_in, written_entry
from renkei.care.timelines.visit_leases import lease_lost, own_lease, state_for
from renkei.care.timelines.visit_queries import (
    entries_to_take,
    lease_with,
    leases_of,
    open_for,
    patients_to_take,
    professions_of,
    visit_choices,
)
from renkei.care.timelines.visit_rules import LeaseState, lease_state
from renkei.care.timelines.visit_snapshots import Story, short_facts, snapshot
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.rules import is_signed_in
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest
from renkei.foundation.common import clock, eras
from renkei.foundation.papers.files import read_upload

MOST_PERSONS = 30
SHEETS_TAKEN = 5
CHANGES_TAKEN = 6


@require_safe
@care_page()
@never_cache
def visit(request: ViewerRequest) -> HttpResponse:
    """The same words for everybody: what it shows comes from the device."""
    get_token(request)  # its cookie, before the island asks several things at once
    return render(request, "timelines/visit.html", _shell())


@require_safe
def visit_shell(request: HttpRequest) -> HttpResponse:
    """What the service worker keeps for a place without reception."""
    return render(request, "timelines/visit.html", _shell())


@require_safe
def visit_worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """The service worker, allowed to stand before every page: each may be opened offline."""
    response = HttpResponse(_worker_script(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def visit_manifest(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - a view
    """How the visit stands on a phone's first screen."""
    icon = {"src": static("dist/icon.svg"), "sizes": "any", "type": "image/svg+xml"}
    manifest = {
        "name": "連携　訪問",
        "short_name": "連携",
        "lang": "ja",
        "start_url": "/visit/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#000060",
        "icons": [icon],
    }
    return JsonResponse(manifest, content_type="application/manifest+json")


@require_safe
@staff_page(is_signed_in)
@never_cache
def visit_state(request: ViewerRequest) -> JsonResponse:
    """What the device does with its lease now; where it asks, whom the viewer could take along."""
    asks = "persons" in request.GET and rules.may_work_in_teams(request.viewer)
    persons = visit_choices(request.viewer) if asks else []
    return JsonResponse(
        {
            "csrf": get_token(request),
            "lease": state_for(request),
            "today": eras.format_screen(clock.today()),
            "persons": [
                {
                    "uid": str(choice.patient.uid),
                    "name": choice.patient.name,
                    "facts": short_facts(choice.patient),
                    "at": "・".join(f"{at.hour}:{at.minute:02}" for at in choice.times),
                    "planned": choice.is_planned,
                }
                for choice in persons
            ],
        }
    )


@require_safe
@never_cache
def visit_lease_state(request: HttpRequest, lease_uid: UUID) -> JsonResponse:  # noqa: ARG001 - a view
    """Asked by a device whose session is gone: was its lease withdrawn? Says one word, no more."""
    lease = lease_with(lease_uid)
    return JsonResponse({"lease": lease_state(lease) if lease else LeaseState.ENDED})


@require_POST
@care_page(rules.may_take_part)
def visit_lease_add(request: ViewerRequest) -> JsonResponse:
    issued = visit_services.issue_lease(
        viewer=request.viewer,
        session_key=request.session.session_key or "",
        session_until=request.session.get_expiry_date(),
        device_label=_device_label(request.headers.get("User-Agent", "")),
    )
    asked = [uid for text in request.POST.getlist("earlier") if (uid := uid_in(text))]
    keys, lost = visit_services.earlier_keys(request.viewer, asked)
    return JsonResponse(
        {
            "uid": str(issued.lease.uid),
            "key": base64.b64encode(issued.key).decode(),
            "writer": request.viewer.mark,
            "seconds": issued.seconds,
            "earlier": [
                {"uid": str(uid), "key": base64.b64encode(key).decode()}
                for uid, key in keys.items()
            ],
            "lost": [str(uid) for uid in lost],
        }
    )


@require_POST
@care_page()
def visit_persons(request: ViewerRequest) -> JsonResponse:
    lease = own_lease(request)
    if lease is None:
        return lease_lost()
    uids = [uid for text in request.POST.getlist("person") if (uid := uid_in(text))]
    patients = patients_to_take(request.viewer, uids[:MOST_PERSONS])
    visit_services.record_taken(viewer=request.viewer, lease=lease, patients=patients)
    emergency = open_for(request.viewer, patients, ContentClass.EMERGENCY)
    return JsonResponse(
        {
            "persons": [
                snapshot(patient, _story(request.viewer, patient, emergency))
                for patient in patients
            ]
        }
    )


@require_POST
@care_page()
def visit_entries(request: ViewerRequest) -> JsonResponse:
    """One entry of a device. Each gets its own answer."""
    lease = own_lease(request)
    if lease is None:
        return lease_lost()
    uploads = request.FILES.getlist("photo")
    try:
        written = written_entry(request.POST, photo_count=len(uploads))
        photos = [read_upload(upload) for upload in uploads]
    except ValidationError as error:
        reason, remedy = " ".join(error.messages), "本文を写して書き直してください。"
        return JsonResponse({"result": "refused", "reason": reason, "remedy": remedy})
    answer = visit_services.receive_entry(
        viewer=request.viewer,
        lease=lease,
        written=written,
        photos=photos,
    )
    return JsonResponse({"result": answer.result, "reason": answer.reason, "remedy": answer.remedy})


@require_safe
@care_page()
def visit_device_list(request: ViewerRequest) -> HttpResponse:
    devices = [
        {"lease": lease, "state": lease_state(lease), "count": len(lease.patients.all())}
        for lease in leases_of(request.viewer)[:20]
    ]
    return render(request, "timelines/visit_device_list.html", {"devices": devices})


@require_POST
@care_page()
def visit_lease_revoke(request: ViewerRequest, lease_uid: UUID) -> HttpResponse:
    lease = get_object_or_404(leases_of(request.viewer), uid=lease_uid)
    visit_services.revoke_lease(viewer=request.viewer, lease=lease)
    messages.success(
        request, "端末の鍵を取り消しました。つぎに電波がつながると、その端末から記録が消えます。"
    )
    return redirect("timelines:visit_device_list")


def _shell() -> dict[str, Any]:
    measures = [
        {
            "code": measure.code.value,
            "label": measure.label,
            "unit": measure.unit,
            "step": measure.step,
            "low": str(measure.low or 0),
            "high": str(measure.high or 0),
        }
        for measure in MEASURES
        if measure.usual
    ]
    return {"measures": measures}


def _story(viewer: Viewer, patient: Patient, emergency: set[int]) -> Story:
    access = room_access(viewer, patient)
    door = opened_doors_of(viewer, patient.uid).get(RoomKind.STAFF)
    return Story(
        room=str(door.room.uid) if door else "",
        entries=entries_to_take(viewer, patient),
        sheets=[_sheet(one) for one in written_sheets(viewer, door)[:SHEETS_TAKEN]] if door else [],
        professions=professions_of(patient),
        may_write=access.staff and not access.read_only,
        shows_emergency=patient.pk in emergency,
    )


def _sheet(sheet: PersonSheet) -> dict[str, Any]:
    """What changed in a sheet since the last time, as the device shows it."""
    at = sheet.answer.answered_at.astimezone(clock.TOKYO) if sheet.answer else None
    return {
        "title": sheet.version.form.name,
        "version": f"{at.month}月{at.day}日" if at else "",
        "changes": [
            {"label": one.label, "before": one.before, "after": one.after or "（消した）"}
            for one in sheet.changes[:CHANGES_TAKEN]
        ],
    }


def _device_label(agent: str) -> str:
    """「Android の Chrome」: what the owner of several devices tells them apart by."""
    systems = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
               ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
                ("CriOS/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
    system = next((word for sign, word in systems if sign in agent), "端末")
    browser = next((word for sign, word in browsers if sign in agent), "ブラウザ")
    return f"{system} の {browser}"


@lru_cache(maxsize=1)
def _worker_script() -> str:
    found = finders.find("dist/visit-worker.js")
    if found is None:
        raise Http404
    return Path(found).read_text()
