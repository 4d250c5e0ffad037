"""Consent: the state, the decision, its withdrawal, the paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renkei.care.patients.access import care_page, host_only, person_page
from renkei.care.patients.forms.consent import ConsentForm, DecisionForm, WithdrawalForm
from renkei.care.patients.models import ConsentPaper, PaperKind, Patient, Relative
from renkei.care.patients.papers import consent_form_pdf, explanation_pdf
from renkei.care.patients.presenters import person_head
from renkei.care.patients.presenters_consent import consent_lines, ending_lines
from renkei.care.patients.presenters_person import relative_line
from renkei.care.patients.queries import (
    acts_as_host,
    is_hosted_by,
    present_consent,
    relatives_of,
)
from renkei.care.patients.queries_consent import (
    consents_ending,
    decisions_of,
    file_of_paper,
    paper_of,
    waiting_papers,
)
from renkei.care.patients.reading import record_list_read
from renkei.care.patients.services.consent import (
    record_consent,
    set_paper_aside,
    withdraw_consent,
)
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.common import clock
from renkei.foundation.common.media_types import PDF
from renkei.foundation.papers.responses import file_response

PER_PAGE = 50


@require_safe
@person_page("同意")
def consent_detail(request: ViewerRequest, patient: Patient) -> HttpResponse:
    hosted, may_host = is_hosted_by(request.viewer, patient), acts_as_host(request.viewer, patient)
    today = clock.today()
    context = {
        "head": person_head(request.viewer, patient, current="consent"),
        "lines": consent_lines(decisions_of(patient), on=today, hosted=hosted),
        "relatives": [relative_line(row, hosted=hosted, on=today) for row in relatives_of(patient)],
        "papers": list(waiting_papers(patient)) if may_host else [],
        "may_host": may_host,
    }
    return render(request, "patients/consent_detail.html", context)


@require_http_methods(["GET", "POST"])
@person_page("同意を記録する")
def consent_add(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """A decision of the person; ``?paper=`` names the signed paper it was read from."""
    host_only(request, patient)
    paper = _paper(request, patient)
    form = ConsentForm(
        request.POST if request.method == "POST" else None,
        patient=patient,
        initial=ConsentForm.at_first(request.viewer.name),
    )
    if form.is_valid():
        try:
            record_consent(
                viewer=request.viewer,
                patient=patient,
                values=form.values(),
                organisations=list(form.cleaned_data["organisations"]),
                excluded=list(form.cleaned_data.get("excluded", ())),
                paper=paper,
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "本人の意思を記録しました。")
            return redirect("patients:consent_detail", patient.uid)
    return _form_page(request, patient, form, title="本人の同意を記録する", paper=paper)


@require_http_methods(["GET", "POST"])
@person_page("家族の同意を記録する")
def relative_consent(request: ViewerRequest, patient: Patient, relative_uid: UUID) -> HttpResponse:
    host_only(request, patient)
    relative = _relative(patient, relative_uid)
    paper = _paper(request, patient)
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        initial=DecisionForm.at_first(request.viewer.name),
    )
    if form.is_valid():
        try:
            record_consent(
                viewer=request.viewer,
                patient=patient,
                relative=relative,
                values=form.values(),
                paper=paper,
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "家族の意思を記録しました。")
            return redirect("patients:consent_detail", patient.uid)
    title = "家族の同意を記録する"
    return _form_page(request, patient, form, title=title, paper=paper, relative=relative)


def _form_page(
    request: ViewerRequest,
    patient: Patient,
    form: Any,
    *,
    title: str,
    paper: ConsentPaper | None = None,
    relative: Relative | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "head": person_head(request.viewer, patient, current="consent"),
        "paper": paper,
        "relative": relative,
    }
    status = 422 if form.is_bound else 200
    return render(request, "patients/consent_form.html", context, status=status)


def _relative(patient: Patient, uid: UUID) -> Relative:
    for relative in relatives_of(patient):
        if relative.uid == uid:
            return relative
    raise Http404


def _paper(request: ViewerRequest, patient: Patient) -> ConsentPaper | None:
    text = request.GET.get("paper", "")
    if not text:
        return None
    try:
        paper = paper_of(patient, UUID(text))
    except ValueError:
        raise Http404 from None
    if paper is None:
        raise Http404
    return paper


@require_http_methods(["GET", "POST"])
@person_page("同意の撤回を記録する")
def consent_withdraw(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """The person's consent, or with ``?relative=`` a relative's."""
    host_only(request, patient)
    text = request.GET.get("relative", "")
    try:
        relative = _relative(patient, UUID(text)) if text else None
    except ValueError:
        raise Http404 from None
    consent = present_consent(patient, relative)
    if consent is None:
        raise Http404
    paper = _paper(request, patient)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            withdraw_consent(
                viewer=request.viewer,
                consent=consent,
                reason=form.cleaned_data["reason"],
                paper=paper,
            )
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "撤回を記録しました。ここでの共有を止めました。")
            return redirect("patients:consent_detail", patient.uid)
    title = "同意の撤回を記録する"
    return _form_page(request, patient, form, title=title, paper=paper, relative=relative)


@require_POST
@person_page("同意書を印刷する")
def consent_paper(request: ViewerRequest, patient: Patient, kind: str) -> HttpResponse:
    """A paper to sign: made anew each time, with a number of its own."""
    host_only(request, patient)
    if kind not in PaperKind.values:
        raise Http404
    text = request.POST.get("relative", "")
    try:
        relative = _relative(patient, UUID(text)) if text else None
    except ValueError:
        raise Http404 from None
    content = consent_form_pdf(
        viewer=request.viewer, patient=patient, kind=PaperKind(kind), relative=relative
    )
    # No name of a person in the name of a download.
    return HttpResponse(
        content,
        content_type=PDF,
        headers={
            "Content-Disposition": f'inline; filename="{kind}.pdf"',
            "Cache-Control": "no-store",
        },
    )


@require_safe
@person_page("説明書")
def consent_explanation(request: ViewerRequest, patient: Patient) -> HttpResponse:
    """What is read out before a consent is signed, in the edition the form names."""
    host_only(request, patient)
    return HttpResponse(
        explanation_pdf(patient),
        content_type=PDF,
        headers={
            "Content-Disposition": 'inline; filename="explanation.pdf"',
            "Cache-Control": "no-store",
        },
    )


@require_safe
@person_page("同意書の写し")
def consent_scan(request: ViewerRequest, patient: Patient, paper_uid: UUID) -> HttpResponse:
    host_only(request, patient)
    paper = paper_of(patient, paper_uid)
    stored = file_of_paper(patient, paper.file_uid) if paper else None
    if stored is None:
        raise Http404
    return file_response(stored, inline=True)


@require_POST
@person_page("同意書を片付ける")
def consent_paper_aside(request: ViewerRequest, patient: Patient, paper_uid: UUID) -> HttpResponse:
    host_only(request, patient)
    paper = paper_of(patient, paper_uid)
    if paper is None:
        raise Http404
    set_paper_aside(viewer=request.viewer, paper=paper)
    messages.success(request, "この紙を、記録せずに片付けました。")
    return redirect("patients:consent_detail", patient.uid)


@require_safe
@care_page()
def consent_ending(request: ViewerRequest) -> HttpResponse:
    """What the host has to ask for anew."""
    page = Paginator(consents_ending(request.viewer), PER_PAGE).get_page(request.GET.get("page"))
    lines = ending_lines(list(page), on=clock.today())
    response = render(request, "patients/consent_ending.html", {"page": page, "lines": lines})
    record_list_read(viewer=request.viewer, count=len(lines), searched=False)
    return response
