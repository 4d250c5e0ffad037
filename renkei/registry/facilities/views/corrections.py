"""The town knows better: correcting, withdrawing and confirming what the files say."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from renkei.foundation.accounts.access import staff_page
from renkei.foundation.accounts.queries import names_of
from renkei.foundation.accounts.rules import may_edit_register
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.registry.facilities.forms_corrections import ConfirmForm, CorrectionForm
from renkei.registry.facilities.presenters_corrections import (
    facility_history,
    service_panels,
)
from renkei.registry.facilities.queries_staff import staff_facility, staff_service
from renkei.registry.facilities.services.correction_page import correct_service
from renkei.registry.facilities.services.overrides import confirm_facility, withdraw_correction

# What single places ask for most; every other field has its address too.
EXCEPTION_FIELDS = ("phone", "fax", "email", "address", "hours", "remarks")


@staff_page(may_edit_register)
@require_http_methods(["GET", "POST"])
def facility_edit(request: ViewerRequest, facility_id: int) -> HttpResponse:
    """Everything known about one place, what was corrected, and 「この内容で確認した」."""
    facility = staff_facility(facility_id)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            confirm_facility(
                actor=request.viewer.actor, facility=facility, method=form.cleaned_data["method"]
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "この内容で確認したことを記録しました。")
            return redirect("facilities:facility_edit", facility.pk)
    panels = service_panels(facility)
    context = {
        "facility": facility,
        "form": form,
        "panels": panels,
        "people": names_of({row.made_by_id for panel in panels for row in panel.overrides}),
        "history": facility_history(facility),
        "exception_fields": EXCEPTION_FIELDS,
    }
    status = 422 if form.is_bound else 200
    return render(request, "facilities/facility_edit.html", context, status=status)


@staff_page(may_edit_register)
@require_http_methods(["GET", "POST"])
def service_edit(request: ViewerRequest, service_id: int) -> HttpResponse:
    service = staff_service(service_id)
    form = CorrectionForm(request.POST if request.method == "POST" else None, service=service)
    if form.is_valid():
        try:
            count = correct_service(
                actor=request.viewer.actor,
                service=service,
                values=form.changes(),
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(
                request,
                f"{count}項目を直しました。次に公表データを取り込んでも、この値が残ります。",
            )
            return redirect("facilities:facility_edit", service.facility_id)
    status = 422 if form.is_bound else 200
    context = {"form": form, "service": service}
    return render(request, "facilities/service_edit.html", context, status=status)


@staff_page(may_edit_register)
@require_POST
def correction_withdraw(request: ViewerRequest, service_id: int, field: str) -> HttpResponse:
    service = staff_service(service_id)
    override = next((row for row in service.overrides.all() if row.field == field), None)
    if override is None:
        raise Http404
    withdraw_correction(actor=request.viewer.actor, override=override)
    messages.success(request, "訂正を取り消し、公表の値に戻しました。")
    return redirect("facilities:facility_edit", service.facility_id)
