"""Closing a record, its retention, and its reviewed disposal (T-D4)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.documents.read_log import list_pdf
from renkei.care.patients.forms.governance import EndForm, HoldForm, RetentionForm
from renkei.care.patients.models import Disposal
from renkei.care.patients.people_to_tell import patients_watched_by
from renkei.care.patients.queries_end_of_care import (
    certificate_rows,
    disposals_watched_by,
    due_disposals,
    label_of_class,
    patients_ended_by,
    retention,
)
from renkei.care.patients.reading import record_read
from renkei.care.patients.rules_emergency import (
    may_choose_for_the_municipality,
    may_keep_emergency_profiles,
    may_watch_access,
)
from renkei.care.patients.services import end_of_care as services
from renkei.care.patients.views._shared import pdf_response, person_frame
from renkei.foundation.accounts.access import fresh_proof, staff_page
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common.eras import format_long


@never_cache
@require_http_methods(["GET", "POST"])
@care_page(may_keep_emergency_profiles)
@transaction.atomic
def patient_end(request: ViewerRequest, uid: UUID) -> HttpResponse:
    patient = get_object_or_404(patients_ended_by(request.viewer), uid=uid)
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.close_patient(viewer=request.viewer, patient=patient, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "支援を終了しました。記録は読めますが、書けません。")
            return redirect("patients:patient_end", patient.uid)
    status = 422 if form.is_bound else 200
    context = {
        "form": form,
        "patient": patient,
        "rows": [
            {"disposal": one, "label": label_of_class(one.document_class)}
            for one in patient.disposals.order_by("pk")
        ],
        **person_frame(request.viewer, patient, "end"),
    }
    response = render(request, "patients/patient_end.html", context, status=status)
    record_read(viewer=request.viewer, patient=patient, what="end_of_care")
    return response


@require_POST
@care_page(may_keep_emergency_profiles)
def patient_reopen(request: ViewerRequest, uid: UUID) -> HttpResponse:
    patient = get_object_or_404(patients_ended_by(request.viewer).exclude(closed_on=None), uid=uid)
    try:
        services.reopen_patient(viewer=request.viewer, patient=patient)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, "支援の終了を取り消しました。")
    return redirect("patients:patient_end", patient.uid)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page(may_choose_for_the_municipality)
def retention_edit(request: ViewerRequest) -> HttpResponse:
    form = RetentionForm(request.POST if request.method == "POST" else None, classes=retention())
    if form.is_valid():
        services.change_retention(viewer=request.viewer, years=form.years(), basis=form.basis())
        messages.success(request, "保存年数を変えました。")
        return redirect("patients:retention_edit")
    status = 422 if form.is_bound else 200
    return render(request, "patients/retention_edit.html", {"form": form}, status=status)


@never_cache
@require_safe
@staff_page(may_watch_access)
def disposal_list(request: ViewerRequest) -> HttpResponse:
    """What is due, and what was destroyed; a record is known by its number, never by a name."""
    done = disposals_watched_by(request.viewer).filter(disposed_at__isnull=False)
    context = {
        "due": [_row(one) for one in due_disposals(request.viewer)],
        "done": [_row(one) for one in done.order_by("-disposed_at", "-pk")[:100]],
    }
    return render(request, "patients/disposal_list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page(may_watch_access)
@fresh_proof
def disposal_decide(request: ViewerRequest, disposal_uid: UUID) -> HttpResponse:
    """Destroy, or keep for a reason."""
    disposal = get_object_or_404(disposals_watched_by(request.viewer), uid=disposal_uid)
    holding = request.method == "POST" and request.POST.get("act") == "hold"
    form = HoldForm(request.POST if holding else None)
    if holding and form.is_valid():
        because = form.cleaned_data["because"]
        return _done(
            request,
            lambda: services.hold_disposal(
                viewer=request.viewer, disposal=disposal, because=because
            ),
            "廃棄を保留しました。",
        )
    if request.method == "POST" and request.POST.get("act") == "lift":
        return _done(
            request,
            lambda: services.lift_hold(viewer=request.viewer, disposal=disposal),
            "保留を解きました。",
        )
    if request.method == "POST" and request.POST.get("act") == "dispose":
        return _done(
            request,
            lambda: services.dispose(viewer=request.viewer, disposal=disposal),
            "廃棄しました。廃棄の証明を印刷できます。",
        )
    status = 422 if form.is_bound else 200
    context = {"form": form, "row": _row(disposal)}
    return render(request, "patients/disposal_decide.html", context, status=status)


@never_cache
@require_safe
@staff_page(may_watch_access)
def disposal_certificate(request: ViewerRequest, record_uid: UUID) -> HttpResponse:
    """廃棄記録: what was destroyed of one record. It holds a number and no person."""
    patient = get_object_or_404(patients_watched_by(request.viewer), uid=record_uid)
    rows = certificate_rows(request.viewer, patient)
    if not rows:
        raise Http404
    content = list_pdf(
        title="廃棄の証明",
        town=request.viewer.organisation_name,
        lead=f"記録の番号　{patient.uid}\n支援の終了　"
        f"{format_long(patient.closed_on) if patient.closed_on else '記録なし'}",
        columns=("文書の種別", "保存期限", "廃棄した日時", "決めた人", "廃棄した件数"),
        widths=("3", "2", "2", "2", "auto"),
        rows=[
            (
                label_of_class(one.document_class),
                format_long(one.due_on),
                f"{one.disposed_at:%Y-%m-%d %H:%M}",
                one.approved_by.user.name if one.approved_by else "",
                f"{sum(one.counts.values())}件",
            )
            for one in rows
        ],
    )
    return pdf_response(content, "disposal-certificate")


def _row(disposal: Disposal) -> dict[str, object]:
    return {
        "disposal": disposal,
        "label": label_of_class(disposal.document_class),
        "number": str(disposal.patient.uid)[:8],
        "count": sum(disposal.counts.values()),
    }


def _done(request: ViewerRequest, act: Callable[[], object], sentence: str) -> HttpResponse:
    try:
        act()
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, sentence)
    return redirect("patients:disposal_list")
