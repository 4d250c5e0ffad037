"""主治医・副主治医: the register of one's organisation, absences, load, a person's pair."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page, member_who_writes, person_page
from renkei.care.patients.models import Patient
from renkei.care.patients.presenters import person_head
from renkei.care.patients.queries import writes_about
from renkei.care.patients.rules import may_work_in_teams
from renkei.care.transitions.forms_doctors import (
    AbsenceForm,
    AnswerForm,
    DeputyCallForm,
    DoctorForm,
    PairForm,
)
from renkei.care.transitions.models import Channel, Doctor
from renkei.care.transitions.pair_states import Audience, PairStep
from renkei.care.transitions.presenters_doctors import PairCard
from renkei.care.transitions.presenters_emergencies import told_form, told_rows
from renkei.care.transitions.queries.doctors import (
    absences_ahead_of,
    doctor_for,
    doctors_kept_by,
    loads_of,
    office_absences_ahead_of,
    pair_of,
    pairs_asking,
    present_pairs_of,
)
from renkei.care.transitions.services import absences
from renkei.care.transitions.services import doctors as services
from renkei.foundation.accounts.viewers import Viewer, ViewerRequest
from renkei.foundation.common import clock

TAB = "tonight"
REVIEWED_DAYS = 31


@never_cache
@care_page(may_work_in_teams)
@require_http_methods(["GET", "POST"])
def doctor_list(request: ViewerRequest) -> HttpResponse:
    """The doctors of one's organisation, what they carry, who asks, and when they are away."""
    viewer = request.viewer
    form = AbsenceForm(
        request.POST if request.method == "POST" else None, doctors=doctors_kept_by(viewer)
    )
    if form.is_valid():
        try:
            _record_absence(viewer, form)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "不在を記録し、受け持ちのチームに知らせました。")
            return redirect("transitions:doctor_list")
    context = {
        "loads": loads_of(viewer, since=clock.now() - timedelta(days=REVIEWED_DAYS)),
        "asked": pairs_asking(viewer),
        "absences": absences_ahead_of(viewer),
        "office_absences": office_absences_ahead_of(viewer),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "transitions/doctor_list.html", context, status=status)


def _record_absence(viewer: Viewer, form: AbsenceForm) -> None:
    times = {name: form.cleaned_data[name] for name in ("starts_at", "ends_at")}
    doctor = form.doctor()
    if doctor is None:
        absences.record_office_absence(viewer=viewer, **times)
    else:
        absences.record_absence(viewer=viewer, doctor=doctor, **times)


@care_page(may_work_in_teams)
@require_POST
def pair_agree(request: ViewerRequest, pair_uid: UUID) -> HttpResponse:
    """A doctor of one's organisation says yes to a pair that waits for them."""
    asked = next((one for one in pairs_asking(request.viewer) if one.pair.uid == pair_uid), None)
    if asked is None:
        raise Http404
    try:
        services.take_step(viewer=request.viewer, pair=asked.pair, step=asked.step)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, f"{asked.doctor.name}医師の承諾を記録しました。")
    return redirect("transitions:doctor_list")


@care_page(may_work_in_teams)
@require_http_methods(["GET", "POST"])
def doctor_add(request: ViewerRequest) -> HttpResponse:
    """A new doctor of one's organisation."""
    return _doctor_form(request, None)


@care_page(may_work_in_teams)
@require_http_methods(["GET", "POST"])
def doctor_edit(request: ViewerRequest, doctor_uid: UUID) -> HttpResponse:
    """What the register keeps of a doctor."""
    try:
        doctor = doctor_for(request.viewer, doctor_uid)
    except Doctor.DoesNotExist as error:
        raise Http404 from error
    return _doctor_form(request, doctor)


def _doctor_form(request: ViewerRequest, doctor: Doctor | None) -> HttpResponse:
    form = DoctorForm(request.POST if request.method == "POST" else None, doctor=doctor)
    if form.is_valid():
        services.save_doctor(viewer=request.viewer, doctor=doctor, new=form.new_doctor())
        messages.success(request, "医師を登録しました。")
        return redirect("transitions:doctor_list")
    status = 422 if form.is_bound else 200
    context = {"form": form, "doctor": doctor}
    return render(request, "transitions/doctor_edit.html", context, status=status)


@care_page(may_work_in_teams)
@require_POST
def absence_cancel(request: ViewerRequest, absence_uid: UUID) -> HttpResponse:
    """The doctor is there after all."""
    absence = get_object_or_404(absences_ahead_of(request.viewer), uid=absence_uid)
    absences.cancel_absence(viewer=request.viewer, absence=absence)
    messages.success(request, "不在を取り消し、受け持ちのチームに知らせました。")
    return redirect("transitions:doctor_list")


@care_page(may_work_in_teams)
@require_POST
def office_absence_cancel(request: ViewerRequest, absence_uid: UUID) -> HttpResponse:
    """The office is open after all."""
    absence = get_object_or_404(office_absences_ahead_of(request.viewer), uid=absence_uid)
    absences.cancel_office_absence(viewer=request.viewer, absence=absence)
    messages.success(request, "休みを取り消し、受け持ちのチームに知らせました。")
    return redirect("transitions:doctor_list")


@never_cache
@person_page("主治医・副主治医")
@require_safe
def person_pair(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """A person's pair: how far it is, who knows it."""
    return _pair_page(request, patient)


@person_page("主治医・副主治医")
@require_POST
def pair_propose(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """Ask for a pair."""
    member_who_writes(request, patient)
    form = PairForm(request.POST)
    if form.is_valid():
        try:
            services.propose_pair(viewer=request.viewer, patient=patient, **form.cleaned_data)
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "主治医・副主治医を申し込みました。")
            return redirect("transitions:person_pair", patient.uid)
    return _pair_page(request, patient, propose=form)


@person_page("主治医・副主治医")
@require_POST
def pair_step(request: ViewerRequest, patient: Patient, pair_uid: UUID, step: str) -> HttpResponse:
    """Let a pair go one step on."""
    member_who_writes(request, patient)
    pair = pair_of(patient, pair_uid)
    if pair is None or step not in PairStep.values:
        raise Http404
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.take_step(
                viewer=request.viewer,
                pair=pair,
                step=PairStep(step),
                channel=Channel(form.cleaned_data["channel"]),
                person_name=form.cleaned_data["person_name"],
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, f"{PairStep(step).label}ことを記録しました。")
            return redirect("transitions:person_pair", patient.uid)
    return _pair_page(request, patient, answer=form)


@person_page("主治医・副主治医")
@require_POST
def pair_tell(
    request: ViewerRequest, patient: Patient, pair_uid: UUID, audience: str
) -> HttpResponse:
    """Somebody who has to know said that they do."""
    member_who_writes(request, patient)
    pair = pair_of(patient, pair_uid)
    if pair is None or audience not in Audience.values:
        raise Http404
    form = told_form(request.POST, request.viewer, patient, Audience(audience))
    if form.is_valid():
        try:
            services.confirm_notice(
                viewer=request.viewer, pair=pair, audience=Audience(audience), **form.values()
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "伝わったことを記録しました。")
            return redirect("transitions:person_pair", patient.uid)
    return _pair_page(request, patient, told={audience: form})


@person_page("主治医・副主治医")
@require_POST
def pair_call(request: ViewerRequest, patient: Patient, pair_uid: UUID) -> HttpResponse:
    """The deputy was called upon."""
    member_who_writes(request, patient)
    pair = pair_of(patient, pair_uid)
    if pair is None:
        raise Http404
    form = DeputyCallForm(request.POST, pair=pair)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("went", "reason", "outcome")}
        try:
            services.record_deputy_call(
                viewer=request.viewer, pair=pair, at=form.moment(), **values
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "副主治医の発動を記録しました。")
            return redirect("transitions:person_pair", patient.uid)
    return _pair_page(request, patient, call=form)


def _pair_page(request: ViewerRequest, patient: Patient, **forms: Any) -> HttpResponse:
    viewer = request.viewer
    cards = [PairCard.of(one, call_form=forms.get("call")) for one in present_pairs_of(patient)]
    context = {
        "head": person_head(viewer, patient, current=TAB),
        "cards": [(card, _told(viewer, patient, card, forms.get("told"))) for card in cards],
        "may_write": writes_about(viewer, patient),
        "may_propose": not any(card.is_waiting for card in cards),
        "propose_form": forms.get("propose") or PairForm(None),
        "answer_form": forms.get("answer") or AnswerForm(None),
    }
    status = 422 if forms else 200
    return render(request, "transitions/person_pair.html", context, status=status)


def _told(viewer: Viewer, patient: Patient, card: PairCard, bound: Any) -> list[Any]:
    rows = told_rows(viewer, patient, card.notices, bound=bound)
    uids = [patient.uid, card.pair.uid]
    return [(row, reverse("transitions:pair_tell", args=[*uids, row.audience])) for row in rows]
