"""Devices of organisations, the 参加施設台帳, and the board of who has not joined."""

from __future__ import annotations

import io
from uuid import UUID

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.foundation.accounts import exports, rules
from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.forms.joining import (
    DeviceCodeForm,
    DeviceForm,
    OutsideOfficeForm,
)
from renkei.foundation.accounts.models import NonUseReason
from renkei.foundation.accounts.presenters import device_rows, office_rows
from renkei.foundation.accounts.queries import account_of, organisations_managed_by
from renkei.foundation.accounts.queries_joining import (
    DEVICE_COOKIE,
    device_of,
    device_with_code,
    devices_in,
    open_applications_visible_to,
    outside_offices,
    participants,
    reason_counts,
)
from renkei.foundation.accounts.rules_joining import may_decide_joining
from renkei.foundation.accounts.services import joining as services
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.accounts.views.downloads import workbook_response

PER_PAGE = 50
DEAD = "このコードは使えません。組織の管理者に新しいコードを頼んでください。"
TOO_MANY = "続けて試しすぎました。5分ほど待ってから、もう一度入力してください。"


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page(rules.may_manage_people)
def device_list(request: ViewerRequest, organisation_uid: UUID) -> HttpResponse:
    """An organisation's devices; a new one shows its code once, in the answer itself."""
    managed = organisations_managed_by(request.viewer)
    organisation = get_object_or_404(managed, uid=organisation_uid)
    form = DeviceForm(request.POST if request.method == "POST" else None)
    issued = None
    if form.is_valid():
        try:
            issued = services.add_device(
                actor=request.viewer.actor, organisation=organisation, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            form = DeviceForm()
    devices = devices_in(managed.filter(pk=organisation.pk))
    context = {
        "organisation": organisation,
        "form": form,
        "issued": issued,
        "devices": device_rows(devices),
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/device_list.html", context, status=status)


@require_POST
@staff_page(rules.may_manage_people)
def device_revoke(request: ViewerRequest, device_uid: UUID) -> HttpResponse:
    device = get_object_or_404(devices_in(organisations_managed_by(request.viewer)), uid=device_uid)
    services.revoke_device(actor=request.viewer.actor, device=device)
    messages.success(request, f"「{device}」を止めました。")
    return redirect("accounts:device_list", device.organisation.uid)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page(rules.may_read_staff_pages)
def device_register(request: ViewerRequest) -> HttpResponse:
    """On the device itself: the code the administrator gave."""
    form = DeviceCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device = device_with_code(form.cleaned_data["code"], request.viewer.organisation_id)
        if not ratelimit.consume(request, action="device"):
            form.add_error("code", TOO_MANY)
        elif device is None:
            form.add_error("code", DEAD)
        else:
            holder = account_of(request.viewer) if form.cleaned_data["own"] else None
            try:
                cookie = services.register_device(
                    actor=request.viewer.actor, device=device, holder=holder
                )
            except ValidationError as error:
                form.add_service_error(error)
            else:
                messages.success(request, f"この端末を「{device}」として登録しました。")
                response = redirect("accounts:device_register")
                response.set_cookie(
                    DEVICE_COOKIE,
                    cookie,
                    max_age=services.DEVICE_VALID_FOR,
                    secure=settings.SESSION_COOKIE_SECURE,
                    httponly=True,
                    samesite="Lax",
                )
                return response
    context = {"form": form, "device": device_of(request)}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/device_register.html", context, status=status)


@require_safe
@staff_page(rules.may_manage_people)
def device_report(request: ViewerRequest) -> HttpResponse:
    """Every device the viewer looks after, those that end first on top, as a workbook."""
    stream = io.BytesIO()
    exports.devices_xlsx(stream, devices_in(organisations_managed_by(request.viewer)))
    return workbook_response(stream, "tanmatsu.xlsx")


@require_safe
@staff_page(may_decide_joining)
def participant_list(request: ViewerRequest) -> HttpResponse:
    """The 参加施設台帳, as a page or a workbook."""
    rows = participants(request.viewer)
    if request.GET.get("format") == "xlsx":
        stream = io.BytesIO()
        exports.participants_xlsx(stream, rows)
        return workbook_response(stream, "sanka-daicho.xlsx")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/participant_list.html", {"page": page})


@require_safe
@staff_page(may_decide_joining)
def outside_list(request: ViewerRequest) -> HttpResponse:
    """Who has not joined, why, and how long nobody spoke with them."""
    reason = request.GET.get("reason", "")
    reason = reason if reason in NonUseReason.values else ""
    offices = outside_offices(request.viewer, reason=reason)
    page = Paginator(offices, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": office_rows(page),
        "reasons": reason_counts(request.viewer),
        "reason": reason,
        "applications": open_applications_visible_to(request.viewer),
    }
    return render(request, "accounts/outside_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_page(may_decide_joining)
def outside_edit(request: ViewerRequest, office_uid: UUID | None = None) -> HttpResponse:
    office = None
    if office_uid is not None:
        office = get_object_or_404(outside_offices(request.viewer), uid=office_uid)
    names = OutsideOfficeForm.base_fields
    initial = {name: getattr(office, name) for name in names} if office else {}
    form = OutsideOfficeForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            services.save_outside_office(
                actor=request.viewer.actor, office=office, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "記録しました。")
            return redirect("accounts:outside_list")
    context = {"form": form, "office": office}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/outside_edit.html", context, status=status)


@require_POST
@staff_page(may_decide_joining)
def outside_remove(request: ViewerRequest, office_uid: UUID) -> HttpResponse:
    office = get_object_or_404(outside_offices(request.viewer), uid=office_uid)
    services.remove_outside_office(
        actor=request.viewer.actor, office=office, joined=request.POST.get("joined") == "1"
    )
    messages.success(request, f"{office}を一覧から外しました。")
    return redirect("accounts:outside_list")
