"""休みの予定 of one's own office."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from renkei.care.patients.access import care_page
from renkei.care.transitions.forms_absences import MemberAbsenceForm
from renkei.care.transitions.models import MemberAbsence
from renkei.care.transitions.queries.member_absences import (
    office_absence,
    office_absences,
    office_people,
)
from renkei.care.transitions.services.member_absences import (
    cancel_member_absence,
    record_member_absence,
)
from renkei.foundation.accounts.viewers import ViewerRequest


@care_page()
@require_http_methods(["GET", "POST"])
def member_absence_list(request: ViewerRequest) -> HttpResponse:
    """Who of the office is on leave, and a line for the next leave."""
    form = MemberAbsenceForm(
        request.POST if request.method == "POST" else None, people=office_people(request.viewer)
    )
    if form.is_valid():
        try:
            record_member_absence(viewer=request.viewer, **form.values())
        except ValidationError as error:
            # A rule of the table as a whole belongs on top.
            if hasattr(error, "error_dict") and set(error.error_dict) - set(form.fields):
                error = ValidationError(error.messages)
            form.add_service_error(error)
        else:
            messages.success(request, "休みを記録しました。")
            return redirect("transitions:member_absence_list")
    context = {"form": form, "absences": office_absences(request.viewer)}
    status = 422 if form.is_bound else 200
    return render(request, "transitions/member_absences.html", context, status=status)


@care_page()
@require_POST
def member_absence_cancel(request: ViewerRequest, absence_uid: UUID) -> HttpResponse:
    """They are at work after all."""
    try:
        absence = office_absence(request.viewer, absence_uid)
    except MemberAbsence.DoesNotExist:
        raise Http404 from None
    cancel_member_absence(viewer=request.viewer, absence=absence)
    messages.success(request, "休みを取り消しました。")
    return redirect("transitions:member_absence_list")
