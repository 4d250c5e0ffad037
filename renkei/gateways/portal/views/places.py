"""One place, and what a reader says is wrong about it."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from renkei.foundation.accounts.viewers import ANYBODY, ViewerRequest
from renkei.foundation.common import clock
from renkei.gateways.portal import limits
from renkei.gateways.portal.forms import CorrectionForm
from renkei.gateways.portal.queries import row_of
from renkei.registry.facilities.presenters import facility_page
from renkei.registry.facilities.queries import facility_for
from renkei.registry.facilities.services.requests import receive_request


@require_safe
def facility(request: HttpRequest, facility_id: int) -> HttpResponse:
    """What a place does for whom, when, where, how to reach it, since when we know."""
    place = facility_for(facility_id, viewer=ANYBODY)
    context = {
        "page": facility_page(place, now=clock.now()),
        "correction_url": reverse("portal:correction_request", args=[place.pk]),
        "sheet_url": reverse("portal:facility_sheet_pdf", args=[place.pk]),
    }
    return render(request, "portal/facility.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correction_request(request: HttpRequest, facility_id: int) -> HttpResponse:
    """「この情報の修正を依頼する」, for anybody."""
    place = facility_for(facility_id, viewer=ANYBODY)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and limits.is_too_often(
        request, "correction", limit=limits.CORRECTIONS_PER_HOUR
    ):
        form.add_error(None, "続けて送ることはできません。1時間ほどたってから送ってください。")
    if form.is_valid():
        try:
            actor = cast("ViewerRequest", request).viewer.actor
            receive_request(actor=actor, facility=row_of(place), **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "依頼を受け付けました。市町村が確かめて、直します。")
            return redirect("portal:facility", place.pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "place": place}
    return render(request, "portal/correction_request.html", context, status=status)
