"""The fire department's desk, and the page behind a card's QR code."""

from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from renkei.care.patients.access import care_page
from renkei.care.patients.forms.emergency import CardForm, PinForm
from renkei.care.patients.models import EmergencyCard, FailedWay, GrantKind
from renkei.care.patients.queries_cards import (
    CareOffice,
    card_shown_to,
    card_with_code,
    care_office_of,
    is_desk_locked,
    is_working,
    open_grants_of,
)
from renkei.care.patients.reading import record_read
from renkei.care.patients.rules_emergency import may_run_the_emergency_desk
from renkei.care.patients.services.cards import Answer, Opening, open_with_card, try_card
from renkei.foundation.accounts.viewers import ViewerRequest

REFUSED = (
    "開けませんでした。コードとPINを確かめて、もう一度入力してください。"
    "5回続けて誤ると、そのカードは15分使えません。"
)
OLD = "この版は古いカードです。新しいカードがあるか、家族か担当の事業所に確かめてください。"
TOO_MANY = "続けて試しすぎました。15分ほど待つか、緊急閲覧を使ってください。"


@never_cache
@sensitive_post_parameters("code", "pin")
@require_http_methods(["GET", "POST"])
@care_page(may_run_the_emergency_desk)
def desk(request: ViewerRequest) -> HttpResponse:
    form = CardForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        opening = open_with_card(viewer=request.viewer, **form.cleaned_data)
        if opening.card is not None:
            return _opened(request, opening.card)
        form.add_error(None, _sentence(opening))
    status = 422 if form.is_bound else 200
    context = {"form": form, "grants": open_grants_of(request.viewer)}
    return render(request, "patients/desk.html", context, status=status)


@never_cache
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "POST"])
def card(request: ViewerRequest, code: str) -> HttpResponse:
    """For whoever scans the card. Without a PIN nothing here depends on whose card it is.

    A revoked or replaced print says that it is old; an unknown code looks like a working one.
    """
    found = card_with_code(code)
    form = PinForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {"form": form, "old": found is not None and not is_working(found)}
    if form.is_valid():
        response = _answer_pin(request, form, code, context)
        if response is not None:
            return response
    elif card_shown_to(request.viewer, found):
        assert found is not None  # noqa: S101 - shown only where there is one
        context["office"] = _contact(request, found)
    context["is_desk"] = may_run_the_emergency_desk(request.viewer)
    status = 422 if form.is_bound and "office" not in context else 200
    return render(request, "patients/card.html", context, status=status)


def _answer_pin(
    request: ViewerRequest, form: PinForm, code: str, context: dict[str, object]
) -> HttpResponse | None:
    """Check the PIN; a desk goes on to the emergency screen, everybody else sees the office."""
    pin = form.cleaned_data["pin"]
    if not ratelimit.consume(request, action="emergency_card"):
        form.add_error("pin", TOO_MANY)
        return None
    if may_run_the_emergency_desk(request.viewer):
        opening = open_with_card(viewer=request.viewer, code=code, pin=pin)
        if opening.card is not None:
            return _opened(request, opening.card)
    elif request.viewer.organisation_id and is_desk_locked(request.viewer, FailedWay.CARD):
        opening = Opening(Answer.TOO_MANY)
    else:
        opening = try_card(viewer=request.viewer, code=code, pin=pin)
        if opening.card is not None:
            context["office"] = _contact(request, opening.card)
            return None
    form.add_error("pin", _sentence(opening))
    return None


@transaction.atomic
def _contact(request: ViewerRequest, found: EmergencyCard) -> CareOffice:
    """The care manager's office; seeing it is a read of the person it belongs to."""
    record_read(
        viewer=request.viewer,
        patient=found.patient,
        what="card_contact",
        via=GrantKind.EMERGENCY_CARD,
    )
    return care_office_of(found.patient)


def _opened(request: ViewerRequest, found: EmergencyCard) -> HttpResponse:
    profile = getattr(found.patient, "emergency_profile", None)
    if profile is not None and profile.updated_at > found.issued_at:
        messages.warning(
            request, "この版は古いカードです。カードを作ったあとに情報が直されました。"
        )
    return redirect("patients:emergency_screen", found.patient.uid)


def _sentence(opening: Opening) -> str:
    if opening.answer == Answer.OLD:
        return OLD
    return TOO_MANY if opening.answer == Answer.TOO_MANY else REFUSED
