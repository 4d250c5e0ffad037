"""Two records of one person: asked, merged, parted again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from renkei.care.patients.access import host_only, person_page
from renkei.care.patients.models import Patient, SameAnswer
from renkei.care.patients.presenters import birth_text, person_head
from renkei.care.patients.queries_merge import (
    alike_records,
    duplicates_of,
    known_duplicates,
    mergeable_record,
    undoable_merges,
)
from renkei.care.patients.services.merge import answer_duplicate, merge_patients, undo_merge
from renkei.foundation.accounts.viewers import ViewerRequest


@require_http_methods(["GET", "POST"])
@person_page("同じ人の記録")
def duplicate_list(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """What may be the same person; answered by each host for its own record."""
    host_only(request, patient)
    if request.method == "POST":
        return _answered(request, patient)
    context = {
        "head": person_head(request.viewer, patient, current="basic"),
        "birth": birth_text(patient),
        "duplicates": known_duplicates(request.viewer, patient),
        "alike": alike_records(request.viewer, patient),
        "merges": list(undoable_merges(patient)),
    }
    return render(request, "patients/duplicate_list.html", context)


def _answered(request: ViewerRequest, patient: Patient) -> HttpResponse:
    try:
        uid = UUID(request.POST.get("duplicate", ""))
    except ValueError:
        raise Http404 from None
    pair = get_object_or_404(duplicates_of(request.viewer, patient), uid=uid)
    answer = request.POST.get("answer", "")
    if answer not in SameAnswer.values:
        messages.error(request, "「同じ方」か「別の方」を選んでください。")
        return redirect("patients:duplicate_list", patient.uid)
    try:
        merge = answer_duplicate(viewer=request.viewer, duplicate=pair, answer=answer)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("patients:duplicate_list", patient.uid)
    if merge is None:
        messages.success(request, "答えを記録しました。先方も同じ方と答えると、1つにまとまります。")
        return redirect("patients:duplicate_list", patient.uid)
    messages.success(request, "2つの記録をまとめました。24時間以内なら元に戻せます。")
    return redirect("patients:patient_detail", merge.into.uid)


@require_POST
@person_page("記録をまとめる")
def patient_merge(request: ViewerRequest, patient: Patient, other_uid: UUID) -> HttpResponse:
    """Another record of the same host goes into this one."""
    host_only(request, patient)
    other = mergeable_record(request.viewer, patient, other_uid)
    if other is None:
        raise Http404
    try:
        merge_patients(viewer=request.viewer, merged=other, into=patient)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "2つの記録をまとめました。24時間以内なら元に戻せます。")
    return redirect("patients:duplicate_list", patient.uid)


@require_POST
@person_page("まとめた記録を元に戻す")
def merge_undo(request: ViewerRequest, patient: Patient, merge_uid: UUID) -> HttpResponse:
    host_only(request, patient)
    merge = get_object_or_404(undoable_merges(patient), uid=merge_uid)
    undo_merge(viewer=request.viewer, merge=merge)
    messages.success(request, "2つの記録に戻しました。")
    return redirect("patients:duplicate_list", patient.uid)
