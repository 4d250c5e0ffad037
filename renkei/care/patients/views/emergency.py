"""The emergency screen, and the page on which the team keeps it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.documents.emergency import kit_pdf
from renkei.care.patients.forms.emergency import EmergencyProfileForm
from renkei.care.patients.models import ContentClass, GrantKind, Patient
from renkei.care.patients.queries_emergency import (
    EmergencyScreen,
    emergency_screen,
    patients_kept_by,
    profile_of,
    sections_of,
)
from renkei.care.patients.queries_wishes import shown_paper
from renkei.care.patients.reading import record_read
from renkei.care.patients.rules_emergency import (
    may_keep_emergency_profiles,
    may_see_emergency_screens,
)
from renkei.care.patients.services.emergency import record_emergency_profile
from renkei.care.patients.views._shared import kept_patient, pdf_response, person_frame
from renkei.care.patients.ways_in import way_in
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest


@never_cache
@require_safe
@care_page(may_see_emergency_screens)
@transaction.atomic
def emergency_page(request: ViewerRequest, uid: UUID) -> HttpResponse:
    screen = _screen(request.viewer, uid)
    via = way_in(request.viewer, screen.patient, ContentClass.EMERGENCY)
    kept = patients_kept_by(request.viewer, ContentClass.EMERGENCY).filter(pk=screen.patient.pk)
    whole = "all" in request.GET
    context = {
        "screen": screen,
        "contacts": screen.contacts if whole else screen.shown_contacts,
        "via": via,
        "by_break_glass": via == GrantKind.BREAK_GLASS,
        "by_disaster": via == GrantKind.DISASTER,
        "may_edit": kept.exists(),
        # Everything written out, for those who scroll; the first view fits a telephone.
        "whole": whole,
    }
    response = render(request, "patients/emergency.html", context)
    record_read(viewer=request.viewer, patient=screen.patient, what="emergency", via=via)
    return response


@never_cache
@require_safe
@care_page(may_see_emergency_screens)
@transaction.atomic
def emergency_sheet(request: ViewerRequest, uid: UUID) -> HttpResponse:
    """救急医療情報シート without a code: the one with the QR code comes with the card."""
    screen = _screen(request.viewer, uid)
    via = way_in(request.viewer, screen.patient, ContentClass.EMERGENCY)
    paper = shown_paper(request.viewer, screen.patient) if screen.wishes_open else None
    content = kit_pdf(screen, paper=paper)
    record_read(viewer=request.viewer, patient=screen.patient, what="emergency_sheet", via=via)
    return pdf_response(content, "emergency-sheet")


@never_cache
@require_http_methods(["GET", "POST"])
@care_page(may_keep_emergency_profiles)
@transaction.atomic
def emergency_edit(request: ViewerRequest, uid: UUID) -> HttpResponse:
    patient = kept_patient(request.viewer, uid)
    profile = profile_of(patient)
    if request.method == "POST":
        form = EmergencyProfileForm(request.POST)
    else:
        form = EmergencyProfileForm(
            initial=EmergencyProfileForm.initial_of(profile, sections_of(profile))
        )
    if form.is_valid():
        try:
            record_emergency_profile(
                actor=request.viewer.actor,
                patient=patient,
                facts=form.facts(),
                items=form.items(),
                confirmed_by=request.viewer.name if form.cleaned_data["confirmed"] else "",
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "救急情報を書きました。印刷した紙は古い版になりました。")
            return redirect("patients:emergency_screen", patient.uid)
    status = 422 if form.is_bound else 200
    context = {
        "form": form,
        "patient": patient,
        "profile": profile,
        **person_frame(request.viewer, patient, "emergency"),
    }
    response = render(request, "patients/emergency_edit.html", context, status=status)
    record_read(viewer=request.viewer, patient=patient, what="emergency_edit")
    return response


def _screen(viewer: Viewer, uid: UUID) -> EmergencyScreen:
    try:
        return emergency_screen(viewer, uid)
    except Patient.DoesNotExist as error:
        raise Http404 from error
