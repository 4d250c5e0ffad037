"""How a facility joins: its application in public, and how the 事務局 decides."""

from __future__ import annotations

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from renkei.foundation.accounts.access import fresh_proof, staff_page
from renkei.foundation.accounts.forms.joining import (
    AnswerForm,
    DecisionForm,
    JoiningForm,
    ReceiptForm,
)
from renkei.foundation.accounts.models import ApplicationState, JoiningApplication
from renkei.foundation.accounts.queries_joining import (
    application_with_receipt,
    applications_visible_to,
    notes_of,
)
from renkei.foundation.accounts.rules_joining import may_decide_joining
from renkei.foundation.accounts.services import joining as services
from renkei.foundation.accounts.viewers import ViewerRequest
from renkei.foundation.accounts.views.people import hand_over

PER_PAGE = 50
# The receipt number and address that were proved in this session.
RECEIPT_SESSION_KEY = "renkei_receipt"
TOO_MANY = "続けて送りすぎました。しばらく待ってから、もう一度送ってください。"
UNKNOWN = "この受付番号とメールアドレスの申込みは見つかりません。番号を確かめてください。"


@require_http_methods(["GET", "POST"])
def joining_apply(request: ViewerRequest) -> HttpResponse:
    form = JoiningForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not ratelimit.consume(request, action="joining"):
            form.add_error(None, TOO_MANY)
        else:
            try:
                application = services.apply_to_join(**form.facts())
            except ValidationError as error:
                form.add_service_error(error)
            else:
                _remember(request, application)
                return redirect("accounts:joining_application")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/joining_apply.html", {"form": form}, status=status)


def _remember(request: ViewerRequest, application: JoiningApplication) -> None:
    proved = [application.receipt_number, application.contact_email]
    request.session[RECEIPT_SESSION_KEY] = proved


@never_cache
@require_http_methods(["GET", "POST"])
def joining_status(request: ViewerRequest) -> HttpResponse:
    form = ReceiptForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        data = form.cleaned_data
        if not ratelimit.consume(request, action="joining_status"):
            form.add_error(None, TOO_MANY)
        elif application := application_with_receipt(data["receipt_number"], data["email"]):
            _remember(request, application)
            return redirect("accounts:joining_application")
        else:
            form.add_error(None, UNKNOWN)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/joining_status.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def joining_application(request: ViewerRequest) -> HttpResponse:
    """The applicant's own page, open to who proved receipt number and address."""
    number, email = request.session.get(RECEIPT_SESSION_KEY, ["", ""])
    application = application_with_receipt(number, email)
    if application is None:
        return redirect("accounts:joining_status")
    asked = application.state == ApplicationState.ASKED
    form = AnswerForm(request.POST if request.method == "POST" and asked else None)
    if form.is_valid():
        try:
            services.answer_question(application=application, text=form.cleaned_data["text"])
        except ValidationError as error:
            form.add_service_error(error)
        else:
            messages.success(request, "返事を送りました。")
            return redirect("accounts:joining_application")
    context = {
        "form": form,
        "application": application,
        "notes": notes_of(application),
        "asked": asked,
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/joining_application.html", context, status=status)


@require_safe
@staff_page(may_decide_joining)
def joining_list(request: ViewerRequest) -> HttpResponse:
    applications = applications_visible_to(request.viewer)
    page = Paginator(applications, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/joining_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@staff_page(may_decide_joining)
@fresh_proof
def joining_detail(request: ViewerRequest, application_uid: UUID) -> HttpResponse:
    application = get_object_or_404(applications_visible_to(request.viewer), uid=application_uid)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _decided(request, application, form)
        except ValidationError as error:
            form.add_service_error(error)
    context = {
        "form": form,
        "application": application,
        "notes": notes_of(application),
        "is_open": application.decided_at is None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/joining_detail.html", context, status=status)


def _decided(
    request: ViewerRequest, application: JoiningApplication, form: DecisionForm
) -> HttpResponse:
    actor, data = request.viewer.actor, form.cleaned_data
    if data["act"] == DecisionForm.APPROVE:
        issued = services.approve_application(
            actor=actor, application=application, area=data["area"]
        )
        messages.success(request, f"{application}を承認し、組織を作りました。")
        return hand_over(request, issued)
    if data["act"] == DecisionForm.ASK:
        application = services.ask_back(actor=actor, application=application, text=data["text"])
        done = "確認を送りました。"
    else:
        application = services.refuse_application(
            actor=actor, application=application, reason=data["text"]
        )
        done = "お断りを記録しました。"
    url = request.build_absolute_uri(reverse("accounts:joining_status"))
    if services.mail_applicant(application, url=url):
        messages.success(request, done)
    else:
        messages.warning(
            request,
            f"{done}メールは送れませんでした。{application.phone}に電話で知らせてください。",
        )
    return redirect("accounts:joining_detail", application.uid)
