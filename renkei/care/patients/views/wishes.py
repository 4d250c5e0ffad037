"""The talks about what a person wishes: each its own record, shared one by one."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page
from renkei.care.patients.forms.emergency import WishConfirmForm, WishForm
from renkei.care.patients.models import ContentClass, Patient, Wish
from renkei.care.patients.queries_emergency import patients_kept_by
from renkei.care.patients.queries_wishes import (
    patients_whose_wishes_are_written_by,
    shown_paper,
    wishes_shared_by,
    wishes_visible_to,
)
from renkei.care.patients.reading import record_read
from renkei.care.patients.rules_emergency import may_keep_emergency_profiles, may_keep_wishes
from renkei.care.patients.services import wishes as services
from renkei.care.patients.views._shared import person_frame
from renkei.care.patients.visibility import patient_for
from renkei.care.patients.ways_in import way_in
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest


@never_cache
@require_safe
@care_page(may_keep_wishes)
@transaction.atomic
def wish_list(request: ViewerRequest, uid: UUID) -> HttpResponse:
    patient = _readable(request.viewer, uid)
    writable = patients_whose_wishes_are_written_by(request.viewer).filter(pk=patient.pk).exists()
    wishes = list(wishes_visible_to(request.viewer, patient))
    own = set(wishes_shared_by(request.viewer, patient).values_list("pk", flat=True))
    context = {
        "patient": patient,
        "rows": [{"wish": wish, "may_share": writable and wish.pk in own} for wish in wishes],
        "paper": shown_paper(request.viewer, patient),
        "writable": writable,
        "may_confirm": patients_kept_by(request.viewer, ContentClass.WISHES)
        .filter(pk=patient.pk)
        .exists(),
        **person_frame(request.viewer, patient, "wishes"),
    }
    via = way_in(request.viewer, patient, ContentClass.WISHES)
    response = render(request, "patients/wish_list.html", context)
    record_read(viewer=request.viewer, patient=patient, what="wishes", via=via)
    return response


@never_cache
@require_http_methods(["GET", "POST"])
@care_page(may_keep_wishes)
@transaction.atomic
def wish_add(request: ViewerRequest, uid: UUID) -> HttpResponse:
    patient = get_object_or_404(
        patients_whose_wishes_are_written_by(request.viewer).select_related("host"), uid=uid
    )
    form = WishForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.record_wish(viewer=request.viewer, patient=patient, facts=form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            shared = form.cleaned_data["is_shared"]
            messages.success(
                request,
                "意思の記録を書き、チームに共有しました。"
                if shared
                else "意思の記録を書きました。まだ共有していません。",
            )
            return redirect("patients:wish_list", patient.uid)
    via = way_in(request.viewer, patient, ContentClass.WISHES)
    status = 422 if form.is_bound else 200
    context = {"form": form, "patient": patient, **person_frame(request.viewer, patient, "wishes")}
    response = render(request, "patients/wish_add.html", context, status=status)
    record_read(viewer=request.viewer, patient=patient, what="wishes", via=via)
    return response


@never_cache
@require_http_methods(["GET", "POST"])
@care_page(may_keep_emergency_profiles)
@transaction.atomic
def wish_confirm(request: ViewerRequest, uid: UUID, wish_uid: UUID) -> HttpResponse:
    patient = get_object_or_404(patients_kept_by(request.viewer, ContentClass.WISHES), uid=uid)
    wish = get_object_or_404(wishes_visible_to(request.viewer, patient), uid=wish_uid)
    form = WishConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.confirm_wish(viewer=request.viewer, wish=wish, facts=form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "医師の確認を書きました。")
            return redirect("patients:wish_list", patient.uid)
    status = 422 if form.is_bound else 200
    context = {
        "form": form,
        "patient": patient,
        "wish": wish,
        **person_frame(request.viewer, patient, "wishes"),
    }
    response = render(request, "patients/wish_confirm.html", context, status=status)
    record_read(viewer=request.viewer, patient=patient, what="wishes")
    return response


@require_POST
@care_page(may_keep_wishes)
def wish_share(request: ViewerRequest, uid: UUID, wish_uid: UUID) -> HttpResponse:
    return _change(
        request,
        uid,
        wish_uid,
        service=services.share_wish,
        among=wishes_shared_by,
        sentence="この記録をチームに共有しました。",
    )


@require_POST
@care_page(may_keep_wishes)
def wish_keep_private(request: ViewerRequest, uid: UUID, wish_uid: UUID) -> HttpResponse:
    return _change(
        request,
        uid,
        wish_uid,
        service=services.stop_sharing_wish,
        among=wishes_visible_to,
        sentence="この記録の共有をやめました。",
    )


@require_POST
@care_page(may_keep_wishes)
def wish_withdraw(request: ViewerRequest, uid: UUID, wish_uid: UUID) -> HttpResponse:
    return _change(
        request,
        uid,
        wish_uid,
        service=services.withdraw_wish,
        among=wishes_visible_to,
        sentence="この意思の記録を取り下げました。",
    )


def _change(
    request: ViewerRequest,
    uid: UUID,
    wish_uid: UUID,
    *,
    service: Callable[..., None],
    among: Callable[[Viewer, Patient], QuerySet[Wish]],
    sentence: str,
) -> HttpResponse:
    patient = get_object_or_404(patients_whose_wishes_are_written_by(request.viewer), uid=uid)
    wish = get_object_or_404(among(request.viewer, patient), uid=wish_uid)
    try:
        service(viewer=request.viewer, wish=wish)
    except ValidationError as error:
        messages.error(request, "".join(error.messages))
    else:
        messages.success(request, sentence)
    return redirect("patients:wish_list", patient.uid)


def _readable(viewer: Viewer, uid: UUID) -> Patient:
    try:
        return patient_for(viewer, uid, ContentClass.WISHES)
    except Patient.DoesNotExist as error:
        raise Http404 from error
