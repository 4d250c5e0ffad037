"""急変時診療医療機関: the agreement with a hospital for one person, and who knows it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from renkei.care.patients.access import member_who_writes, person_page
from renkei.care.patients.models import ContentClass, Patient
from renkei.care.patients.presenters import person_head
from renkei.care.patients.queries import may_read
from renkei.care.transitions.forms_emergencies import AgreementForm, ConfirmForm
from renkei.care.transitions.models import EmergencyAgreement
from renkei.care.transitions.pair_states import Audience
from renkei.care.transitions.presenters_emergencies import AgreementCard, told_form, told_rows
from renkei.care.transitions.queries.emergencies import agreement_of
from renkei.care.transitions.queries.people import hospitals_near
from renkei.care.transitions.services import emergencies as services
from renkei.care.transitions.views.emergencies import TAB
from renkei.foundation.accounts.viewers import ViewerRequest

PAGE = "急変時の病院の取り決め"


@never_cache
@person_page(PAGE)
@require_http_methods(["GET", "POST"])
def person_agreement(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """The hospital that stands ready; or a form to register one."""
    member_who_writes(request, patient)
    if request.method != "POST":
        return _page(request, patient)
    form = AgreementForm(request.POST, hospitals=hospitals_near(request.viewer, patient))
    if form.is_valid():
        try:
            services.agree(
                viewer=request.viewer,
                patient=patient,
                hospital=form.choice(),
                terms=form.terms(),
                confirmed_on=form.cleaned_data["confirmed_on"],
                answer=form.answer(),
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "病院を登録しました。伝わったことも記録してください。")
            return redirect("transitions:person_agreement", patient.uid)
    return _page(request, patient, form=form)


@person_page(PAGE, content=ContentClass.EMERGENCY)
@require_POST
def agreement_confirm(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """The hospital says that the agreement still holds."""
    member_who_writes(request, patient)
    form = ConfirmForm(request.POST)
    if form.is_valid():
        try:
            services.confirm_agreement(
                viewer=request.viewer,
                agreement=_present(patient),
                confirmed_on=form.cleaned_data["confirmed_on"],
                answer=form.answer(),
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "確認を記録しました。")
            return redirect("transitions:person_agreement", patient.uid)
    return _page(request, patient, confirm=form)


@person_page(PAGE, content=ContentClass.EMERGENCY)
@require_POST
def agreement_tell(request: ViewerRequest, patient: Patient, audience: str) -> HttpResponse:
    """Somebody who has to know said that they do."""
    member_who_writes(request, patient)
    if audience not in Audience.values:
        raise Http404
    form = told_form(request.POST, request.viewer, patient, Audience(audience))
    if form.is_valid():
        try:
            services.confirm_agreement_notice(
                viewer=request.viewer,
                agreement=_present(patient),
                audience=Audience(audience),
                **form.values(),
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "伝わったことを記録しました。")
            return redirect("transitions:person_agreement", patient.uid)
    return _page(request, patient, told={audience: form})


@person_page(PAGE, content=ContentClass.EMERGENCY)
@require_POST
def agreement_end(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """The hospital no longer stands ready."""
    member_who_writes(request, patient)
    services.end_agreement(viewer=request.viewer, agreement=_present(patient))
    messages.success(request, "取り決めを終えました。別の病院を登録できます。")
    return redirect("transitions:person_agreement", patient.uid)


def _present(patient: Patient) -> EmergencyAgreement:
    status = agreement_of(patient)
    if status is None:
        raise Http404
    return status.agreement


def _page(request: ViewerRequest, patient: Patient, **forms: Any) -> HttpResponse:
    viewer = request.viewer
    context: dict[str, Any] = {"head": person_head(viewer, patient, current=TAB)}
    # Whoever reads only the basics may register, and learns of another one without its name.
    status = agreement_of(patient) if may_read(viewer, patient, ContentClass.EMERGENCY) else None
    if status:
        context |= {
            "card": AgreementCard.of(status),
            "told": [
                (row, reverse("transitions:agreement_tell", args=[patient.uid, row.audience]))
                for row in told_rows(viewer, patient, status.notices, bound=forms.get("told"))
            ],
            "confirm_form": forms.get("confirm") or ConfirmForm(None),
        }
    if status is None or "form" in forms:
        hospitals = hospitals_near(viewer, patient)
        context["form"] = forms.get("form") or AgreementForm(None, hospitals=hospitals)
    status_code = 422 if forms else 200
    return render(request, "transitions/person_agreement.html", context, status=status_code)
